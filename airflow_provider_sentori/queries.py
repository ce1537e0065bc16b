# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The rows of a query, a page at a time: never the whole result in memory."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from airflow.providers.common.compat.sdk import BaseHook

from .core.errors import InvalidInput, SourceBrokeOff

if TYPE_CHECKING:
    from .core.fields import FieldValue


log = logging.getLogger(__name__)


class Table(NamedTuple):
    """The names of a result's columns, and its records."""

    names: list[str]
    records: Iterator[Sequence[FieldValue]]


@contextmanager
def open_query(
    sql_conn_id: str,
    sql: str,
    parameters: Mapping[str, Any] | Sequence[Any] | None,
    hook_params: Mapping[str, Any] | None,
    page: int,
) -> Iterator[Table]:
    """A query's result, read ``page`` records at a time while the block is open.

    Where the driver has a cursor that leaves the result on the server, that is used (PostgreSQL, MySQL); SQLite's
    computes each record when it is asked for. Raises InvalidInput; for the query what the database raises, and for its
    rows SourceBrokeOff.
    """
    # Not BaseHook.get_hook, which takes no parameters in Airflow 2.
    connection = BaseHook.get_connection(sql_conn_id)
    hook = connection.get_hook(hook_params=dict(hook_params or {}))  # type: ignore[no-untyped-call]
    if not callable(getattr(hook, "get_conn", None)) or not hasattr(hook, "get_records"):
        raise InvalidInput("a connection to an SQL database is needed.", option="sql_conn_id")
    with _closed(hook.get_conn()) as opened, _closed(_cursor(opened)) as cursor:
        if parameters is None:
            cursor.execute(sql)
        else:
            cursor.execute(sql, parameters)
        # A cursor on the server knows its columns only after the first page.
        first = _fetched(cursor, page) if cursor.description or _is_named(cursor) else []
        if cursor.description is None:
            raise InvalidInput("this gives no rows: a SELECT is needed.", option="sql")
        yield Table([column[0] for column in cursor.description], _records(cursor, first, page))


@contextmanager
def _closed(opened: Any) -> Iterator[Any]:
    """Closed at the end; what goes wrong then, after all has been read, must not hide what was made of it."""
    try:
        yield opened
    finally:
        try:
            opened.close()
        except Exception as error:
            log.info("The database's connection could not be closed: %s", type(error).__name__)


def _cursor(connection: Any) -> Any:
    driver = type(connection).__module__.partition(".")[0]
    if driver in ("psycopg", "psycopg2"):
        return connection.cursor(name="sentori")
    if driver in ("pymysql", "MySQLdb"):
        from importlib import import_module

        return connection.cursor(import_module(f"{driver}.cursors").SSCursor)
    return connection.cursor()


def _is_named(cursor: Any) -> bool:
    return getattr(cursor, "name", None) == "sentori"


def _records(cursor: Any, page: Sequence[Sequence[Any]], size: int) -> Iterator[Sequence[FieldValue]]:
    while page:
        for record in page:
            yield [_plain(value) for value in record]
        page = _fetched(cursor, size)


def _fetched(cursor: Any, size: int) -> Sequence[Sequence[Any]]:
    """The next page. Raises SourceBrokeOff without what the database says, which may hold a row's values."""
    try:
        page: Sequence[Sequence[Any]] = cursor.fetchmany(size)
        return page
    except Exception as error:
        code = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        trouble = type(error).__name__ + (f" ({code})" if code else "")
    raise SourceBrokeOff(f"the query's result broke off: {trouble}.")


def _plain(value: Any) -> Any:
    """A database's value as one that a Contact Field may have; others are refused later, by their place."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (UUID, datetime.time)):
        return str(value)
    return value
