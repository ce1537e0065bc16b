# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The operators for mailing lists: one address, or many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._internal.emails import Emails, Placed, placed
from .._internal.operator import SentoriOperator
from .._internal.run import failure_of_one, run_task
from .._internal.subscribers_operator import SubscribersOperator
from ..core import redaction
from ..core.lists.options import apply_subscription

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context, ObjectStoragePath, XComArg

    from ..core.runs.outcome import Outcome
    from ..hooks.sentori import SentoriHook


class SentoriSubscriptionOperator(SentoriOperator):
    """Subscribe a contact to a mailing list, unsubscribe it, or suppress the address for good.

    Everything that can be read is read first, and nothing is sent for a contact that is already up to date. The task
    fails as SentoriContactOperator does, and for an address that is suppressed, bad or without a contact, which is not
    subscribed.

    Returns ``changed``, ``action`` (``subscribed unsubscribed suppressed unchanged unverifiable``), ``email_hash``,
    ``mailing_list`` (its ExternalID, or None), ``added`` (whether a contact was added), ``api`` and ``plan_only``.
    ``unverifiable``: the request is sent, and nothing shows its effect; it does not count as a change.

    :param email: the address. It is rendered as ``contact_email``, as in SentoriContactOperator.
    :param mailing_list: the mailing list's ExternalID, or its exact name if only one list has it. Required, except
        with ``suppressed``.
    :param state: ``subscribed``; ``unsubscribed``, from this one list; or ``suppressed``: off every list, and on the
        Suppression List for good.
    :param create_missing: add the contact first if it does not exist; with ``subscribed``.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = (
        "contact_email",
        "mailing_list",
        "state",
        "create_missing",
        *SentoriOperator.template_fields,
    )

    def __init__(
        self,
        *,
        email: str,
        mailing_list: str | None = None,
        state: str = "subscribed",
        create_missing: bool | str = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.contact_email = email
        self.mailing_list = mailing_list
        self.state = state
        self.create_missing = create_missing

    def execute(self, context: Context) -> dict[str, Any]:
        (outcome, mailing_list), statistics = run_task(
            self.sentori_conn_id, self._apply, lambda applied: failure_of_one(applied[0])
        )
        email_hash = redaction.digest(outcome.email)
        result = {
            "changed": outcome.changed,
            "action": outcome.action,
            "email_hash": email_hash,
            "mailing_list": mailing_list,
            "added": outcome.added,
        }
        on_list = f" and mailing list {mailing_list}" if mailing_list else ""
        added = " (and added first)" if outcome.added else ""
        line = f"Contact {email_hash}{on_list}: {self._predicted(outcome.action)}{added}"
        return self._complete(context, line, statistics, result)

    def _apply(self, hook: SentoriHook) -> tuple[Outcome, str | None]:
        return apply_subscription(
            hook.get_conn(),
            self.contact_email,
            self.mailing_list,
            self.state,
            create_missing=self._boolean("create_missing"),
            dry_run=self.is_dry_run,
        )


class SentoriSubscribersOperator(SubscribersOperator):
    """Subscribe many addresses to a mailing list, unsubscribe them, or have exactly these on the list.

    The list is read once before, and once after if anything was sent. An address that fails does not stop the others:
    the task fails at the end, with the counts and the first reasons. If a retry may help one of them, the task's
    ``retries`` apply.

    Returns ``changed``, ``mailing_list`` (its ExternalID), ``summary`` (``total``, and how many are ``subscribed
    unsubscribed unchanged unverifiable failed in_doubt``), ``added`` (how many contacts were added), ``api`` and
    ``plan_only``. Neither this, nor the log, nor a rendered template contains an address.

    :param mailing_list: the mailing list's ExternalID, or its exact name if only one list has it.
    :param emails: the addresses: a list, another task's output, or a template in a DAG that renders to native
        objects. They are resolved when the task runs.
    :param emails_path: instead of ``emails``, a file in UTF-8 with one address a line: a path or URL as
        ObjectStoragePath takes it.
    :param state: ``subscribed``, or ``unsubscribed`` from this one list, which suppresses nobody.
    :param exact: remove all other subscribers from the list; with ``subscribed``.
    :param max_unsubscribes: with ``exact``, how many subscribers may be removed: a number, or a percentage of the
        subscribers such as ``5%``. If it would be more, nothing is sent.
    :param allow_empty: with ``exact``, accept that no addresses at all empty the list.
    :param create_missing: add addresses without a contact first; with ``subscribed``.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``; its ``concurrency`` is the number of requests at once.
    """

    template_fields: Sequence[str] = ("emails", "emails_path", *SubscribersOperator.template_fields)

    def __init__(
        self,
        *,
        emails: Sequence[str] | XComArg | str | None = None,
        emails_path: str | ObjectStoragePath | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.emails = None if emails is None else Emails(emails)
        self.emails_path = emails_path

    def _addresses(self, context: Context) -> Placed:
        return placed(self.emails, self.emails_path, self, context)
