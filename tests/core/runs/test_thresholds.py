# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""When a run fails although everything was done: rows that failed, and too many invalid or rejected rows."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.runs.outcome import OF_IMPORTS, Outcome
from airflow_provider_sentori.core.runs.result import MAX_PROBLEMS, RunResult
from airflow_provider_sentori.core.runs.thresholds import Thresholds
from hypothesis import given
from hypothesis import strategies as st

COUNTS = st.integers(0, 60)


def result_of(**counts: int) -> RunResult:
    result = RunResult(OF_IMPORTS)
    actions = [action for action, count in counts.items() for _ in range(count)]
    for at, action in enumerate(actions, 1):
        result.add([Outcome("mary@example.com", action, f"row {at}", f"It is {action}.")])
    return result


@given(rejected=COUNTS, invalid=COUNTS, others=COUNTS, most=COUNTS)
def test_invalid_and_rejected_rows_share_one_limit(rejected: int, invalid: int, others: int, most: int) -> None:
    result = result_of(created=others, rejected=rejected, invalid=invalid)
    assert (Thresholds(most).failure(result) is not None) == (rejected + invalid > most)
    assert (Thresholds(str(most)).failure(result) is not None) == (rejected + invalid > most)


@given(invalid=COUNTS, others=COUNTS, percent=st.integers(0, 100))
def test_a_percentage_is_of_all_rows(invalid: int, others: int, percent: int) -> None:
    result = result_of(created=others, invalid=invalid)
    failure = Thresholds(f"{percent}%").failure(result)
    assert (failure is not None) == (invalid * 100 > percent * (invalid + others))


def test_without_a_limit_one_invalid_row_fails_the_run() -> None:
    assert Thresholds().failure(result_of(created=5, duplicate=5)) is None
    assert Thresholds().failure(result_of(created=5, invalid=1)) == (
        "Invalid or rejected rows: 1 of 6; the limit is 0 (max_rejected). row 6: It is invalid."
    )


def test_failed_rows_fail_a_run_in_any_case_and_are_named_first() -> None:
    failure = Thresholds("100%").failure(result_of(duplicate=150, rejected=2, failed=1, in_doubt=2))
    assert failure == (
        "Failed rows: 1 of 155. Rows in doubt: 2 of 155."
        " row 153: It is failed. row 154: It is in_doubt. row 155: It is in_doubt. And 2 more."
    )


@given(counts=st.dictionaries(st.sampled_from([*OF_IMPORTS]), st.integers(0, 120)))
def test_the_problems_of_a_result_are_bounded_and_the_worst_come_first(counts: dict[str, int]) -> None:
    order = ["failed", "in_doubt", "rejected", "invalid", "not_mailable", "left", "duplicate"]
    shown = [outcome.action for outcome in result_of(**counts).problems]
    assert shown == sorted(shown, key=order.index)
    assert len(shown) == min(MAX_PROBLEMS, sum(counts.get(action, 0) for action in order))


@pytest.mark.parametrize("limit", [None, -1, "-1", "many", "101%", "", True, 1.5, "1,5%"])
def test_a_limit_that_is_neither_a_number_nor_a_percentage_is_refused(limit: Any) -> None:
    with pytest.raises(InvalidInput, match=r"^max_rejected: .* is neither a number, such as 10, nor a percentage"):
        Thresholds(limit)
