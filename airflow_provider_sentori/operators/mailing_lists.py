# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The operators for mailing lists: one address, or many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from .._internal.bulk.addresses import OF_SOURCE, AddressesOperator
from .._internal.bulk.subscribers import SubscribersOperator
from .._internal.operator import SentoriOperator
from .._internal.run import failure_of_one, run_task
from ..core import redaction

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from ..core.runs.outcome import Outcome
    from ..hooks.sentori import SentoriHook


class SentoriSubscriptionOperator(SentoriOperator):
    """Subscribe a contact to a mailing list, unsubscribe it, or suppress the address for good.

    Everything that can be read is read first, and nothing is sent for a contact that is already up to date. The task
    fails as SentoriContactOperator does, and for an address that is suppressed, bad or without a contact, which is not
    subscribed.

    A person who has left the list by the link in an e-mail is subscribed again, because Sentori does not show who has
    left. SentoriSubscribersOperator with ``state_file`` or ``state_conn_id`` leaves such people alone.

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
            self._connected(), self._apply, lambda applied: failure_of_one(applied[0])
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
        from ..core.lists.options import apply_subscription

        return apply_subscription(
            hook.get_conn(),
            self.contact_email,
            self.mailing_list,
            self.state,
            create_missing=self._boolean("create_missing"),
            dry_run=self.is_dry_run,
        )


class SentoriSubscribersOperator(AddressesOperator, SubscribersOperator):
    """Subscribe many addresses to a mailing list, unsubscribe them, or have exactly these on the list.

    The list is read once before, and once after if anything was sent (with ``exact`` after it has subscribed, and after
    it has removed). An address that is invalid, a duplicate, rejected
    or not mailable never stops the others. The task fails as SentoriImportOperator does, and pushes its result to the
    XCom key ``sentori_result`` then.

    Returns ``changed``, ``complete``, ``mailing_list`` (its ExternalID), ``summary`` (``total``, and how many are
    ``subscribed unsubscribed unchanged unverifiable not_mailable left duplicate invalid rejected in_doubt failed``),
    ``added`` (how many contacts were added), ``columns`` (as SentoriImportOperator), ``warnings``, ``report`` and
    ``rejects`` (their URLs, or None), ``api`` and ``plan_only``. Neither this, nor the log, nor a rendered template
    contains an address.

    :param mailing_list: the mailing list's ExternalID, or its exact name if only one list has it.
    :param emails: the addresses: a list, another task's output, or a template in a DAG that renders to native
        objects. They are resolved when the task runs.
    :param source: instead of ``emails``, a file with the addresses: one address a line (``.txt``), CSV with a header,
        JSON Lines, or a JSON array of objects (``.json``), each also compressed by gzip: a path or URL as
        ObjectStoragePath takes it.
    :param columns: ``{"email": "EmailAddress"}``, if the column of ``source`` with the addresses has another name than
        EmailAddress. Other columns are not used.
    :param delimiter: as in SentoriImportOperator.
    :param encoding: as in SentoriImportOperator.
    :param source_format: as in SentoriImportOperator.
    :param strip: as in SentoriImportOperator.
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
    :param rejects: as in SentoriImportOperator.
    :param max_rejected: how many addresses may be invalid or rejected: a number, or a percentage such as ``1%``.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``; its ``concurrency`` is the number of requests at once.
    """

    template_fields: Sequence[str] = (
        "emails",
        "source",
        *OF_SOURCE,
        *SubscribersOperator.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"columns": "json"}
