# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The Contact Fields of an account: their names, order and types, and what a value becomes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from .assumptions import Assumptions
from .errors import SentoriError

Value: TypeAlias = str | bool | int | float | None
Document: TypeAlias = dict[str, Value]

# In the order of the example answer (page api-contacts, "Get a Contact").
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
    """What can be imported into an account: built-in fields, then its own.

    Args:
        examples: field name -> example value, as ``contact/getstructure`` shows it: a text for
            text, ``False`` for true or false, ``0`` for a number. Built-in fields need not be
            given: no account can be without them.
    """

    def __init__(self, examples: Mapping[str, Value]) -> None:
        if clash := READ_ONLY & examples.keys():
            raise ValueError(f"read-only fields cannot be in a structure: {sorted(clash)}")
        self.examples: dict[str, Value] = {**BUILT_IN, **examples}
        custom = [name for name in self.examples if name not in BUILT_IN]
        self._order = (*ANSWER_ORDER, *custom)
        self._any_case = {name.lower(): name for name in (*self.examples, *READ_ONLY)}

    def __iter__(self) -> Iterator[str]:
        return iter(self.examples)

    def resolve(self, name: str, world: Assumptions) -> str | None:
        """The field that ``name`` means.

        Returns: None for a read-only field that is to be left out.

        Raises:
            SentoriError: 103, for a field that does not exist or cannot be written.
        """
        if world.holds("field-names", "any-case"):
            name = self._any_case.get(name.lower(), name)
        if name in self.examples:
            return name
        if name in READ_ONLY and world.decide("read-only-fields") == "ignored":
            return None
        raise SentoriError(103)

    def blank(self, name: str) -> Value:
        """What a blank field holds: null, but false where only true or false can be."""
        return False if isinstance(self.examples[name], bool) else None

    def blank_document(self) -> Document:
        return {name: self.blank(name) for name in self.examples}

    def accept(self, name: str, value: object, world: Assumptions) -> Value:
        """``value`` as field ``name`` stores it.

        Raises:
            SentoriError: 103, for a value that this field cannot hold.
        """
        example = self.examples[name]
        if isinstance(example, str):
            # Almost every value of an import is such a one: it goes the short way.
            if isinstance(value, str) and len(value) <= _LONG_TEXT:
                return value
            return _as_text(value, world)
        if isinstance(example, bool):
            return _as_boolean(value, world)
        return _as_number(value, world)

    def answer(self, system_id: int, suppressed: bool, document: Document) -> dict[str, Any]:
        """A contact as ``contact/get`` returns it."""
        full = {"SystemID": system_id, "IsSuppressed": suppressed, **document}
        return {name: full.get(name) for name in self._order}


def from_text(example: Value, text: str) -> Value:
    """An XML value in the type of its field; text that does not fit is left for ``accept``."""
    if isinstance(example, bool):
        return _TRUE_FALSE.get(text.strip().lower(), text)
    if isinstance(example, (int, float)):
        return _number_in(text, text)
    return text


def _as_boolean(value: object, world: Assumptions) -> bool:
    if isinstance(value, bool):
        return value
    if world.holds("field-values", "lenient"):
        known = _TRUE_FALSE.get(str(value).strip().lower())
        if known is not None:
            return known
    raise SentoriError(103)


def _as_text(value: object, world: Assumptions) -> str:
    if isinstance(value, (int, float)) and world.holds("field-values", "lenient"):
        value = str(value)
    if not isinstance(value, str):
        raise SentoriError(103)
    if len(value) > _LONG_TEXT and world.decide("long-text") == "truncated":
        return value[:_LONG_TEXT]
    return value


def _as_number(value: object, world: Assumptions) -> int | float:
    if isinstance(value, str) and world.holds("field-values", "lenient"):
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
