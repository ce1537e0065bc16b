# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The hook: Sentori's API over a connection of Airflow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from airflow.providers.common.compat.sdk import BaseHook

from .._internal import connection_form
from .._internal.connection import naming_the_field, settings_of
from ..core.errors import InvalidInput, SentoriError
from ..core.http.settings import Settings

if TYPE_CHECKING:
    from ..core.api.client import SentoriApi
    from ..core.api.subscribers import Subscriber
    from ..core.fields import Contact, FieldValue
    from ..core.http.transport import Transport
    from ..core.runs.result import RunResult

LONGEST_TEST_TIMEOUT = 10.0


class SentoriHook(BaseHook):
    """Sentori's API, for one account.

    In a ``with`` block the connections are closed at its end::

        with SentoriHook() as hook:
            contact = hook.get_contact("mary@example.com")

    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    conn_name_attr = "sentori_conn_id"
    default_conn_name = "sentori_default"
    conn_type = "sentori"
    hook_name = "Sentori"

    def __init__(self, sentori_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.sentori_conn_id = sentori_conn_id
        self._transport: Transport | None = None
        self._is_stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        """Only the id of the connection: neither its key nor what is open."""
        return vars(type(self)(self.sentori_conn_id))

    @cached_property
    def settings(self) -> Settings:
        """The connection's options. Raises InvalidInput, naming the connection's field."""
        return settings_of(self.get_connection(self.sentori_conn_id))

    def get_conn(self) -> SentoriApi:
        """The client of Sentori's API, over HTTP connections that are kept until ``close``.

        Raises InvalidInput, naming the connection's field; its methods raise a SentoriError.
        """
        from ..core.api.client import SentoriApi

        if self._transport is None:
            self._transport = _transport(self.settings)
        if self._is_stopped:
            self._transport.stop()
        return SentoriApi(self._transport)

    def stop(self) -> None:
        """Send no more requests; what is under way has three seconds. The handler of a signal can call it."""
        self._is_stopped = True
        if self._transport is not None:
            self._transport.stop()

    def get_contact(self, email: str) -> Contact | None:
        """The contact with this address, field -> value, or None. Raises a SentoriError."""
        from ..core.contacts.reader import get_or_none

        return get_or_none(self.get_conn(), email)

    def get_contacts(self, emails: Sequence[str]) -> list[Contact | None]:
        """The contact of each address, or None, in the order given; the connection's ``concurrency`` reads at once.

        Raises InvalidInput, naming the place of what is not an address, before any request; SentoriError if one
        contact cannot be read.
        """
        from ..core.contacts.info import get_all

        return get_all(self.get_conn(), emails, self.settings.concurrency)

    def subscribers(self, mailing_list: str) -> list[Subscriber]:
        """The subscribers of a mailing list that can be mailed: SystemID and EmailAddress, in memory.

        ``mailing_list``: its ExternalID, or its exact name if only one has it. For a list of any length there are
        SentoriExportOperator and SentoriToSqlOperator. Raises InvalidInput for an unknown list, or a SentoriError.
        """
        from ..core.lists.lookup import MailingList

        return MailingList(self.get_conn(), mailing_list).read_subscribers(list)

    def mailing_lists(self) -> list[dict[str, Any]]:
        """All mailing lists: ExternalID, Name, Description. Raises a SentoriError."""
        return self.get_conn().mailing_lists()

    def draft_emails(self) -> list[dict[str, Any]]:
        """All draft emails: ExternalID, Name, Description, Created, CreatedBy, Modified, ModifiedBy.

        Raises a SentoriError.
        """
        return self.get_conn().draft_emails()

    def contact_fields(self) -> Contact:
        """The account's importable fields, each with an example of its value. Raises a SentoriError."""
        return self.get_conn().contact_structure()

    def apply_contacts(
        self,
        contacts: Sequence[Mapping[str, FieldValue]],
        *,
        state: str = "present",
        on_blank: str = "clear",
        plan_only: bool = False,
    ) -> RunResult:
        """Have these contacts present with these fields, or absent.

        Each is a mapping of fields to values, with EmailAddress. One that cannot be applied raises nothing and does not
        stop the others: it is in the result's ``problems``, and counted in its ``summary``.
        Raises a SentoriError that concerns all of them.
        """
        from ..core.contacts.bulk import apply_contacts
        from ..core.rows.sources import given_rows
        from ..core.runs.outcome import OF_CONTACTS
        from ..core.runs.recorder import Recorder

        return apply_contacts(
            self.get_conn(),
            lambda schema: given_rows(contacts),
            Recorder(OF_CONTACTS),
            state=state,
            on_blank=on_blank,
            concurrency=self.settings.concurrency,
            dry_run=plan_only,
        )

    def apply_subscribers(
        self,
        mailing_list: str,
        emails: Sequence[str],
        *,
        state: str = "subscribed",
        create_missing: bool = False,
        plan_only: bool = False,
    ) -> RunResult:
        """Have these contacts on a mailing list, or ``unsubscribed`` from it; the result is as of ``apply_contacts``.

        ``create_missing``: add contacts that do not exist. Raises InvalidInput; SentoriError that concerns all of them.
        """
        from ..core.lists.bulk import apply_subscribers
        from ..core.rows.sources import given_addresses
        from ..core.runs.outcome import OF_SUBSCRIPTIONS
        from ..core.runs.recorder import Recorder
        from ..core.runs.thresholds import Thresholds

        recorder = Recorder(OF_SUBSCRIPTIONS)
        apply_subscribers(
            self.get_conn(),
            mailing_list,
            lambda: given_addresses(emails),
            recorder,
            Thresholds("100%"),
            state=state,
            create_missing=create_missing,
            concurrency=self.settings.concurrency,
            dry_run=plan_only,
        )
        return recorder.result

    def apply_suppressions(
        self, emails: Sequence[str], *, max_suppressions: int | str, state: str = "suppressed", plan_only: bool = False
    ) -> RunResult:
        """Suppress these addresses for good, or have them ``erased``; the result is as of ``apply_contacts``.

        ``max_suppressions``: how many may be newly suppressed, as a number or a percentage such as ``1%``; if it would
        be more, nothing is sent. Raises InvalidInput; SentoriError that concerns all of them.
        """
        from ..core.rows.sources import given_addresses
        from ..core.runs.outcome import OF_SUPPRESSIONS
        from ..core.runs.recorder import Recorder
        from ..core.suppressions.bulk import apply_suppressions

        return apply_suppressions(
            self.get_conn(),
            lambda: given_addresses(emails),
            Recorder(OF_SUPPRESSIONS),
            state=state,
            max_suppressions=max_suppressions,
            concurrency=self.settings.concurrency,
            dry_run=plan_only,
        )

    def import_contacts(
        self,
        contacts: Iterable[Mapping[str, FieldValue]],
        *,
        name: str | None = None,
        scope: str = "changed",
        attach_to: str | None = None,
        plan_only: bool = False,
    ) -> RunResult:
        """Import rows by Sentori's bulk import, as SentoriImportOperator does; the result is as of ``apply_contacts``.

        Its ``upload_groups`` are the ExternalIDs of those that the import has made.
        Raises InvalidInput; SentoriError that is met before any row has an outcome.
        """
        from ..core.imports.options import ImportOptions
        from ..core.imports.run import import_rows
        from ..core.rows.sources import given_rows
        from ..core.runs.outcome import OF_IMPORTS
        from ..core.runs.recorder import Recorder

        options = ImportOptions(name=name, scope=scope, attach_to=attach_to, concurrency=self.settings.concurrency)
        return import_rows(
            self.get_conn(),
            lambda schema: given_rows(contacts, schema=schema),
            options,
            Recorder(OF_IMPORTS),
            dry_run=plan_only,
        )

    def attach_upload_group(self, upload_group: str, attach_to: str) -> None:
        """Attach an upload group to a draft email, given by its ExternalID or exact name.

        Raises InvalidInput before the request if there is no such draft; SentoriError.
        """
        from ..core.imports.upload_groups import attach

        attach(self.get_conn(), upload_group, attach_to)

    def close(self) -> None:
        """Close what ``get_conn`` has opened; calling it again does nothing."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def test_connection(self) -> tuple[bool, str]:
        """Whether the key opens an account, and one sentence about it. Sends one read, without retries."""
        from ..core.api.client import SentoriApi
        from ..core.fields import ADDRESS

        try:
            bounded = replace(self.settings, timeout=min(self.settings.timeout, LONGEST_TEST_TIMEOUT), max_wait=0)
            with _transport(bounded) as transport:
                structure = SentoriApi(transport).contact_structure()
        except InvalidInput as refusal:
            return False, str(refusal)
        except SentoriError as error:
            return False, error.message[:1].upper() + error.message[1:]
        if ADDRESS not in structure:
            return False, f"No Sentori response from {bounded.host}: its contact fields lack {ADDRESS}. Check the URL."
        return True, f"{bounded.host} accepts the API key. The account has {len(structure)} contact fields."

    @classmethod
    def get_connection_form_widgets(cls) -> dict[str, Any]:
        """The form's extras, for Airflow before 3.2."""
        return connection_form.hook_widgets()

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, Any]:
        """The form's other fields, for Airflow before 3.2."""
        return connection_form.hook_field_behaviour()


def _transport(settings: Settings) -> Transport:
    from ..core.http.transport import Transport

    try:
        return Transport(settings)
    except InvalidInput as refusal:
        raise naming_the_field(refusal) from None
