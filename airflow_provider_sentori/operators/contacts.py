# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The operator for one contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from .._internal.memory.arguments import MemoryOperator
from .._internal.run import failure_of_one, run_task
from ..core import redaction
from ..core.errors import InvalidInput

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from ..core.fields import FieldValue
    from ..core.runs.outcome import Outcome
    from ..hooks.sentori import SentoriHook


class SentoriContactOperator(MemoryOperator):
    """Ensure that a contact exists with these fields, has a new address, or does not exist.

    The contact is read first, and written only if something differs, so running the task again is harmless.
    If a retry may help (no network, no response, an overloaded Sentori) the task fails with AirflowException, and its
    ``retries`` apply; otherwise (a wrong key, a field that the account does not have) with AirflowFailException, and
    they do not.

    Returns ``changed``, ``action`` (``created updated deleted unchanged``), ``email_hash`` (16 hex digits that
    stand for ``email``), ``fields`` (the names of those that changed), ``warnings``, ``api`` (``requests retries
    waited_seconds``) and ``plan_only``. Neither this nor the log contains an address or a value.

    :param email: the address of the contact. It is rendered as ``contact_email``: Airflow sends e-mail about failed
        tasks to an operator's ``email``, which must not be the contact.
    :param state: ``present``, or ``absent``; deleting a contact does not suppress it.
    :param fields: contact field -> value. Other fields stay unchanged; None and ``""`` both mean blank.
    :param new_email: the new address of the contact.
    :param state_file: with ``new_email``, the state file of SentoriSubscribersOperator, which remembers who has left a
        mailing list: this moves along to the new address.
    :param state_conn_id: instead of ``state_file``, the connection of the table that remembers it.
    :param state_table: as in SentoriImportOperator.
    :param state_key: with ``state_conn_id``, the ``state_key`` of the tasks that remember the person.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = (
        "contact_email",
        "state",
        "fields",
        "new_email",
        *MemoryOperator.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"fields": "json"}

    def __init__(
        self,
        *,
        email: str,
        state: str = "present",
        fields: Mapping[str, FieldValue] | None = None,
        new_email: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.contact_email = email
        self.state = state
        self.fields = fields
        self.new_email = new_email

    def execute(self, context: Context) -> dict[str, Any]:
        outcome, statistics = run_task(self._connected(), lambda hook: self._apply(hook, context), failure_of_one)
        email_hash, fields = redaction.digest(outcome.email), outcome.changed_fields
        result = {
            "changed": outcome.changed,
            "action": outcome.action,
            "email_hash": email_hash,
            "fields": fields,
            "warnings": list(outcome.warnings),
        }
        names = f" ({', '.join(fields)})" if fields else ""
        line = f"Contact {email_hash}: {self._predicted(outcome.action)}{names}"
        return self._complete(context, line, statistics, result, outcome.warnings)

    def _apply(self, hook: SentoriHook, context: Context) -> Outcome:
        from ..core.contacts.apply import apply_contact
        from ..core.contacts.desired import desired_contact

        desired = desired_contact(self.contact_email, self.state, self.fields, self.new_email)
        memory = self._memory(context)
        if self.state_conn_id is not None and self.state_key is None:
            message = "is needed with state_conn_id: the state_key of the tasks that remember the person."
            raise InvalidInput(message, option="state_key")
        return apply_contact(hook.get_conn(), desired, dry_run=self.is_dry_run, memory=memory)
