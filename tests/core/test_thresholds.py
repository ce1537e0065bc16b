# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A threshold is one more than may be; without one, what nobody took is at least said."""

from __future__ import annotations

from airflow_provider_sentori.core.runs.thresholds import Thresholds
from hypothesis import given
from hypothesis import strategies as st

COUNTS = st.integers(0, 50)
NOTHING = {"failed": 0, "in_doubt": 0, "rejected": 0, "invalid": 0, "total": 0}


@given(rejected=COUNTS, invalid=COUNTS, others=COUNTS, most=COUNTS)
def test_a_number_holds_for_each_kind_by_itself(rejected: int, invalid: int, others: int, most: int) -> None:
    summary = {**NOTHING, "rejected": rejected, "invalid": invalid, "total": rejected + invalid + others}
    thresholds = Thresholds(max_rejected=most)

    assert (thresholds.broken(summary) is not None) == (max(rejected, invalid) > most)
    assert thresholds.warnings(summary) == []


@given(invalid=COUNTS, others=COUNTS, percent=st.integers(0, 100), min_rows=COUNTS)
def test_a_percentage_holds_once_there_are_enough_rows(invalid: int, others: int, percent: int, min_rows: int) -> None:
    total = invalid + others
    summary = {**NOTHING, "invalid": invalid, "total": total}
    broken = Thresholds(max_rejected_percent=percent, min_rows=min_rows).broken(summary)

    assert (broken is not None) == (total >= min_rows and invalid * 100 > percent * total)


@given(rejected=COUNTS, invalid=COUNTS)
def test_without_a_threshold_any_number_passes_with_a_warning(rejected: int, invalid: int) -> None:
    summary = {**NOTHING, "rejected": rejected, "invalid": invalid, "total": rejected + invalid}

    assert Thresholds().broken(summary) is None
    assert bool(Thresholds().warnings(summary)) == bool(rejected or invalid)
    assert f"Invalid rows: {invalid}." in "".join(Thresholds().warnings(summary)) or not invalid


def test_a_percentage_that_does_not_hold_yet_is_no_threshold() -> None:
    thresholds = Thresholds(max_rejected_percent=5, min_rows=100)
    few, many = ({**NOTHING, "invalid": 1, "total": total} for total in (99, 100))

    assert thresholds.warnings(few) == [
        "Invalid rows: 1. max_rejected_percent does not apply to fewer than 100 rows (min_rows)."
    ]
    assert thresholds.warnings(many) == []


def test_what_failed_or_is_in_doubt_breaks_without_a_threshold() -> None:
    broken = Thresholds().broken({**NOTHING, "failed": 1, "in_doubt": 2, "total": 3})

    assert broken == "Failed rows: 1. Rows in doubt: 2."
