# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The columns of a table for contact fields: their names, their types, and values that fit them."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...core.errors import InvalidInput
from ...core.exports.selection import ASKED, EXISTS, EXTERNAL_ID, SYSTEM_ID
from ...core.fields import ADDRESS, kind_of
from ..coercion import boolean

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

    from ...core.fields import FieldValue

READ_AT = "read_at"
# The longest address that SMTP can carry has 254 characters; a key must be bounded for MySQL.
_KEY_LENGTH = 320
_BOOLEANS = (EXISTS, "IsSuppressed", "IsBadEmailAddress", "IsBadMobilePhoneNumber", "IsConfirmed")
_MOMENTS = ("CreatedTimestamp", "ModifiedTimestamp")
_TEXTS = (ASKED, ADDRESS, EXTERNAL_ID, "Name", "Description", "Created", "CreatedBy", "Modified", "ModifiedBy")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

Adapt = Callable[[Any], Any]


def column_names(fields: Sequence[str], columns: Mapping[str, str] | None) -> dict[str, str]:
    """Field -> column: as given, or ``IsSuppressed`` -> ``is_suppressed``. Raises InvalidInput if two are equal."""
    names = dict(columns) if columns is not None else {field: _snake_case(field) for field in fields}
    for name in names.values():
        if list(names.values()).count(name) > 1:
            raise InvalidInput(f"column {name} is named twice.", option="columns")
    return names


def are_known(fields: Sequence[str]) -> bool:
    """Whether the types of these fields are the same in every account."""
    return all(field in (*_BOOLEANS, *_MOMENTS, *_TEXTS, SYSTEM_ID, READ_AT) for field in fields)


def type_of(field: str, structure: Mapping[str, FieldValue], *, is_key: bool) -> TypeEngine[Any]:
    """The type of a new column. ``structure``: an example of each field of the account."""
    import sqlalchemy as sql
    from sqlalchemy.dialects import mysql

    moment = sql.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql")
    if field == SYSTEM_ID:
        return sql.BigInteger()
    if field == READ_AT:
        return sql.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql")
    if field in _MOMENTS:
        return moment
    kind = "boolean" if field in _BOOLEANS else kind_of(structure.get(field))
    if kind == "boolean":
        return sql.Boolean()
    if kind == "number":
        return sql.Float(53)
    return sql.String(_KEY_LENGTH) if is_key else sql.Text()


def adapter(column: str, kind: TypeEngine[Any]) -> Adapt:
    """A function that makes a field's value fit a column. It raises InvalidInput, which names no value."""
    import sqlalchemy as sql

    if isinstance(kind, sql.types.TypeDecorator):  # what SQLAlchemy 1.4 makes of a type with a variant
        kind = sql.types.to_instance(kind.impl)
    for types, adapt in (
        (sql.Boolean, _boolean),
        (sql.Integer, _integer),
        (sql.Float, float),
        (sql.Numeric, _decimal),
        (sql.DateTime, _moment),
        (sql.String, _text),
    ):
        if isinstance(kind, types):
            return _blank_kept(column, kind, adapt, is_text=types is sql.String)
    return lambda value: value


def _blank_kept(column: str, kind: object, adapt: Adapt, *, is_text: bool) -> Adapt:
    def adapted(value: Any) -> Any:
        if value is None or (value == "" and not is_text):
            return None
        try:
            return adapt(value)
        except (ValueError, TypeError, ArithmeticError, InvalidInput):
            pass
        message = f"column {column} has the type {kind}, which cannot hold a value of Sentori's."
        raise InvalidInput(message, option="columns")

    return adapted


def _boolean(value: Any) -> bool:
    return boolean(value, "columns")


def _integer(value: Any) -> int:
    number = int(value)
    if number != float(value):
        raise ValueError
    return number


def _decimal(value: Any) -> Any:
    from decimal import Decimal

    return Decimal(str(value))


def _moment(value: Any) -> datetime.datetime:
    return value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _snake_case(field: str) -> str:
    return re.sub(r"\W+", "_", _WORDS.sub("_", field)).strip("_").lower()
