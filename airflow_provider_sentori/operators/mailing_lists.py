# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contacts are kept on Mailing Lists, off them, or off everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .. import coercion
from ..core import redact
from ..core.declared import keep_subscription
from ..emails import Emails, placed
from ..hooks.sentori import SentoriHook
from ..operator import SentoriOperator
from ..run import Tally, failure_of_one, run
from ..subscribers import line_about, subscribers_kept

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context, ObjectStoragePath, XComArg

    from ..core.plan import Outcome


class SentoriSubscriptionOperator(SentoriOperator):
    """A Contact is on a Mailing List, off it, or is never mailed again.

    What can be read is read first, and nothing is sent for what is so already. It fails as SentoriContactOperator
    does; who is suppressed, has a bad address or is no Contact is not subscribed, and the task fails.

    Returns ``changed``, ``action`` (``subscribed unsubscribed suppressed unchanged unverifiable``), ``email_hash``,
    ``mailing_list`` (its ExternalID, or None), ``added`` (whether a Contact was added), ``api`` and ``plan_only``.
    ``unverifiable``: the call is sent, and nobody can see its effect; it counts as no change.

    :param email: the address. It is rendered as ``contact_email``, as in SentoriContactOperator.
    :param mailing_list: the Mailing List's ExternalID, or its exact name if only one has it. It is needed, but for
        ``suppressed``, which takes none.
    :param state: ``subscribed``; ``unsubscribed``, from this one list; or ``suppressed``: off every list, and on the
        Suppression List for good.
    :param create_missing: add the Contact first if there is none; with ``subscribed``.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = (
        "contact_email",
        "mailing_list",
        "state",
        "create_missing",
        "plan_only",
        "sentori_conn_id",
    )

    def __init__(
        self,
        *,
        email: str,
        mailing_list: str | None = None,
        state: str = "subscribed",
        create_missing: bool | str = False,
        plan_only: bool | str = False,
        sentori_conn_id: str = SentoriHook.default_conn_name,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.contact_email = email
        self.mailing_list = mailing_list
        self.state = state
        self.create_missing = create_missing
        self.plan_only = plan_only
        self.sentori_conn_id = sentori_conn_id

    def execute(self, context: Context) -> dict[str, Any]:
        (outcome, mailing_list), statistics = run(
            self.sentori_conn_id, self._keep_true, lambda kept: failure_of_one(kept[0])
        )
        result = {
            "changed": outcome.changed,
            "action": outcome.action,
            "email_hash": redact.digest(outcome.email),
            "mailing_list": mailing_list,
            "added": outcome.added,
            "api": asdict(statistics),
            "plan_only": coercion.boolean(self.plan_only, "plan_only"),
        }
        self._log_result(result)
        self._tell(context, result)
        return result

    def _keep_true(self, hook: SentoriHook) -> tuple[Outcome, str | None]:
        return keep_subscription(
            hook.get_conn(),
            self.contact_email,
            self.mailing_list,
            self.state,
            create_missing=coercion.boolean(self.create_missing, "create_missing"),
            dry_run=coercion.boolean(self.plan_only, "plan_only"),
        )

    def _log_result(self, result: Mapping[str, Any]) -> None:
        self.log.info(
            "Contact %s%s: %s%s%s; requests: %d, retries: %d, seconds waited: %g",
            result["email_hash"],
            f" and Mailing List {result['mailing_list']}" if result["mailing_list"] else "",
            "would be " if result["plan_only"] else "",
            result["action"],
            " (and added first)" if result["added"] else "",
            *result["api"].values(),
        )


class SentoriSubscribersOperator(SentoriOperator):
    """These addresses are on a Mailing List, off it, or with ``exact`` on it and nobody else.

    The list is read once before, and once after if anything was sent. An address that fails stops no other: the task
    fails at the end, with the counts and the first reasons. If one of those may pass, its ``retries`` apply.

    Returns ``changed``, ``mailing_list`` (its ExternalID), ``summary`` (``total``, and how many are ``subscribed
    unsubscribed unchanged unverifiable failed in_doubt``), ``added`` (how many Contacts were added), ``api`` and
    ``plan_only``. Neither this, nor the log, nor a rendered template holds an address.

    :param mailing_list: the Mailing List's ExternalID, or its exact name if only one has it.
    :param emails: the addresses: a list, another task's output, or a template in a DAG that renders to native
        objects. They are looked up when the task runs.
    :param emails_path: instead of ``emails``, a file in UTF-8 with one address a line: a path or URL as
        ObjectStoragePath takes it.
    :param state: ``subscribed``, or ``unsubscribed`` from this one list, which suppresses nobody.
    :param exact: everybody else is taken off the list; with ``subscribed``.
    :param max_unsubscribes: with ``exact``, how many that may be: a number, or a percentage of the subscribers such
        as ``5%``. If it would be more, nothing is sent.
    :param allow_empty: with ``exact``, no addresses at all empty the list.
    :param create_missing: add those first who are no Contacts; with ``subscribed``.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``; its ``concurrency`` is how many requests there are
        at once.
    """

    template_fields: Sequence[str] = (
        "mailing_list",
        "emails",
        "emails_path",
        "state",
        "exact",
        "max_unsubscribes",
        "allow_empty",
        "create_missing",
        "plan_only",
        "sentori_conn_id",
    )

    def __init__(
        self,
        *,
        mailing_list: str,
        emails: Sequence[str] | XComArg | str | None = None,
        emails_path: str | ObjectStoragePath | None = None,
        state: str = "subscribed",
        exact: bool | str = False,
        max_unsubscribes: int | str | None = None,
        allow_empty: bool | str = False,
        create_missing: bool | str = False,
        plan_only: bool | str = False,
        sentori_conn_id: str = SentoriHook.default_conn_name,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.mailing_list = mailing_list
        self.emails = None if emails is None else Emails(emails)
        self.emails_path = emails_path
        self.state = state
        self.exact = exact
        self.max_unsubscribes = max_unsubscribes
        self.allow_empty = allow_empty
        self.create_missing = create_missing
        self.plan_only = plan_only
        self.sentori_conn_id = sentori_conn_id

    def execute(self, context: Context) -> dict[str, Any]:
        (tally, mailing_list), statistics = run(
            self.sentori_conn_id, lambda hook: self._keep_true(hook, context), lambda kept: kept[0].failure()
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

    def _keep_true(self, hook: SentoriHook, context: Context) -> tuple[Tally, str]:
        return subscribers_kept(
            hook,
            self.mailing_list,
            placed(self.emails, self.emails_path, self, context),
            self.state,
            exact=coercion.boolean(self.exact, "exact"),
            max_unsubscribes=self.max_unsubscribes,
            allow_empty=coercion.boolean(self.allow_empty, "allow_empty"),
            create_missing=coercion.boolean(self.create_missing, "create_missing"),
            dry_run=coercion.boolean(self.plan_only, "plan_only"),
        )
