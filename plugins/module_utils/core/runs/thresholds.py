# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""When a run fails after everything is done: rows that failed, or too many that were refused."""

from __future__ import annotations

from .limits import Limit, parse
from .outcome import FAILED, IN_DOUBT, INVALID, REJECTED, Outcome
from .result import RunResult

OPTION = "max_rejected"
MAX_REASONS = 3

_REASONED = (FAILED, IN_DOUBT, REJECTED, INVALID)


class Thresholds:
    """``max_rejected``: how many rows may be invalid or rejected, as a number or as a percentage of all rows (``1%``).

    Raises InvalidInput, naming the option, for anything else.
    """

    def __init__(self, max_rejected: object = 0) -> None:
        self.max_rejected: Limit = parse(max_rejected, OPTION)

    def allow(self, refused: int, total: int) -> bool:
        """Whether so many refused rows, of so many rows, are within the limit."""
        return refused <= self.max_rejected.of(total)

    def failure(self, result: RunResult) -> str | None:
        """The message with which the task fails, or None: the counts, and the first reasons with their places."""
        summary = result.summary
        refused, total = result.counts[INVALID] + result.counts[REJECTED], summary["total"]
        broken = []
        if result.counts[FAILED]:
            broken.append(f"Failed rows: {result.counts[FAILED]} of {total}.")
        if result.counts[IN_DOUBT]:
            broken.append(f"Rows in doubt: {result.counts[IN_DOUBT]} of {total}.")
        if not self.allow(refused, total):
            counts = f"Invalid or rejected rows: {refused} of {total}"
            broken.append(f"{counts}; the limit is {self.max_rejected} ({OPTION}).")
        return " ".join([*broken, *reasons(result)]) if broken else None


def reasons(result: RunResult) -> list[str]:
    """The first problems of a run, each with its place, those first that always fail a run."""
    shown = [_reason(one) for one in result.problems if one.action in _REASONED][:MAX_REASONS]
    more = sum(result.counts[action] for action in _REASONED) - len(shown)
    return [*shown, *([f"And {more} more."] if more else [])]


def _reason(one: Outcome) -> str:
    """The reason of a row, with its place unless the reason names it."""
    return one.reason if one.reason.startswith(one.place) else f"{one.place}: {one.reason}"
