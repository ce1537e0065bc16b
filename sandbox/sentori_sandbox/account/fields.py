# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The contact fields of an account: names, order, types, and conversion of values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ..assumptions import Assumptions
from ..errors import SentoriError

Value: TypeAlias = str | bool | int | float | None
Document: TypeAlias = dict[str, Value]

# In the order of the example response (page api-contacts, "Get a Contact").
ANSWER_ORDER = (
    "IsSuppressed",
    "IsBadEmailAddress",
    "SystemID",
    "CRMID",
    "Title",
    "FirstName",
    "LastName",
    "KnownAs",
    "EmailAddress",
    "CompanyName",
    "PhoneNumber",
    "MobilePhoneNumber",
    "CreatedSourceValue",
    "CreatedIPAddress",
    "CreatedHttpReferrerUrl",
    "CreatedTimestamp",
    "ModifiedTimestamp",
    "IsConfirmed",
    "IsBadMobilePhoneNumber",
)
# In the order of the same page's "Get Contact Structure".
BUILT_IN: Mapping[str, Value] = {
    "IsBadEmailAddress": False,
    "CRMID": "string",
    "Title": "string",
    "FirstName": "string",
    "LastName": "string",
    "KnownAs": "string",
    "EmailAddress": "string",
    "CompanyName": "string",
    "PhoneNumber": "string",
    "MobilePhoneNumber": "string",
    "IsBadMobilePhoneNumber": False,
}
READ_ONLY = frozenset(ANSWER_ORDER) - BUILT_IN.keys()

_LONG_TEXT = 255
_TRUE_FALSE = {"true": True, "1": True, "false": False, "0": False}


class Structure:
    """The importable fields of an account: built-in fields, then custom ones.

    Args:
        examples: field name -> example value, as ``contact/getstructure`` shows it: a string for
            text, ``False`` for a boolean, ``0`` for a number. Built-in fields can be left out:
            each account has them.
    """

    def __init__(self, examples: Mapping[str, Value]) -> None:
        if clash := READ_ONLY & examples.keys():
            raise ValueError(f"structure: these fields are read-only: {sorted(clash)}")
        self.examples: dict[str, Value] = {**BUILT_IN, **examples}
        custom = [name for name in self.examples if name not in BUILT_IN]
        self._order = (*ANSWER_ORDER, *custom)
        self._any_case = {name.lower(): name for name in (*self.examples, *READ_ONLY)}

    def __iter__(self) -> Iterator[str]:
        return iter(self.examples)

    def resolve(self, name: str, assumptions: Assumptions) -> str | None:
        """Return the name of the field that ``name`` means.

        Returns: None for a read-only field that is ignored.

        Raises:
            SentoriError: 103, for an unknown or read-only field.
        """
        if assumptions.holds("field-names", "any-case"):
            name = self._any_case.get(name.lower(), name)
        if name in self.examples:
            return name
        if name in READ_ONLY and assumptions.decide("read-only-fields") == "ignored":
            return None
        raise SentoriError(103)

    def blank(self, name: str) -> Value:
        """Return the value of a blank field: null, or false for a boolean field."""
        return False if isinstance(self.examples[name], bool) else None

    def blank_document(self) -> Document:
        return {name: self.blank(name) for name in self.examples}

    def accept(self, name: str, value: object, assumptions: Assumptions) -> Value:
        """Return ``value`` as field ``name`` stores it.

        Raises:
            SentoriError: 103, for a value that the field does not accept.
        """
        example = self.examples[name]
        if isinstance(example, str):
            # Almost every value of an import is a short text: return early, for speed.
            if isinstance(value, str) and len(value) <= _LONG_TEXT:
                return value
            return _as_text(value, assumptions)
        if isinstance(example, bool):
            return _as_boolean(value, assumptions)
        return _as_number(value, assumptions)

    def as_json(self, system_id: int, suppressed: bool, document: Document) -> dict[str, Any]:
        """Return a contact as ``contact/get`` shows it."""
        full = {"SystemID": system_id, "IsSuppressed": suppressed, **document}
        return {name: full.get(name) for name in self._order}


def from_text(example: Value, text: str) -> Value:
    """Convert an XML value to its field's type; return text that does not fit unchanged."""
    if isinstance(example, bool):
        return _TRUE_FALSE.get(text.strip().lower(), text)
    if isinstance(example, (int, float)):
        return _number_in(text, text)
    return text


def _as_boolean(value: object, assumptions: Assumptions) -> bool:
    if isinstance(value, bool):
        return value
    if assumptions.holds("field-values", "lenient"):
        known = _TRUE_FALSE.get(str(value).strip().lower())
        if known is not None:
            return known
    raise SentoriError(103)


def _as_text(value: object, assumptions: Assumptions) -> str:
    if isinstance(value, (int, float)) and assumptions.holds("field-values", "lenient"):
        value = str(value)
    if not isinstance(value, str):
        raise SentoriError(103)
    if len(value) > _LONG_TEXT and assumptions.decide("long-text") == "truncated":
        return value[:_LONG_TEXT]
    return value


def _as_number(value: object, assumptions: Assumptions) -> int | float:
    if isinstance(value, str) and assumptions.holds("field-values", "lenient"):
        value = _number_in(value, None)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise SentoriError(103)


def _number_in(text: str, otherwise: str | None) -> int | float | str | None:
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return otherwise
