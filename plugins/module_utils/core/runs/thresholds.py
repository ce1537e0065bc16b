# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""How many rows may be refused before the task fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import InvalidInput
from .outcome import FAILED, IN_DOUBT, INVALID, REJECTED

_ALWAYS = {FAILED: "Failed rows", IN_DOUBT: "Rows in doubt"}
_REFUSED = {REJECTED: "Rows rejected by Sentori", INVALID: "Invalid rows"}


@dataclass(frozen=True)
class Thresholds:
    """``max_rejected``: how many rows Sentori may reject, and apart from them how many may be invalid;
    ``max_rejected_percent``: the same as a percentage of all rows, if there are ``min_rows``. Without either there is
    no limit.

    Raises InvalidInput for a value that is impossible.
    """

    max_rejected: int | None = None
    max_rejected_percent: float | None = None
    min_rows: int = 0

    def __post_init__(self) -> None:
        for option, value in (("max_rejected", self.max_rejected), ("min_rows", self.min_rows)):
            if value is not None and value < 0:
                raise InvalidInput(f"{value} is below 0.", option=option)
        if self.min_rows and self.max_rejected_percent is None:
            raise InvalidInput("can only be used with max_rejected_percent.", option="min_rows")
        if self.max_rejected_percent is not None and not 0 <= self.max_rejected_percent <= 100:
            raise InvalidInput(
                f"{self.max_rejected_percent:g} is not between 0 and 100.", option="max_rejected_percent"
            )

    def broken(self, summary: Mapping[str, int]) -> str | None:
        """The sentence with which the task fails, or None. Rows that failed or are in doubt always fail it."""
        most, percent, total = self.max_rejected, self.max_rejected_percent, summary["total"]
        broken = [f"{rows}: {summary[action]}" for action, rows in _ALWAYS.items() if summary[action]]
        for action, rows in _REFUSED.items():
            count = summary[action]
            if most is not None and count > most:
                broken.append(f"{rows}: {count}; the limit is {most} (max_rejected)")
            if percent is not None and total >= self.min_rows and count * 100 > percent * total:
                limit = f"the limit is {percent:g} % (max_rejected_percent)"
                broken.append(f"{rows}: {count} of {total}; {limit}")
        return ". ".join(broken) + "." if broken else None

    def warnings(self, summary: Mapping[str, int]) -> list[str]:
        """Which rows were refused, if no threshold could fail the task because of them."""
        refused = [f"{rows}: {summary[action]}." for action, rows in _REFUSED.items() if summary[action]]
        a_percentage_applies = self.max_rejected_percent is not None and summary["total"] >= self.min_rows
        if not refused or self.max_rejected is not None or a_percentage_applies:
            return []
        advice = "Set max_rejected or max_rejected_percent to let such a run fail."
        if self.max_rejected_percent is not None:
            advice = f"max_rejected_percent does not apply to fewer than {self.min_rows} rows (min_rows)."
        return [f"{' '.join(refused)} {advice}"]
