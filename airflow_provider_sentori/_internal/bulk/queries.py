# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that apply the rows of a query, which are read a page at a time."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from airflow.providers.common.compat.sdk import BaseHook

from ...core.errors import InvalidInput, SentoriError, SourceInterrupted
from ..operator import SentoriOperator

if TYPE_CHECKING:
    from ...core.contacts.schema import Schema
    from ...core.fields import FieldValue
    from ...core.rows.row import Rows


log = logging.getLogger(__name__)

# Records that are read from the database at a time.
PAGE = 1000


class QueryOperator(SentoriOperator):
    """An operator that applies the rows of a query; SqlToSentoriImportOperator explains the arguments."""

    template_fields: Sequence[str] = (
        "sql",
        "sql_conn_id",
        "parameters",
        "hook_params",
        *SentoriOperator.template_fields,
    )
    template_ext: Sequence[str] = (".sql",)
    template_fields_renderers: ClassVar[dict[str, str]] = {"sql": "sql", "parameters": "json", "hook_params": "json"}

    def __init__(
        self,
        *,
        sql: str,
        sql_conn_id: str,
        parameters: Mapping[str, Any] | Sequence[Any] | None = None,
        hook_params: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.sql = sql
        self.sql_conn_id = sql_conn_id
        self.parameters = parameters
        self.hook_params = hook_params

    @contextmanager
    def _query_rows(
        self, columns: Mapping[str, str] | None, ignore_unmapped: bool = False, schema: Schema | None = None
    ) -> Iterator[Rows]:
        """The rows of the query, read in pages while the block is open; without a ``schema`` its addresses alone.

        Raises as ``open_query`` and ``table_rows``.
        """

        from ...core.rows import sources

        with open_query(self.sql_conn_id, self.sql, self.parameters, self.hook_params, PAGE) as table:
            yield sources.table_rows(
                table.names,
                table.records,
                "sql",
                columns=columns,
                ignore_unmapped=ignore_unmapped,
                schema=schema,
                addresses_only=schema is None,
                count=self._count,
            )

    def _count(self) -> int:
        return count_rows(self.sql_conn_id, self.sql, self.parameters, self.hook_params, PAGE)


class Table(NamedTuple):
    """A result: the names of its columns, and its records."""

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
    """The result of a query, read ``page`` records at a time while the block is open.

    If the driver has a cursor that leaves the result on the server, that is used (PostgreSQL, MySQL); SQLite
    computes each record when it is read. Raises InvalidInput; for the query what the database raises, and for its
    rows SourceInterrupted.
    """
    hook = connected_hook(sql_conn_id, hook_params)
    with _closed(hook.get_conn()) as opened, _closed(_cursor(opened)) as cursor:
        if parameters is None:
            cursor.execute(sql)
        else:
            cursor.execute(sql, parameters)
        # A cursor on the server knows its columns only after the first page.
        first = _fetched(cursor, page) if cursor.description or _is_named(cursor) else []
        if cursor.description is None:
            raise InvalidInput("this statement returns no rows. Give a SELECT.", option="sql")
        yield Table([column[0] for column in cursor.description], _records(cursor, first, page))


def count_rows(
    sql_conn_id: str,
    sql: str,
    parameters: Mapping[str, Any] | Sequence[Any] | None,
    hook_params: Mapping[str, Any] | None,
    page: int,
) -> int:
    """How many rows a query has: the database counts them, or, where it cannot, they are read. Raises as open_query."""
    counting = f"SELECT count(*) FROM ({sql.strip().rstrip(';')}\n) AS sentori_source"
    try:
        with open_query(sql_conn_id, counting, parameters, hook_params, page) as table:
            return int(next(table.records)[0])  # type: ignore[arg-type]
    except SentoriError:
        raise
    except Exception as error:
        log.info(
            "The database cannot count the rows of the query (%s), so they are read once more", type(error).__name__
        )
    with open_query(sql_conn_id, sql, parameters, hook_params, page) as table:
        return sum(1 for _ in table.records)


def connected_hook(sql_conn_id: str, hook_params: Mapping[str, Any] | None) -> Any:
    """The hook of a connection to a database. Raises InvalidInput for any other connection."""
    # Not BaseHook.get_hook, which takes no parameters in Airflow 2.
    connection = BaseHook.get_connection(sql_conn_id)
    hook = connection.get_hook(hook_params=dict(hook_params or {}))  # type: ignore[no-untyped-call]
    if not callable(getattr(hook, "get_conn", None)) or not hasattr(hook, "get_records"):
        raise InvalidInput("a connection to an SQL database is needed.", option="sql_conn_id")
    return hook


@contextmanager
def _closed(opened: Any) -> Iterator[Any]:
    """Close it at the end; an error then, after everything has been read, must not hide what was done with it."""
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
        yield from page
        page = _fetched(cursor, size)


def _fetched(cursor: Any, size: int) -> Sequence[Sequence[Any]]:
    """The next page. Raises SourceInterrupted without the database's message, which may contain a row's values."""
    try:
        page: Sequence[Sequence[Any]] = cursor.fetchmany(size)
        return page
    except Exception as error:
        code = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        reason = type(error).__name__ + (f" ({code})" if code else "")
    raise SourceInterrupted(f"the result of the query broke off: {reason}.")
