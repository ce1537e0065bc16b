# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A task's work with a hook, and its failure as an exception of Airflow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException

from ..core import redaction
from ..core.errors import InvalidInput, SentoriError
from ..core.http.request import Statistics
from ..core.runs.outcome import Outcome
from ..hooks.sentori import SentoriHook

T = TypeVar("T")

MAX_MESSAGE = 1500


class Failure(NamedTuple):
    """Why a task fails, without an address, whether a retry may help, and whether only the data is at fault."""

    message: str
    retryable: bool
    is_data: bool = False

    def exception(self) -> AirflowException:
        """AirflowException if the task's ``retries`` may help, else AirflowFailException."""
        if self.retryable:
            return AirflowException(f"The run is at fault, and a retry may help. {self.message}")
        data = "The data is at fault, and a retry does not help. " if self.is_data else ""
        return AirflowFailException(f"{data}{self.message}")


def run_task(
    hook: SentoriHook, work: Callable[[SentoriHook], T], judge: Callable[[T], Failure | None]
) -> tuple[T, Statistics]:
    """The result of ``work(hook)``, and its cost, unless ``judge(result)`` is a failure.

    Raises the Failure's exception, outside of the run and of any handler, so that no address is attached to it:
    Airflow prints tracebacks, and some installations print the variables of their frames.
    """
    ended = attempt(hook, work, judge)
    if isinstance(ended, Failure):
        raise ended.exception()
    return ended


def attempt(
    hook: SentoriHook, work: Callable[[SentoriHook], T], judge: Callable[[T], Failure | None]
) -> tuple[T, Statistics] | Failure:
    """The same as ``run_task``, with the failure as a value."""
    try:
        with hook:
            result = work(hook)
            statistics = hook.get_conn().statistics
    except SentoriError as error:
        return Failure(message_of(error), error.retryable)
    return judge(result) or (result, statistics)


def no_failure(_: object) -> None:
    """The judge of work that only fails by an error."""


def failure_of_one(outcome: Outcome) -> Failure | None:
    """Why the one item failed, if it did."""
    return None if outcome.error is None else Failure(message_of(outcome.error), outcome.retryable)


def counted(summary: Mapping[str, int]) -> str:
    """The counts that are not 0, for a message: ``created 3, unchanged 5``."""
    counts = [f"{action} {count}" for action, count in summary.items() if count and action != "total"]
    return ", ".join(counts) or "nothing to do"


def message_of(error: SentoriError) -> str:
    """The message of an error, with the operators' name for its option.

    What a user has given, also as the name of a field, may be an address by mistake.
    """
    if isinstance(error, InvalidInput) and error.option:
        option = "source" if error.option == "src" else redaction.text(error.option)
        return f"{option}: {redaction.text(error.message, MAX_MESSAGE)}"
    return str(error)
