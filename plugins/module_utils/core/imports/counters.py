# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Sentori's counters of one import request. Source: API Contact Endpoints, Import Contacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..runs.outcome import BAD_EMAIL_UPDATED, CREATED, REJECTED, SUPPRESSED_UPDATED, UPDATED

ACTION_OF_COUNTER = {
    "EmailableRowsCreated": CREATED,
    "EmailableRowsUpdated": UPDATED,
    "SuppressedUpdated": SUPPRESSED_UPDATED,
    "BadEmailUpdated": BAD_EMAIL_UPDATED,
    "ExcludedDuplicates": REJECTED,
    "ExcludedInvalidEmail": REJECTED,
    "ExcludedRoleBased": REJECTED,
}


@dataclass(frozen=True)
class Counters:
    """The counters of a request with ``rows`` rows; ``counts``: counter -> rows."""

    rows: int
    total: int
    counts: Mapping[str, int]

    @property
    def adds_up(self) -> bool:
        """Whether every row was counted exactly once."""
        return self.total == self.rows == sum(self.counts.values()) and min(self.counts.values()) >= 0

    @property
    def all_accepted(self) -> bool:
        """Whether Sentori counted every row of the request as created or updated."""
        return self.adds_up and not self.actions[REJECTED]

    @property
    def all(self) -> dict[str, int]:
        """TotalRows and the counters, as Sentori returned them; a counter that is missing or malformed is left out."""
        counts = {"TotalRows": self.total, **self.counts}
        return {counter: count for counter, count in counts.items() if count >= 0}

    @property
    def actions(self) -> Counter[str]:
        """The counters by the outcome they mean."""
        found: Counter[str] = Counter()
        for counter, action in ACTION_OF_COUNTER.items():
            found[action] += self.counts[counter]
        return +found

    @property
    def met(self) -> list[str]:
        """The counters that are not 0."""
        return [counter for counter in ACTION_OF_COUNTER if self.counts[counter]]

    @property
    def warning(self) -> str:
        """The sentence for counters that do not add up."""
        return (
            f"Sentori's counters do not add up: {self.rows} rows were sent, TotalRows is {self.total},"
            f" and the other counters add up to {sum(self.counts.values())}."
        )


def counters_of(response: Mapping[str, Any], rows: int) -> Counters:
    """The counters in the response to a request with so many rows."""
    counts = {counter: _count(response.get(counter)) for counter in ACTION_OF_COUNTER}
    return Counters(rows, _count(response.get("TotalRows")), counts)


def _count(given: Any) -> int:
    """A counter. The vendor's page shows integers; anything else is -1 here, which never adds up."""
    return given if isinstance(given, int) and not isinstance(given, bool) and given >= 0 else -1
