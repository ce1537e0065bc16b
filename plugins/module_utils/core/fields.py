# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contact fields: their names, their types, and when two values are the same.

A field that is given is to have this value; a field that is left out stays unchanged. None and ``""`` both mean blank.
Fields differ between accounts. Sources: API Contact Endpoints, Get a Contact (all fields that the web
interface can export) and Get Contact Structure (those that can be imported into).
"""

from __future__ import annotations

import datetime
import decimal
import math
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Union

from .errors import InvalidInput

FieldValue = Union[str, int, float, bool, None]
Contact = dict[str, FieldValue]

ADDRESS = "EmailAddress"
READ_ONLY = frozenset(
    {
        "SystemID",
        "IsSuppressed",
        "IsConfirmed",
        "CreatedSourceValue",
        "CreatedIPAddress",
        "CreatedHttpReferrerUrl",
        "CreatedTimestamp",
        "ModifiedTimestamp",
    }
)

TRUE_WORDS = frozenset({"true", "yes", "on", "1"})
FALSE_WORDS = frozenset({"false", "no", "off", "0"})
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def checked_fields(given: object, option: str) -> Contact:
    """Fields as a user gave them; dates, times, Decimals and UUIDs as text.

    Raises InvalidInput for a value that is not a single one.
    """
    if not isinstance(given, Mapping):
        raise InvalidInput("a mapping of field names to values is needed.", option=option)
    return {_checked_name(name, option): _checked_value(value, option, name) for name, value in given.items()}


def need_structure(desired: Mapping[str, FieldValue], current: Contact | None) -> bool:
    """Whether ``getstructure`` is needed to compare: Sentori returned no such name, or a null that shows no type."""
    return any(
        current is None or name not in current or (current[name] is None and not is_blank(value))
        for name, value in desired.items()
        if name not in READ_ONLY
    )


def differences(
    desired: Mapping[str, FieldValue], current: Contact | None, structure: Contact | None, option: str
) -> Contact:
    """The fields that a write must carry to reach ``desired``: field name -> value, in Sentori's types.

    ``current``: the contact, None if there is none. ``structure``: an example of each importable field, None if
    ``need_structure`` returned False. Raises InvalidInput: an unknown field, a read-only one with another value, a
    value of the wrong type.
    """
    found: Contact = {}
    for name, value in desired.items():
        where = f"{option}.{name}"
        stored = current.get(name) if current is not None else None
        if name in READ_ONLY:
            if not same(value, stored) and (stored is None or str(value).lower() != str(stored).lower()):
                raise InvalidInput("this field is read-only in Sentori, and has another value.", option=where)
            continue
        examples = {**(current or {}), **(structure or {})}
        if name not in examples:
            raise InvalidInput(f"this account has no field named {name}.{hint(name, examples)}", option=where)
        wanted = _coerced(value, examples.get(name), stored, where)
        if not same(wanted, stored):
            found[name] = wanted
    return found


def typed(name: str, value: FieldValue, structure: Contact, option: str) -> FieldValue:
    """A value in the type that its field has; a blank in the form that is sent. Raises InvalidInput."""
    if isinstance(value, str) and isinstance(structure.get(name), str):
        return value
    where = f"{option}.{name}"
    if name not in structure:
        raise InvalidInput(f"this account has no field named {name}.{hint(name, structure)}", option=where)
    return _coerced(value, structure[name], None, where)


def blank_of(name: str, structure: Contact) -> FieldValue:
    """The value of a field that is cleared: false for a boolean."""
    return False if name in structure and kind_of(structure[name]) == "boolean" else ""


def is_sendable(value: FieldValue) -> bool:
    """Whether a value can be sent at all: a text with half of a character cannot."""
    return not isinstance(value, str) or value.isascii() or not _SURROGATE.search(value)


def same(one: FieldValue, other: FieldValue) -> bool:
    """Whether two values of a field are equal; blank equals blank, and numbers are compared as numbers."""
    if is_blank(one) or is_blank(other):
        return is_blank(one) and is_blank(other)
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def is_blank(value: FieldValue) -> bool:
    return value is None or value == ""


def is_empty(value: FieldValue) -> bool:
    """Whether a value is blank, or consists of blanks, with which databases pad their columns."""
    return value is None or (isinstance(value, str) and not value.strip())


def _checked_name(name: object, option: str) -> str:
    if isinstance(name, str) and (name.isidentifier() or (name.strip() and not _SURROGATE.search(name))):
        return name
    raise InvalidInput("a field name is empty, or not a text.", option=option)


def _checked_value(value: object, option: str, name: str) -> FieldValue:
    # Nearly all values are such, and there may be millions of them.
    if isinstance(value, str) and value.isascii():
        return value
    return _checked_other(value, f"{option}.{name}")


def _checked_other(value: object, option: str) -> FieldValue:
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, decimal.Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, (float, decimal.Decimal)) and not math.isfinite(value):
        raise InvalidInput("this number is not finite.", option=option)
    if isinstance(value, str) and _SURROGATE.search(value):
        raise InvalidInput("this text contains half of a character (a lone surrogate).", option=option)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise InvalidInput(f"a single value is needed, and type {type(value).__name__} was given.", option=option)


def kind_of(example: FieldValue) -> str:
    """The type of a field by a value of Sentori's: ``boolean``, ``number`` or ``text``."""
    if isinstance(example, bool):
        return "boolean"
    return "number" if isinstance(example, (int, float)) else "text"


def _coerced(value: FieldValue, example: FieldValue, stored: FieldValue, option: str) -> FieldValue:
    """The value in the type of ``example``."""
    kind = kind_of(example)
    if kind == "boolean":
        return _boolean(value, stored, option)
    if kind == "number":
        return _number(value, option)
    if isinstance(value, bool):
        raise InvalidInput(f"this field is text, and a boolean was given. Put {value} in quotes.", option=option)
    return "" if value is None else str(value)


def _boolean(value: FieldValue, stored: FieldValue, option: str) -> FieldValue:
    if is_blank(value) and not stored:
        return stored
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    raise InvalidInput("this field is a boolean: true or false is needed.", option=option)


def _number(value: FieldValue, option: str) -> FieldValue:
    if is_blank(value):
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    word = str(value).strip()
    if isinstance(value, bool) or not _NUMBER.fullmatch(word):
        raise InvalidInput("this field is a number, such as 12 or 12.5.", option=option)
    number = int(word) if word.lstrip("+-").isdecimal() else float(word)
    return _checked_other(number, option)


def hint(name: str, known: Iterable[str]) -> str:
    """`` Did you mean ...?``, if there is a field whose name is near."""
    import difflib

    by_lower_case = {field.lower(): field for field in known if field not in READ_ONLY}
    near = difflib.get_close_matches(name.lower(), by_lower_case, n=1)
    return f" Did you mean {by_lower_case[near[0]]}?" if near else ""
