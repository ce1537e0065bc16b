# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A Contact is kept true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from .. import coercion
from ..core import redact
from ..core.contacts import Contacts, desired_contact
from ..core.errors import InvalidInput
from ..hooks.sentori import SentoriHook
from ..operator import SentoriOperator
from ..run import failure_of_one, run

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from ..core.fields import FieldValue
    from ..core.plan import Outcome


class SentoriContactOperator(SentoriOperator):
    """A Contact is present with these fields, has a new address, or is absent.

    The Contact is read first, and written only if something differs, so running the task again is harmless.
    Where running it again may help (no network, no answer, an overloaded Sentori) it fails with AirflowException,
    and the task's ``retries`` apply; otherwise (a wrong key, a field that the account does not have) with
    AirflowFailException, and they do not.

    Returns ``changed``, ``action`` (``created updated deleted unchanged``), ``email_hash`` (16 hex digits that
    stand for ``email``), ``fields`` (the names of those that changed), ``warnings``, ``api`` (``requests retries
    waited_seconds``) and ``plan_only``. Neither this nor the log holds an address or a value.

    :param email: the address of the Contact. It is rendered as ``contact_email``: an operator's ``email`` is whom
        Airflow mails when the task fails, and that is not the Contact.
    :param state: ``present``, or ``absent``; deleting is not suppressing.
    :param fields: Contact Field -> value. What is left out is left alone; None and ``""`` both mean blank.
    :param new_email: the address that the Contact is to have from now on.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = ("contact_email", "state", "fields", "new_email", "plan_only", "sentori_conn_id")
    template_fields_renderers: ClassVar[dict[str, str]] = {"fields": "json"}

    def __init__(
        self,
        *,
        email: str,
        state: str = "present",
        fields: Mapping[str, FieldValue] | None = None,
        new_email: str | None = None,
        plan_only: bool | str = False,
        sentori_conn_id: str = SentoriHook.default_conn_name,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.contact_email = email
        self.state = state
        self.fields = fields
        self.new_email = new_email
        self.plan_only = plan_only
        self.sentori_conn_id = sentori_conn_id

    def execute(self, context: Context) -> dict[str, Any]:
        outcome, statistics = run(self.sentori_conn_id, self._keep_true, failure_of_one)
        result = {
            "changed": outcome.changed,
            "action": outcome.action,
            "email_hash": redact.digest(outcome.email),
            "fields": outcome.changed_fields,
            "warnings": list(outcome.warnings),
            "api": asdict(statistics),
            "plan_only": coercion.boolean(self.plan_only, "plan_only"),
        }
        self._log_result(result)
        self._tell(context, result)
        return result

    def _keep_true(self, hook: SentoriHook) -> Outcome:
        if self.state not in ("present", "absent"):
            raise InvalidInput("present or absent is needed.", option="state")
        plan_only = coercion.boolean(self.plan_only, "plan_only")
        desired = desired_contact(self.contact_email, self.state, self.fields, self.new_email)
        return Contacts(hook.get_conn()).run([desired], dry_run=plan_only)[0]

    def _log_result(self, result: Mapping[str, Any]) -> None:
        for warning in result["warnings"]:
            self.log.warning("%s", warning)
        self.log.info(
            "Contact %s: %s%s%s; requests: %d, retries: %d, seconds waited: %g",
            result["email_hash"],
            "would be " if result["plan_only"] else "",
            result["action"],
            f" ({', '.join(result['fields'])})" if result["fields"] else "",
            *result["api"].values(),
        )
