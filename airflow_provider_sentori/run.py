# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A run against Sentori inside of a task: its outcome, or one of Airflow's two kinds of failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException

from .core import redact
from .core.call import Statistics
from .core.errors import InvalidInput, SentoriError
from .core.plan import IN_DOUBT, Outcome
from .hooks.sentori import SentoriHook

if TYPE_CHECKING:
    from .core.api import SentoriApi


def run(sentori_conn_id: str, work: Callable[[SentoriApi], Outcome]) -> tuple[Outcome, Statistics]:
    """The outcome of ``work(api)``, and what it has cost.

    Raises AirflowException where the task's ``retries`` may help, AirflowFailException where they cannot. It is
    raised outside of the run and of any handler, so that no address hangs on it: Airflow prints tracebacks, and
    some installations the frames' variables.
    """
    ended = _ended(sentori_conn_id, work)
    if isinstance(ended, AirflowException):
        raise ended
    return ended


def _ended(
    sentori_conn_id: str, work: Callable[[SentoriApi], Outcome]
) -> tuple[Outcome, Statistics] | AirflowException:
    try:
        with SentoriHook(sentori_conn_id) as hook:
            api = hook.get_conn()
            outcome = work(api)
            statistics = api.statistics
    except SentoriError as error:
        return _failure(error, may_pass=error.retryable)
    if outcome.error is not None:
        return _failure(outcome.error, may_pass=outcome.error.retryable or outcome.action == IN_DOUBT)
    return outcome, statistics


def _failure(error: SentoriError, *, may_pass: bool) -> AirflowException:
    kind = AirflowException if may_pass else AirflowFailException
    return kind(_sentence(error))


def _sentence(error: SentoriError) -> str:
    """What the error says; an option holds names of fields, which a user may have mistaken for addresses."""
    if isinstance(error, InvalidInput) and error.option:
        return f"{redact.text(error.option)}: {error.message}"
    return str(error)
