# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""How many rows of an import may be refused before the run fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import InvalidInput
from .import_plan import INVALID, REJECTED
from .plan import FAILED, IN_DOUBT

_BROKEN = {FAILED: "Rows that failed", IN_DOUBT: "Rows in doubt"}
_REFUSED = {REJECTED: "Rows that Sentori rejected", INVALID: "Invalid rows"}


@dataclass(frozen=True)
class Thresholds:
    """``max_rejected``: how many rows Sentori may reject, and apart from them how many may be invalid;
    ``max_rejected_percent``: the same of all rows, once there are ``min_rows``. Without either, any number may be.

    Raises InvalidInput for one that cannot be.
    """

    max_rejected: int | None = None
    max_rejected_percent: float | None = None
    min_rows: int = 0

    def __post_init__(self) -> None:
        for option, value in (("max_rejected", self.max_rejected), ("min_rows", self.min_rows)):
            if value is not None and value < 0:
                raise InvalidInput("a number of at least 0 is needed.", option=option)
        if self.min_rows and self.max_rejected_percent is None:
            raise InvalidInput("goes with max_rejected_percent only.", option="min_rows")
        if self.max_rejected_percent is not None and not 0 <= self.max_rejected_percent <= 100:
            raise InvalidInput("a number from 0 to 100 is needed.", option="max_rejected_percent")

    def broken(self, summary: Mapping[str, int]) -> str | None:
        """The sentence with which the run fails, or None. Rows that failed or are in doubt fail it in any case."""
        most, percent, total = self.max_rejected, self.max_rejected_percent, summary["total"]
        broken = [f"{said}: {summary[action]}" for action, said in _BROKEN.items() if summary[action]]
        for action, said in _REFUSED.items():
            count = summary[action]
            if most is not None and count > most:
                broken.append(f"{said}: {count}, and at the most {most} may be (max_rejected)")
            if percent is not None and total >= self.min_rows and count * 100 > percent * total:
                at_the_most = f"{percent:g} % may be (max_rejected_percent)"
                broken.append(f"{said}: {count} of {total}, and at the most {at_the_most}")
        return ". ".join(broken) + "." if broken else None

    def warnings(self, summary: Mapping[str, int]) -> list[str]:
        """Which rows nobody took, where no threshold holds that they could break."""
        refused = [f"{said}: {summary[action]}." for action, said in _REFUSED.items() if summary[action]]
        a_percentage_holds = self.max_rejected_percent is not None and summary["total"] >= self.min_rows
        if not refused or self.max_rejected is not None or a_percentage_holds:
            return []
        advice = "Set max_rejected or max_rejected_percent, and such a run fails."
        if self.max_rejected_percent is not None:
            advice = f"That fails no run of less than {self.min_rows} rows (min_rows)."
        return [f"{' '.join(refused)} {advice}"]
