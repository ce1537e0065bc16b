# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A task's work with a hook, and its failure as an exception of Airflow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException

from ..core import redaction
from ..core.errors import InvalidInput, SentoriError
from ..core.http.request import Statistics
from ..core.runs.outcome import Outcome
from ..core.runs.result import RunResult
from ..hooks.sentori import SentoriHook

T = TypeVar("T")

MAX_MESSAGE = 1500
MAX_REASONS = 5


class Failure(NamedTuple):
    """Why a task fails, without an address, and whether a retry may help."""

    message: str
    retryable: bool

    def exception(self) -> AirflowException:
        """AirflowException if the task's ``retries`` may help, else AirflowFailException."""
        return AirflowException(self.message) if self.retryable else AirflowFailException(self.message)


def run_task(
    sentori_conn_id: str, work: Callable[[SentoriHook], T], judge: Callable[[T], Failure | None]
) -> tuple[T, Statistics]:
    """The result of ``work(hook)``, and its cost, unless ``judge(result)`` is a failure.

    Raises the Failure's exception, outside of the run and of any handler, so that no address is attached to it:
    Airflow prints tracebacks, and some installations print the variables of their frames.
    """
    ended = attempt(sentori_conn_id, work, judge)
    if isinstance(ended, Failure):
        raise ended.exception()
    return ended


def attempt(
    sentori_conn_id: str, work: Callable[[SentoriHook], T], judge: Callable[[T], Failure | None]
) -> tuple[T, Statistics] | Failure:
    """The same as ``run_task``, with the failure as a value."""
    try:
        with SentoriHook(sentori_conn_id) as hook:
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


class Tally:
    """Outcomes as they come.

    :param items: the name of the items in a message (``addresses``).
    :param actions: all actions that an outcome can have.
    """

    def __init__(self, items: str, actions: Sequence[str]) -> None:
        self._items = items
        self._failed = 0
        self._reasons: list[str] = []
        self.result = RunResult(actions)

    def add(self, outcome: Outcome, place: str) -> None:
        """Add the outcome of the item at this ``place`` of the input."""
        self.result.add([outcome])
        if outcome.error is not None:
            self._failed += 1
            if self._failed <= MAX_REASONS:
                self._reasons.append(f"{place} ({redaction.digest(outcome.email)}): {outcome.reason}")

    @property
    def summary(self) -> dict[str, int]:
        return self.result.summary

    def failure(self) -> Failure | None:
        """How many items failed, if any did, and why the first ones, by their places in the input."""
        if not self._failed:
            return None
        reasons = [*self._reasons]
        if self._failed > MAX_REASONS:
            reasons.append(f"And {self._failed - MAX_REASONS} more.")
        total, counts = self.summary["total"], counted(self.summary)
        message = f"{self._failed} of {total} {self._items} failed ({counts}). {' '.join(reasons)}"
        return Failure(message, self.result.retryable)
