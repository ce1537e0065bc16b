# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What a query finds is true in Sentori."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from inspect import signature
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from .. import coercion
from ..core import sources
from ..core.account_fields import AccountFields
from ..core.addresses import distinct
from ..core.contacts import Contacts, DesiredContact, desired_contacts
from ..core.errors import InvalidInput, SentoriError
from ..core.fields import ADDRESS, is_blank
from ..core.import_run import CHOICES
from ..core.plan import OF_CONTACTS
from ..core.seen import SeenAddresses
from ..emails import Placed
from ..importing import ImportingOperator
from ..queries import open_query
from ..run import Tally, counted, run
from ..subscribers import line_about, subscribers_kept

if TYPE_CHECKING:
    from collections.abc import Collection

    from airflow.providers.common.compat.sdk import Context

    from ..core.fields import Contact
    from ..core.imports import ImportResult
    from ..hooks.sentori import SentoriHook
    from ..importing import OpenRows

INTO = ("import", "contacts", "subscribers")
PAGE = 1000

_OF_ALL = ("columns", "plan_only", "sentori_conn_id")
_OF_FIELDS = {"ignore_unmapped": False, "on_blank": "keep"}
_OF_IMPORTS = {
    name: parameter.default
    for name, parameter in signature(ImportingOperator.__init__).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY and name not in (*_OF_ALL, *_OF_FIELDS)
}
_OF_SUBSCRIBERS = ("mailing_list", "state", "exact", "max_unsubscribes", "allow_empty", "create_missing")


