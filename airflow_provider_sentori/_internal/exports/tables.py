# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The tables of a snapshot and of its changes: found and checked, or made; never altered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from ...core.errors import InvalidInput
from .columns import READ_AT, type_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ...core.fields import FieldValue

_FEED = {"changed_at": READ_AT, "change": "Name", "email": "Name", "system_id": "SystemID"}


def snapshot_table(
    connection: Connection,
    name: str,
    names: Mapping[str, str],
    structure: Mapping[str, FieldValue],
    *,
    dry_run: bool,
    key: str | None = None,
) -> tuple[sql.Table, bool]:
    """The table with a column for each field (``names``: field -> column), and whether it was made.

    ``key``: the field that becomes the primary key of a new table. Raises InvalidInput, naming a missing column.
    """
    columns = {column: type_of(field, structure, is_key=field == key) for field, column in names.items()}
    return _found_or_made(connection, name, columns, names.get(key or ""), "table", dry_run=dry_run)


def feed_table(connection: Connection, name: str, *, dry_run: bool) -> sql.Table:
    """The table of changes: changed_at, change, email, system_id. Raises InvalidInput, naming a missing column."""
    columns = {column: type_of(field, {}, is_key=False) for column, field in _FEED.items()}
    return _found_or_made(connection, name, columns, None, "changes_table", dry_run=dry_run)[0]


def _found_or_made(
    connection: Connection, name: str, columns: Mapping[str, Any], key: str | None, option: str, *, dry_run: bool
) -> tuple[sql.Table, bool]:
    schema, _, table = name.rpartition(".")
    try:
        found = sql.Table(table, sql.MetaData(), schema=schema or None, autoload_with=connection, resolve_fks=False)
    except sql.exc.NoSuchTableError:
        new = [sql.Column(at, kind, primary_key=at == key, autoincrement=False) for at, kind in columns.items()]
        made = sql.Table(table, sql.MetaData(), *new, schema=schema or None)
        if not dry_run:
            made.create(connection)
        return made, True
    _check_columns(found, name, columns, option)
    return found, False


def _check_columns(table: sql.Table, name: str, columns: Iterable[str], option: str) -> None:
    for column in columns:
        if column not in table.c:
            there_are = ", ".join(table.c.keys())
            message = f"{name} has no column {column}. Add it, or name another one. There are: {there_are}."
            raise InvalidInput(message, option=option)
