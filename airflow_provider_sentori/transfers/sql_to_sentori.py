# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The rows of a query, applied to Sentori: one operator for each verb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from .._internal import query_operator
from .._internal.emails import Placed
from .._internal.import_operator import PROGRESS_INTERVAL, ImportOperator
from .._internal.query_operator import QueryOperator
from .._internal.run import Tally, counted, run_task
from .._internal.subscribers_operator import SubscribersOperator
from ..core.addresses import distinct
from ..core.contacts.apply import Contacts
from ..core.contacts.desired import DesiredContact, desired_contacts
from ..core.contacts.schema import Schema
from ..core.errors import InvalidInput, SentoriError
from ..core.fields import ADDRESS, is_blank
from ..core.imports.options import CHOICES
from ..core.rows.duplicates import SeenAddresses
from ..core.runs.outcome import OF_CONTACTS
from ..core.runs.progress import Progress

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from ..core.fields import Contact
    from ..core.rows.row import Row
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

    def execute(self, context: Context) -> dict[str, Any]:
        return self._execute(
            context, lambda schema: self._query_rows(self.columns, self._boolean("ignore_unmapped"), schema)
        )


class SqlToSentoriContactsOperator(QueryOperator):
    """Add or update the contacts that a query returns, with one request for each contact that differs.

    There is no upload group. The result is read in pages of 1,000 rows. It fails as SentoriContactOperator does, and
    returns ``changed``, ``summary``, ``api`` and ``plan_only``.

    :param sql: a SELECT, or the path of a ``.sql`` file. It must not change any data.
    :param sql_conn_id: a connection of Airflow whose hook is a DbApiHook.
    :param parameters: the parameters of the query, as its driver takes them.
    :param hook_params: arguments for the hook of that connection.
    :param columns: column of the result -> contact field, where the names differ. One is EmailAddress.
    :param ignore_unmapped: leave out columns that are not contact fields, instead of refusing them.
    :param on_blank: an empty value leaves the field unchanged (``keep``), clears it (``clear``), or is refused
        (``error``).
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = ("columns", "ignore_unmapped", "on_blank", *QueryOperator.template_fields)
    template_fields_renderers: ClassVar[dict[str, str]] = {
        "columns": "json",
        **QueryOperator.template_fields_renderers,
    }

    def __init__(
        self,
        *,
        columns: Mapping[str, str] | None = None,
        ignore_unmapped: bool | str = False,
        on_blank: str = "keep",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.columns = columns
        self.ignore_unmapped = ignore_unmapped
        self.on_blank = on_blank

    def execute(self, context: Context) -> dict[str, Any]:
        tally, statistics = run_task(self.sentori_conn_id, self._apply, Tally.failure)
        result = {"changed": tally.result.changed, "summary": tally.summary}
        return self._complete(context, f"Contacts: {self._predicted(counted(tally.summary))}", statistics, result)

    def _apply(self, hook: SentoriHook) -> Tally:
        if self.on_blank not in CHOICES["on_blank"]:
            raise InvalidInput(f"{self.on_blank!r} is not one of {', '.join(CHOICES['on_blank'])}.", option="on_blank")
        api = hook.get_conn()
        contacts = Contacts(api, hook.settings.concurrency)
        tally = Tally("rows", OF_CONTACTS)
        progress = Progress(lambda snapshot: self.log.info("%s", snapshot), PROGRESS_INTERVAL)
        ignore_unmapped = self._boolean("ignore_unmapped")
        try:
            with self._query_rows(self.columns, ignore_unmapped, Schema(api)) as rows, progress:
                for desired in self._pages(iter(rows)):
                    progress.read(len(desired), None)
                    for one, outcome in zip(desired, contacts.run(desired, dry_run=self.is_dry_run), strict=True):
                        tally.add(outcome, one.option)
                    progress.done(len(desired))
        except SentoriError as error:
            if not tally.summary["total"]:
                raise
            raise error.followed_by(f"Before that: {counted(tally.summary)}.") from None
        return tally

    def _pages(self, rows: Iterator[Row]) -> Iterator[list[DesiredContact]]:
        """Desired contacts, a page at a time. Raises InvalidInput for an address that came before."""
        seen = SeenAddresses()
        while page := list(islice(rows, query_operator.PAGE)):
            places = [row.place for row in page]
            desired = desired_contacts([self._without_blanks(row) for row in page], places=places)
            for one in desired:
                if not seen.add(one.email):
                    raise InvalidInput("an earlier row has the same address.", option=one.option)
            yield desired

    def _without_blanks(self, row: Row) -> Contact:
        """The fields of the row that ``on_blank`` keeps."""
        if self.on_blank == "clear":
            return row.fields
        blank = [name for name, value in row.fields.items() if name != ADDRESS and is_blank(value)]
        if blank and self.on_blank == "error":
            raise InvalidInput("this value is empty, and on_blank is error.", option=f"{row.place}.{blank[0]}")
        return {name: value for name, value in row.fields.items() if name not in blank}


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
    :param exact: remove all other subscribers from the list; with ``subscribed``.
    :param max_unsubscribes: with ``exact``, how many subscribers may be removed: a number, or a percentage of the
        subscribers such as ``5%``. If it would be more, nothing is sent.
    :param allow_empty: with ``exact``, accept that a query without rows empties the list.
    :param create_missing: add addresses without a contact first; with ``subscribed``.
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

    def _addresses(self, context: Context) -> Placed:
        with self._query_rows(self.columns) as rows:
            given = [(row.place, row.fields[ADDRESS]) for row in rows]
        return Placed([*distinct(given)], [place for place, _ in given])
