# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The hook: Sentori's API over a connection of Airflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    from ..core.fields import FieldValue
    from ..core.http.transport import Transport
    from ..core.runs.result import RunResult

LONGEST_TEST_TIMEOUT = 10.0


class SentoriHook(BaseHook):
    """Sentori's API, for one account.

    In a ``with`` block the connections are closed at its end::

        with SentoriHook() as hook:
            contact = hook.get_conn().get_contact("mary@example.com")

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

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
        return SentoriApi(self._transport)

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
