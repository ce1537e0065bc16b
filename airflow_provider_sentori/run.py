# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A run against Sentori inside of a task: what came of it, or one of Airflow's two kinds of failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException

from .core import redact
from .core.call import Statistics
from .core.errors import InvalidInput, SentoriError
from .core.plan import IN_DOUBT, OF_SUBSCRIPTIONS, Outcome, summary
from .hooks.sentori import SentoriHook

T = TypeVar("T")

MOST_SHOWN = 5


class Failure(NamedTuple):
    """Why a task fails, without an address, and whether trying again may help."""

    sentence: str
    may_pass: bool

    def exception(self) -> AirflowException:
        """AirflowException where the task's ``retries`` may help, AirflowFailException where they cannot."""
        return AirflowException(self.sentence) if self.may_pass else AirflowFailException(self.sentence)


def run(
    sentori_conn_id: str, work: Callable[[SentoriHook], T], judge: Callable[[T], Failure | None]
) -> tuple[T, Statistics]:
    """The result of ``work(hook)``, and what it has cost, unless ``judge(result)`` is a failure.

    Raises the Failure's exception, outside of the run and of any handler, so that no address hangs on it: Airflow
    prints tracebacks, and some installations the frames' variables.
    """
    ended = attempt(sentori_conn_id, work, judge)
    if isinstance(ended, Failure):
        raise ended.exception()
    return ended


def attempt(
    sentori_conn_id: str, work: Callable[[SentoriHook], T], judge: Callable[[T], Failure | None]
) -> tuple[T, Statistics] | Failure:
    """As ``run``, with the failure as a value."""
    try:
        with SentoriHook(sentori_conn_id) as hook:
            result = work(hook)
            statistics = hook.get_conn().statistics
    except SentoriError as error:
        return Failure(_sentence(error), error.retryable)
    return judge(result) or (result, statistics)


def no_failure(_: object) -> None:
    """Whatever came of it is no failure."""


def failure_of_one(outcome: Outcome) -> Failure | None:
    """Why the one item failed, if it did."""
    return Failure(_sentence(outcome.error), _may_pass(outcome)) if outcome.error is not None else None


def failure_of_many(outcomes: Sequence[Outcome], places: Sequence[str]) -> Failure | None:
    """How many of the addresses failed, and why the first ones did, by their ``places`` in the input.

    Who has no place there was to be taken off the list by ``exact``.
    """
    failed = [(position, outcome) for position, outcome in enumerate(outcomes) if outcome.error is not None]
    if not failed:
        return None
    actions = summary(outcomes, OF_SUBSCRIPTIONS)
    counts = ", ".join(f"{action} {count}" for action, count in actions.items() if count and action != "total")
    reasons = [
        f"{places[position] if position < len(places) else 'another subscriber'}"
        f" ({redact.digest(outcome.email)}): {outcome.error}"
        for position, outcome in failed[:MOST_SHOWN]
    ]
    if len(failed) > MOST_SHOWN:
        reasons.append(f"And {len(failed) - MOST_SHOWN} more.")
    sentence = f"{len(failed)} of {len(outcomes)} addresses failed ({counts}). {' '.join(reasons)}"
    return Failure(sentence, any(_may_pass(outcome) for _, outcome in failed))


def _may_pass(outcome: Outcome) -> bool:
    return outcome.action == IN_DOUBT or (outcome.error is not None and outcome.error.retryable)


def _sentence(error: SentoriError) -> str:
    """What the error says; an option holds names of fields, which a user may have mistaken for addresses."""
    if isinstance(error, InvalidInput) and error.option:
        return f"{redact.text(error.option)}: {error.message}"
    return str(error)
