# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What Sentori knows, in a table of a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from .._internal.bulk.queries import PAGE, connected_hook, open_query
from .._internal.exports.columns import READ_AT, are_known, column_names
from .._internal.exports.operator import ExportOperator
from ..core.errors import InvalidInput
from ..core.exports.selection import (
    ALL,
    ASKED,
    CONTACTS,
    EXISTS,
    EXTERNAL_ID,
    FIRST_FIELDS,
    SUBSCRIBERS,
    SYSTEM_ID,
)
from ..core.fields import ADDRESS
from ..core.runs.options import check_choice, check_only_with

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from .._internal.exports.table import Target, Written
    from ..core.exports.snapshot import Snapshot
    from ..core.rows.row import Rows
    from ..hooks.sentori import SentoriHook

# What says whether somebody can be mailed.
STATUS_FIELDS = ("IsSuppressed", "IsBadEmailAddress", "IsConfirmed")
KEYS = {SUBSCRIBERS: SYSTEM_ID, CONTACTS: ASKED}


class SentoriToSqlOperator(ExportOperator):
    """Write the subscribers of a mailing list, or people as Sentori has them, to a table of a database.

    Everything is read first. Then the table is changed in one transaction, and only where it differs: if anything
    fails, it stays as it was. Memory does not grow with the rows. The table is made if it is not there, and never
    altered. The task fails as SentoriImportOperator does, and pushes its result to the XCom key ``sentori_result``
    then; it also fails, and writes nothing, if somebody could not be read.

    Returns ``changed``, ``complete``, ``summary`` (``total exported missing duplicate invalid rejected failed``),
    ``table``, ``rows`` (how many were ``inserted updated deleted unchanged``), ``changes`` (how many of each kind),
    ``warnings``, ``report`` and ``rejects`` (their URLs, or None), ``api`` and ``plan_only``.

    :param what: ``subscribers`` of ``mailing_list``; ``contacts`` of ``people_sql``; ``mailing_lists``;
        ``draft_emails``.
    :param table: the table, also as ``schema.table``.
    :param sql_conn_id: a connection of Airflow whose hook is a DbApiHook that SQLAlchemy knows.
    :param hook_params: arguments for the hook of that connection.
    :param mode: ``replace``: the rows of the table become these. ``upsert``: rows with the same key are updated, others
        are added, and no row is removed; other columns keep their values. ``append``: all rows are added, with the time
        in ``read_at``: a history.
    :param key: the field that tells the rows apart: SystemID for subscribers, ``email`` for contacts, ExternalID for
        lists and drafts, if it is not given.
    :param mailing_list: the mailing list, by its ExternalID, or by its exact name if only one has it.
    :param people_sql: for ``contacts``, a SELECT with one column of addresses, or the path of a ``.sql`` file. An
        address that comes again is ``duplicate``.
    :param parameters: the parameters of that query, as its driver takes them.
    :param fields: contact fields to write in addition to those that are always there, or ``all``. These are SystemID
        and EmailAddress; for contacts also ``email`` (as asked for), ``exists``, IsSuppressed, IsBadEmailAddress and
        IsConfirmed. A column has the name of its field in snake case, such as ``is_suppressed``.
    :param columns: field -> column, instead of ``fields``: these, and no others, are written.
    :param changes_table: a table to which is added, at each run but the first, what became of people since the last
        one, as ``changed_at``, ``change``, ``email`` and ``system_id``. Of a mailing list: ``joined``; ``left``, or the
        reason why somebody is not on it any more: ``suppressed``, ``bad_email_address``, ``deleted``. Of contacts:
        ``created``, ``deleted``, ``suppressed``, ``bad_email_address``.
    :param report: as in SentoriImportOperator.
    :param report_addresses: as in SentoriImportOperator.
    :param rejects: as in SentoriImportOperator.
    :param max_rejected: how many addresses may be invalid or rejected: a number, or a percentage such as ``1%``.
    :param plan_only: only read, and return what would be written.
    :param sentori_conn_id: the connection, of type ``sentori``; its ``concurrency`` is the number of reads at once.
    """

    template_fields: Sequence[str] = (
        "table",
        "sql_conn_id",
        "hook_params",
        "mode",
        "key",
        "people_sql",
        "parameters",
        "columns",
        "changes_table",
        *ExportOperator.template_fields,
    )
    template_ext: Sequence[str] = (".sql",)
    template_fields_renderers: ClassVar[dict[str, str]] = {
        "people_sql": "sql",
        "parameters": "json",
        "hook_params": "json",
        "columns": "json",
    }

    def __init__(
        self,
        *,
        table: str,
        sql_conn_id: str,
        hook_params: Mapping[str, Any] | None = None,
        mode: str = "replace",
        key: str | None = None,
        people_sql: str | None = None,
        parameters: Mapping[str, Any] | Sequence[Any] | None = None,
        columns: Mapping[str, str] | None = None,
        changes_table: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.table = table
        self.sql_conn_id = sql_conn_id
        self.hook_params = hook_params
        self.mode = mode
        self.key = key
        self.people_sql = people_sql
        self.parameters = parameters
        self.columns = columns
        self.changes_table = changes_table

    def _open_people(self, context: Context) -> AbstractContextManager[Rows] | None:
        self._check()
        return None if self.people_sql is None else self._people(self.people_sql)

    @contextmanager
    def _people(self, people_sql: str) -> Iterator[Rows]:
        from ..core.rows import sources

        with open_query(self.sql_conn_id, people_sql, self.parameters, self.hook_params, PAGE) as table:
            if len(table.names) != 1:
                message = f"one column of addresses is needed, and there are {len(table.names)}."
                raise InvalidInput(message, option="people_sql")
            yield sources.table_rows([ADDRESS], table.records, "people_sql")

    def _check(self) -> None:
        """Raise InvalidInput for arguments that do not belong together."""
        from .._internal.exports.table import APPEND, MODES, UPSERT

        check_choice(self.mode, MODES, "mode")
        check_only_with(self.what == CONTACTS, "what: contacts", people_sql=self.people_sql is not None)
        check_only_with(self.people_sql is not None, "people_sql", parameters=self.parameters is not None)
        if self.what == CONTACTS and self.people_sql is None:
            raise InvalidInput("contacts are read by their addresses. Give a query.", option="people_sql")
        if self.columns is not None and self.fields is not None:
            raise InvalidInput("give either fields or columns.", option="fields")
        if self.columns is not None and self._key() not in self.columns:
            raise InvalidInput(f"there is no column for {self._key()}, which is the key.", option="columns")
        if self.columns is not None and READ_AT in self.columns and self.mode != APPEND:
            raise InvalidInput("read_at can only be used with mode append.", option="columns")
        if self.changes_table is None:
            return
        check_only_with(self.what in (SUBSCRIBERS, CONTACTS), "what: subscribers or contacts", changes_table=True)
        if self.what == SUBSCRIBERS and self.mode == UPSERT:
            raise InvalidInput("upsert keeps people who left. Use mode replace or append.", option="changes_table")
        needed = (SYSTEM_ID, ADDRESS) if self.what == SUBSCRIBERS else (EXISTS, "IsSuppressed")
        for field in needed:
            if self.columns is not None and field not in self.columns:
                raise InvalidInput(f"it needs a column for {field}.", option="changes_table")

    def _key(self) -> str:
        return self.key or KEYS.get(self.what, EXTERNAL_ID)

    def _fields(self) -> Sequence[str] | None:
        """The contact fields to read; None if the list of subscribers has them all."""
        if self.what not in (SUBSCRIBERS, CONTACTS):
            return super()._fields()
        asked = super()._fields() if self.columns is None else list(self.columns)
        if asked and ALL in asked:
            return [ALL]
        status = STATUS_FIELDS if self.what == CONTACTS and self.columns is None else ()
        first = (*FIRST_FIELDS[self.what], READ_AT)
        named = [field for field in (*status, *(asked or ())) if field not in first]
        # Nothing but the first fields is to be read; naming one of them reads no other.
        return named or (None if self.what == SUBSCRIBERS else [ADDRESS])

    def _save(self, snapshot: Snapshot, hook: SentoriHook) -> bool:
        from .._internal.exports.changes import Changes
        from .._internal.exports.table import SnapshotTable
        from ..core.contacts.schema import Schema

        target = self._target(snapshot)
        structure = {} if are_known([*target.names]) else Schema(hook.get_conn()).load()
        changes = Changes(hook.get_conn(), self.what, hook.settings.concurrency)
        engine = connected_hook(self.sql_conn_id, self.hook_params).get_sqlalchemy_engine()
        try:
            with engine.begin() as connection:
                if engine.dialect.name == "sqlite":
                    # Python's driver begins a transaction before the first change of a row, not of a table.
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                written = SnapshotTable(connection, target, structure, changes, dry_run=self.is_dry_run).save(snapshot)
        finally:
            engine.dispose()
        self._saved = _shown(target, written)
        return written.changed

    def _target(self, snapshot: Snapshot) -> Target:
        from .._internal.exports.table import APPEND, Target

        names = column_names(snapshot.columns, self.columns)
        if self.mode == APPEND:
            names.setdefault(READ_AT, READ_AT)
        key = self._key()
        if key not in names:
            raise InvalidInput(f"{key} is not one of the fields: {', '.join(names)}.", option="key")
        return Target(self.table, self.mode, names, key, self.changes_table)


def _shown(target: Target, written: Written) -> dict[str, Any]:
    rows = {name: getattr(written, name) for name in ("inserted", "updated", "deleted", "unchanged")}
    return {"table": target.table, "rows": rows, "changes": dict(written.changes)}
