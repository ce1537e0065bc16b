# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The rows of a query, applied to Sentori: one operator for each verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any, ClassVar

from .._internal.bulk.imports import ImportOperator
from .._internal.bulk.queries import QueryOperator
from .._internal.bulk.source_size import SizedOperator
from .._internal.bulk.subscribers import SubscribersOperator
from .._internal.bulk.suppressions import SuppressionsOperator
from ..core.runs.outcome import OF_CONTACTS

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from ..core.contacts.schema import Schema
    from ..core.rows.row import Rows
    from ..core.runs.progress import Progress
    from ..core.runs.recorder import Recorder
    from ..hooks.sentori import SentoriHook


class SqlToSentoriImportOperator(QueryOperator, ImportOperator):
    """Import the rows of a query by Sentori's bulk import.

    The result is read in pages, over a cursor that leaves it in the database if the driver has one; memory does not
    grow with it. It fails, and returns, as SentoriImportOperator does, which also explains the other arguments.

    :param sql: a SELECT, or the path of a ``.sql`` file. It must not change any data.
    :param sql_conn_id: a connection of Airflow whose hook is a DbApiHook.
    :param parameters: the parameters of the query, as its driver takes them.
    :param hook_params: arguments for the hook of that connection.
    :param columns: column of the result -> contact field, where the names differ. One is EmailAddress.
    """

    template_fields: Sequence[str] = (
        "sql",
        "sql_conn_id",
        "parameters",
        "hook_params",
        *ImportOperator.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {
        **QueryOperator.template_fields_renderers,
        **ImportOperator.template_fields_renderers,
    }

    def _open_rows(self, context: Context, schema: Schema) -> AbstractContextManager[Rows]:
        return self._query_rows(self.columns, self._boolean("ignore_unmapped"), schema)


class SqlToSentoriContactsOperator(QueryOperator, SizedOperator):
    """Add or update the contacts that a query returns, with one request for each contact that differs.

    There is no upload group. The result is read in pages of 1,000 rows. A row that is invalid, a duplicate or rejected
    never stops the others. The task fails as SentoriImportOperator does, and pushes its result to the XCom key
    ``sentori_result`` then.

    Returns ``changed``, ``complete``, ``summary`` (``total created updated deleted unchanged duplicate invalid rejected
    in_doubt failed``), ``columns`` (as SentoriImportOperator), ``warnings``, ``report`` and ``rejects`` (their URLs, or
    None), ``api`` and ``plan_only``.

    :param sql: a SELECT, or the path of a ``.sql`` file. It must not change any data.
    :param sql_conn_id: a connection of Airflow whose hook is a DbApiHook.
    :param parameters: the parameters of the query, as its driver takes them.
    :param hook_params: arguments for the hook of that connection.
    :param columns: column of the result -> contact field, where the names differ. One is EmailAddress.
    :param ignore_unmapped: leave out columns that are not contact fields, instead of refusing them.
    :param state: ``present``; or ``absent``, which deletes the contacts, and suppresses nobody.
    :param on_blank: an empty value leaves the field unchanged (``keep``), clears it (``clear``), or makes the row
        invalid (``error``).
    :param min_source_rows: as in SentoriImportOperator.
    :param max_source_drop: as in SentoriImportOperator.
    :param state_file: a file on the worker that remembers how many rows there were, for ``max_source_drop``.
    :param state_conn_id: as in SentoriImportOperator.
    :param state_table: as in SentoriImportOperator.
    :param state_key: as in SentoriImportOperator.
    :param report: as in SentoriImportOperator.
    :param report_addresses: as in SentoriImportOperator.
    :param rejects: as in SentoriImportOperator; CSV, or JSON Lines if its name ends in ``.jsonl``.
    :param max_rejected: how many rows may be invalid or rejected: a number, or a percentage of all rows such as ``1%``.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = (
        "columns",
        "ignore_unmapped",
        "state",
        "on_blank",
        "sql",
        "sql_conn_id",
        "parameters",
        "hook_params",
        *SizedOperator.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {
        "columns": "json",
        **QueryOperator.template_fields_renderers,
    }
    actions = OF_CONTACTS

    def __init__(
        self,
        *,
        columns: Mapping[str, str] | None = None,
        ignore_unmapped: bool | str = False,
        state: str = "present",
        on_blank: str = "keep",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.columns = columns
        self.ignore_unmapped = ignore_unmapped
        self.state = state
        self.on_blank = on_blank

    def _apply(self, hook: SentoriHook, recorder: Recorder, progress: Progress, context: Context) -> None:
        from ..core.contacts.bulk import apply_contacts

        ignore_unmapped = self._boolean("ignore_unmapped")
        with ExitStack() as opened:
            apply_contacts(
                hook.get_conn(),
                lambda schema: opened.enter_context(self._query_rows(self.columns, ignore_unmapped, schema)),
                recorder,
                state=self.state,
                on_blank=self.on_blank,
                memory=self._memory(context),
                concurrency=hook.settings.concurrency,
                progress=progress,
                dry_run=self.is_dry_run,
            )


class SqlToSentoriSubscribersOperator(QueryOperator, SubscribersOperator):
    """Apply the addresses that a query returns to a mailing list.

    The addresses are held in memory. It fails, and returns, as SentoriSubscribersOperator does.

    :param sql: a SELECT, or the path of a ``.sql`` file. It must not change any data.
    :param sql_conn_id: a connection of Airflow whose hook is a DbApiHook.
    :param parameters: the parameters of the query, as its driver takes them.
    :param hook_params: arguments for the hook of that connection.
    :param columns: ``{"email": "EmailAddress"}``, if the column with the addresses has another name than EmailAddress.
        Other columns are not used.
    :param mailing_list: the mailing list's ExternalID, or its exact name if only one list has it.
    :param state: ``subscribed``, or ``unsubscribed`` from this one list, which suppresses nobody.
    :param exact: remove all other subscribers from the list; with ``subscribed``. Nobody is removed if more addresses
        could not be placed (invalid, rejected, failed, in doubt) than ``max_rejected`` allows.
    :param max_unsubscribes: with ``exact``, how many subscribers may be removed: a number, or a percentage of the
        subscribers such as ``5%``. If it would be more, nothing is sent.
    :param allow_empty: with ``exact``, accept that the list becomes empty, because no address is given or none can be
        subscribed.
    :param create_missing: add addresses without a contact first; with ``subscribed``.
    :param min_source_rows: as in SentoriImportOperator.
    :param max_source_drop: as in SentoriImportOperator.
    :param state_file: a file on the worker that remembers, in keyed hashes, who is on the list after each run. A person
        who has left the list since is ``left``, and not subscribed again. Without it such a person is put back, as an
        ordinary change, because Sentori does not show who has left.
    :param state_conn_id: as in SentoriImportOperator.
    :param state_table: as in SentoriImportOperator.
    :param state_key: as in SentoriImportOperator.
    :param departures: with a memory: ``respect``, or ``ignore`` to subscribe people who have left.
    :param rejoin: with a memory, the addresses of people who have left and asked to come back, as ``emails``.
    :param report: as in SentoriImportOperator.
    :param report_addresses: as in SentoriImportOperator.
    :param rejects: as in SentoriImportOperator; CSV, or JSON Lines if its name ends in ``.jsonl``.
    :param max_rejected: how many rows may be invalid or rejected: a number, or a percentage of all rows such as ``1%``.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = (
        "columns",
        "sql",
        "sql_conn_id",
        "parameters",
        "hook_params",
        *SubscribersOperator.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {
        "columns": "json",
        **QueryOperator.template_fields_renderers,
    }

    def __init__(self, *, columns: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = columns

    def _open_rows(self, context: Context) -> AbstractContextManager[Rows]:
        return self._query_rows(self.columns)


class SqlToSentoriSuppressionsOperator(QueryOperator, SuppressionsOperator):
    """Suppress the addresses that a query returns for good, or erase these people.

    All contacts are read before the first address is sent, because nothing in Sentori's API takes a suppression back.
    An address that is invalid, a duplicate, rejected or failed never stops the others: every opt-out that can be
    registered is registered. The task fails as SentoriImportOperator does, and pushes its result to the XCom key
    ``sentori_result`` then.

    Returns ``changed``, ``complete``, ``summary`` (``total``, and how many are ``suppressed erased unchanged
    unverifiable duplicate invalid rejected in_doubt failed``), ``columns`` (as SentoriImportOperator), ``warnings``,
    ``report`` and ``rejects`` (their URLs, or None), ``api`` and ``plan_only``. ``unverifiable``: an address without a
    contact, of which Sentori shows nothing; it is sent at each run unless a memory knows it.

    :param sql: a SELECT, or the path of a ``.sql`` file. It must not change any data.
    :param sql_conn_id: a connection of Airflow whose hook is a DbApiHook.
    :param parameters: the parameters of the query, as its driver takes them.
    :param hook_params: arguments for the hook of that connection.
    :param columns: ``{"email": "EmailAddress"}``, if the column with the addresses has another name than EmailAddress.
        Other columns are not used.
    :param max_suppressions: how many addresses may be newly suppressed or erased: a number, or a percentage of the rows
        such as ``1%``. If it would be more, nothing is sent. Required for more than one address.
    :param state: ``suppressed``, for good; or ``erased``: suppressed, then the contact is deleted, and read once more.
    :param min_source_rows: as in SentoriImportOperator.
    :param max_source_drop: as in SentoriImportOperator.
    :param state_file: a file on the worker that remembers, in keyed hashes, which addresses are suppressed or erased,
        so that they are neither read nor sent again. Imports can share it, and do not bring an erased person back.
    :param state_conn_id: as in SentoriImportOperator.
    :param state_table: as in SentoriImportOperator.
    :param state_key: as in SentoriImportOperator.
    :param report: as in SentoriImportOperator. An erased person has no address there, but a keyed hash.
    :param report_addresses: as in SentoriImportOperator.
    :param rejects: as in SentoriImportOperator; CSV, or JSON Lines if its name ends in ``.jsonl``.
    :param max_rejected: how many addresses may be invalid or rejected: a number, or a percentage such as ``1%``.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``; its ``concurrency`` is the number of requests at once.
    """

    template_fields: Sequence[str] = (
        "columns",
        "sql",
        "sql_conn_id",
        "parameters",
        "hook_params",
        *SuppressionsOperator.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {
        "columns": "json",
        **QueryOperator.template_fields_renderers,
    }

    def __init__(self, *, columns: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = columns

    def _open_rows(self, context: Context) -> AbstractContextManager[Rows]:
        return self._query_rows(self.columns)
