# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contact fields: types, blanks, and when two values are the same."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from airflow_provider_sentori.core import fields
from airflow_provider_sentori.core.errors import InvalidInput
from hypothesis import given
from hypothesis import strategies as st

STRUCTURE: dict[str, Any] = {"FirstName": "string", "IsMember": False, "LoyaltyPoints": 0}

ACCEPTED = [
    ("FirstName", "Joe", "Joe"),
    ("FirstName", 42, "42"),
    ("FirstName", 1.5, "1.5"),
    ("FirstName", None, ""),
    ("FirstName", datetime.date(2026, 3, 1), "2026-03-01"),
    ("IsMember", True, True),
    ("IsMember", "Yes", True),
    ("IsMember", "off", False),
    ("IsMember", 1, True),
    ("IsMember", "0", False),
    ("LoyaltyPoints", 12, 12),
    ("LoyaltyPoints", " 12 ", 12),
    ("LoyaltyPoints", "12.5", 12.5),
    ("LoyaltyPoints", "", None),
]


@pytest.mark.parametrize(("name", "value", "wanted"), ACCEPTED)
def test_a_value_is_sent_in_the_type_of_its_field(name: str, value: Any, wanted: Any) -> None:
    current: dict[str, Any] = {"FirstName": "x", "IsMember": not wanted, "LoyaltyPoints": -1}
    given_fields = fields.checked_fields({name: value}, "fields")
    for structure in (None, STRUCTURE):
        found = fields.differences(given_fields, current, structure, "fields")
        assert found == {name: wanted} and type(found[name]) is type(wanted)


REFUSED = [
    ("FirstName", True, "text, and a boolean was given"),
    ("FirstName", ["Joe"], "a single value is needed, and type list was given"),
    ("FirstName", {"a": 1}, "a single value is needed, and type dict was given"),
    ("FirstName", float("nan"), "not finite"),
    ("IsMember", "perhaps", "true or false is needed"),
    ("IsMember", 2, "true or false is needed"),
    ("IsMember", None, "true or false is needed"),
    ("LoyaltyPoints", "twelve", "is a number"),
    ("LoyaltyPoints", True, "is a number"),
    ("LoyaltyPoints", "1_000", "is a number"),
    ("ModifiedTimestamp", "2026-01-01T00:00:00", "read-only"),
    ("Nickname", "Jo", "no field named"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), REFUSED)
def test_a_value_that_does_not_fit_its_field_is_refused_by_name(name: str, value: Any, sentence: str) -> None:
    current: dict[str, Any] = {"FirstName": "x", "IsMember": True, "LoyaltyPoints": 1, "ModifiedTimestamp": "2025"}
    with pytest.raises(InvalidInput, match=sentence) as refused:
        fields.differences(fields.checked_fields({name: value}, "fields"), current, STRUCTURE, "fields")
    assert refused.value.option == f"fields.{name}"


@pytest.mark.parametrize("names", ["FirstName", ["FirstName"], None])
def test_fields_that_are_not_a_mapping_are_refused(names: Any) -> None:
    with pytest.raises(InvalidInput, match="a mapping of field names"):
        fields.checked_fields(names, "fields")


@pytest.mark.parametrize("blank", [None, ""])
def test_blank_equals_blank_in_a_field_of_any_type(blank: Any) -> None:
    current: dict[str, Any] = {"FirstName": None, "IsMember": None, "LoyaltyPoints": None}
    desired = fields.checked_fields(dict.fromkeys(current, blank), "fields")
    assert fields.differences(desired, current, STRUCTURE, "fields") == {}


scalars = st.one_of(st.none(), st.text(max_size=5), st.integers(), st.booleans())


@given(scalars, scalars)
def test_same_is_reflexive_and_symmetric(one: Any, other: Any) -> None:
    assert fields.same(one, other) == fields.same(other, one)
    assert fields.same(one, one)


@given(st.one_of(st.text(), st.integers(), st.none()))
def test_a_sent_value_does_not_differ_once_it_is_stored(value: Any) -> None:
    current: dict[str, Any] = {"FirstName": "before"}
    desired = fields.checked_fields({"FirstName": value}, "fields")
    sent = fields.differences(desired, current, None, "fields")
    assert fields.differences(desired, {**current, **sent}, None, "fields") == {}
