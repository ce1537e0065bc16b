# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many addresses at once are what each of them is alone."""

from __future__ import annotations

from typing import Any

from airflow_provider_sentori.core.addresses import all_comparable, checked_address, comparable, to_check
from airflow_provider_sentori.core.errors import InvalidInput
from hypothesis import example, given
from hypothesis import strategies as st

MANY = [f"person{number}@example.com" for number in range(1_200)]
texts = st.emails() | st.text(st.sampled_from("aB@. \t\n\x1cé\u200b"), max_size=8)
odd = st.sampled_from(["", "a@b", " a@example.com", "a@example.com\n", "é@example.com", None, 7, b"a@example.com"])


@example([" Ann@Example.com\n"])
@example(["a@example.com", "", "B@example.com"])
@given(st.lists(texts))
def test_addresses_are_compared_together_as_each_alone(emails: list[str]) -> None:
    assert all_comparable(emails) == [comparable(email) for email in emails]


@given(st.dictionaries(st.integers(0, len(MANY) - 1), odd, max_size=4))
def test_each_value_that_is_not_a_plain_address_is_looked_at_alone(placed: dict[int, Any]) -> None:
    emails: list[Any] = [placed.get(at, email) for at, email in enumerate(MANY)]
    assert to_check(emails) == sorted(placed)


@given(st.lists(texts))
def test_what_is_not_looked_at_alone_is_an_address_that_stays_as_it_is(emails: list[str]) -> None:
    for at in set(range(len(emails))) - set(to_check(emails)):
        try:
            assert checked_address(emails[at], "email") == emails[at]
        except InvalidInput as refusal:
            raise AssertionError(emails[at]) from refusal