class SqlToSentoriOperator(ImportingOperator):
    """What a query finds is true in Sentori: imported, kept as Contacts one by one, or as a Mailing List's subscribers.

    The result is read in pages over a cursor that leaves it in the database, where the driver has one. With
    ``subscribers`` the addresses are held in memory, with the others one page is.

    It fails, and returns, as SentoriImportOperator does; with ``contacts``, ``changed``, ``summary``, ``api`` and
    ``plan_only``; with ``subscribers`` as SentoriSubscribersOperator.

    :param sql: one SELECT, or the path of a ``.sql`` file. The query says which rows; it is not for changing any.
    :param sql_conn_id: a connection of Airflow whose hook is a DbApiHook.
    :param parameters: the query's parameters, as its driver takes them.
    :param hook_params: what the hook of that connection is made with.
    :param columns: column of the result -> Contact Field, where the names differ. One is EmailAddress, and for
        ``subscribers`` that is all that is used.
    :param into: ``import`` (Sentori's bulk import, with all arguments of SentoriImportOperator but those of a file),
        ``contacts`` (one call for each that differs, and no Upload Group), or ``subscribers`` of ``mailing_list``.
    :param mailing_list: with ``subscribers``, the Mailing List's ExternalID or name.
    :param state: with ``subscribers``, ``subscribed`` (if not given) or ``unsubscribed``.
    :param exact: with ``subscribers``, everybody else is taken off the list.
    :param max_unsubscribes: with ``exact``, how many that may be: a number, or a percentage such as ``5%``.
    :param allow_empty: with ``exact``, no rows at all empty the list.
    :param create_missing: with ``subscribers``, add those first who are no Contacts.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = (
        "sql",
        "sql_conn_id",
        "parameters",
        "hook_params",
        "into",
        "mailing_list",
        "state",
        "exact",
        "max_unsubscribes",
        "allow_empty",
        "create_missing",
        *ImportingOperator.template_fields,
    )
    template_ext: Sequence[str] = (".sql",)
    template_fields_renderers: ClassVar[dict[str, str]] = {
        "sql": "sql",
        "parameters": "json",
        "hook_params": "json",
        **ImportingOperator.template_fields_renderers,
    }

    def __init__(
        self,
        *,
        sql: str,
        sql_conn_id: str,
        parameters: Mapping[str, Any] | Sequence[Any] | None = None,
        hook_params: Mapping[str, Any] | None = None,
        into: str = "import",
        mailing_list: str | None = None,
        state: str | None = None,
        exact: bool | str | None = None,
        max_unsubscribes: int | str | None = None,
        allow_empty: bool | str | None = None,
        create_missing: bool | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.sql = sql
        self.sql_conn_id = sql_conn_id
        self.parameters = parameters
        self.hook_params = hook_params
        self.into = into
        self.mailing_list = mailing_list
        self.state = state
        self.exact = exact
        self.max_unsubscribes = max_unsubscribes
        self.allow_empty = allow_empty
        self.create_missing = create_missing

    def execute(self, context: Context) -> dict[str, Any]:
        if self.into == "contacts":
            return self._into_contacts(context)
        if self.into == "subscribers":
            return self._into_subscribers(context)
        return self._imported(context, self._rows)

    def _import(self, hook: SentoriHook, context: Context, open_rows: OpenRows) -> ImportResult:
        self._check_options()
        return super()._import(hook, context, open_rows)

    def _into_contacts(self, context: Context) -> dict[str, Any]:
        tally, statistics = run(self.sentori_conn_id, self._keep_contacts, Tally.failure)
        result = {
            "changed": tally.changed,
            "summary": tally.summary,
            "api": asdict(statistics),
            "plan_only": coercion.boolean(self.plan_only, "plan_only"),
        }
        self.log.info(
            "Contacts: %s%s; requests: %d, retries: %d, seconds waited: %g",
            "would be " if result["plan_only"] else "",
            counted(tally.summary),
            *asdict(statistics).values(),
        )
        self._tell(context, result)
        return result

    def _keep_contacts(self, hook: SentoriHook) -> Tally:
        self._check_options()
        api = hook.get_conn()
        contacts = Contacts(api, hook.settings.concurrency)
        plan_only = coercion.boolean(self.plan_only, "plan_only")
        tally = Tally("rows", OF_CONTACTS)
        try:
            with self._rows(AccountFields(api.contact_structure, {})) as rows, self._progress() as progress:
                for desired in self._pages(iter(rows)):
                    progress.take(len(desired), None)
                    for one, outcome in zip(desired, contacts.run(desired, dry_run=plan_only), strict=True):
                        tally.add(outcome, one.option)
                    progress.through(len(desired))
        except SentoriError as error:
            if not tally.summary["total"]:
                raise
            raise error.followed_by(f"Before that: {counted(tally.summary)}.") from None
        return tally

    def _pages(self, rows: Iterator[sources.Row]) -> Iterator[list[DesiredContact]]:
        """Contacts as they should be, a page at a time. Raises InvalidInput for an address that came before."""
        seen = SeenAddresses()
        while page := list(islice(rows, PAGE)):
            places = [row.place for row in page]
            desired = desired_contacts([self._without_blanks(row) for row in page], places=places)
            for one in desired:
                if not seen.add(one.email):
                    raise InvalidInput("an earlier row has the same address.", option=one.option)
            yield desired

    def _without_blanks(self, row: sources.Row) -> Contact:
        """The row's fields as ``on_blank`` has them."""
        if self.on_blank == "clear":
            return row.fields
        blank = [name for name, value in row.fields.items() if name != ADDRESS and is_blank(value)]
        if blank and self.on_blank == "error":
            raise InvalidInput("this is empty, and on_blank is error.", option=f"{row.place}.{blank[0]}")
        return {name: value for name, value in row.fields.items() if name not in blank}

    def _into_subscribers(self, context: Context) -> dict[str, Any]:
        (tally, mailing_list), statistics = run(
            self.sentori_conn_id, self._keep_subscribers, lambda kept: kept[0].failure()
        )
        result = {
            "changed": tally.changed,
            "mailing_list": mailing_list,
            "summary": tally.summary,
            "added": tally.added,
            "api": asdict(statistics),
            "plan_only": coercion.boolean(self.plan_only, "plan_only"),
        }
        self.log.info("%s", line_about(result))
        self._tell(context, result)
        return result

    def _keep_subscribers(self, hook: SentoriHook) -> tuple[Tally, str]:
        self._check_options()
        with self._rows(None) as rows:
            given = [(row.place, row.fields[ADDRESS]) for row in rows]
        return subscribers_kept(
            hook,
            self.mailing_list,
            Placed([*distinct(given)], [place for place, _ in given]),
            self.state or "subscribed",
            exact=coercion.boolean(self.exact or False, "exact"),
            max_unsubscribes=self.max_unsubscribes,
            allow_empty=coercion.boolean(self.allow_empty or False, "allow_empty"),
            create_missing=coercion.boolean(self.create_missing or False, "create_missing"),
            dry_run=coercion.boolean(self.plan_only, "plan_only"),
        )

    def _check_options(self) -> None:
        """Raises InvalidInput for an argument that goes with another ``into``."""
        if self.into not in INTO:
            raise InvalidInput(f"one of {', '.join(INTO)} is needed.", option="into")
        for option, default in _OF_IMPORTS.items():
            if self.into != "import" and getattr(self, option) != default:
                raise InvalidInput("goes with into import only.", option=option)
        for option in _OF_SUBSCRIBERS:
            if self.into != "subscribers" and getattr(self, option) is not None:
                raise InvalidInput("goes with into subscribers only.", option=option)
        for option, default in _OF_FIELDS.items():
            if self.into == "subscribers" and getattr(self, option) != default:
                raise InvalidInput("goes with into import and contacts only.", option=option)
        if self.on_blank not in CHOICES["on_blank"]:
            raise InvalidInput(f"one of {', '.join(CHOICES['on_blank'])} is needed.", option="on_blank")

    @contextmanager
    def _rows(self, known_fields: Collection[str] | None) -> Iterator[sources.Rows]:
        with open_query(self.sql_conn_id, self.sql, self.parameters, self.hook_params, PAGE) as table:
            yield sources.table_rows(
                table.names,
                table.records,
                "sql",
                columns=self.columns,
                ignore_unmapped=coercion.boolean(self.ignore_unmapped, "ignore_unmapped"),
                known_fields=known_fields,
            )
