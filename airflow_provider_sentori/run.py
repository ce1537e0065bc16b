# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A run against Sentori inside of a task: what came of it, or one of Airflow's two kinds of failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException

from .core import redact
from .core.call import Statistics
from .core.errors import InvalidInput, SentoriError
from .core.plan import IN_DOUBT, Outcome
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
        return Failure(sentence_of(error), error.retryable)
    return judge(result) or (result, statistics)


def no_failure(_: object) -> None:
    """Whatever came of it is no failure."""


def failure_of_one(outcome: Outcome) -> Failure | None:
    """Why the one item failed, if it did."""
    return Failure(sentence_of(outcome.error), _may_pass(outcome)) if outcome.error is not None else None


class Tally:
    """Outcomes of many items, as they come: how many there are of each, and why the first ones failed.

    :param items: what they are called in a sentence (``addresses``).
    :param actions: all that an outcome's action can be.
    """

    def __init__(self, items: str, actions: Sequence[str]) -> None:
        self._items = items
        self._counts = dict.fromkeys(actions, 0)
        self._failed = 0
        self._may_pass = False
        self._reasons: list[str] = []
        self.changed = False
        self.added = 0

    def add(self, outcome: Outcome, place: str) -> None:
        """One more, which stands at this ``place`` in the input."""
        self._counts[outcome.action] += 1
        self.changed = self.changed or outcome.changed
        self.added += outcome.added
        if outcome.error is not None:
            self._failed += 1
            self._may_pass = self._may_pass or _may_pass(outcome)
            if self._failed <= MOST_SHOWN:
                self._reasons.append(f"{place} ({redact.digest(outcome.email)}): {outcome.error}")

    @property
    def summary(self) -> dict[str, int]:
        return {"total": sum(self._counts.values()), **self._counts}

    def failure(self) -> Failure | None:
        """How many of the items failed, if any did, and why the first ones, by their places in the input."""
        if not self._failed:
            return None
        reasons = [*self._reasons]
        if self._failed > MOST_SHOWN:
            reasons.append(f"And {self._failed - MOST_SHOWN} more.")
        total, said = self.summary["total"], counted(self._counts)
        sentence = f"{self._failed} of {total} {self._items} failed ({said}). {' '.join(reasons)}"
        return Failure(sentence, self._may_pass)


def counted(summary: Mapping[str, int]) -> str:
    """The counts that are not 0, for a sentence: ``created 3, unchanged 5``."""
    counts = [f"{action} {count}" for action, count in summary.items() if count and action != "total"]
    return ", ".join(counts) or "nothing to do"


def _may_pass(outcome: Outcome) -> bool:
    return outcome.action == IN_DOUBT or (outcome.error is not None and outcome.error.retryable)


def sentence_of(error: SentoriError) -> str:
    """What the error says, with the operators' name for its option.

    An option holds names of fields, which a user may have mistaken for addresses.
    """
    if isinstance(error, InvalidInput) and error.option:
        option = "source" if error.option == "src" else redact.text(error.option)
        return f"{option}: {error.message}"
    return str(error)
