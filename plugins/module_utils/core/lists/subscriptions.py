# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A run over one mailing list: these addresses are on it, off it, or exactly these are on it.

Sentori shows two things: ``mailinglists/subscribers`` (subscribed *and* emailable) and ``contact/get``. No list shows
a contact that is suppressed or has a bad address, and no page documents whether it shows an unconfirmed one: whether
such a contact was taken off a list cannot be checked, and is ``unverifiable``.
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import addresses
from ..addresses import comparable
from ..api.client import SentoriApi
from ..contacts.reader import Found, find_all
from ..errors import InvalidInput
from ..runs.outcome import FAILED, Outcome
from . import limit
from .apply import Applier
from .lookup import MailingList
from .membership import Members, among, extent
from .plan import Step, subscribe_step, unsubscribe_step


class Subscriptions:
    """One run over one mailing list, given by its ExternalID or its exact name."""

    def __init__(self, api: SentoriApi, mailing_list: object, concurrency: int = 1) -> None:
        """Raises InvalidInput for what can be neither an ExternalID nor a name; sends nothing."""
        self._api = api
        self._list = MailingList(api, mailing_list)
        self._concurrency = concurrency

    @property
    def mailing_list_id(self) -> str:
        """The list's ExternalID, known since the list was read."""
        return self._list.find_id()

    def subscribe(
        self,
        emails: Sequence[object],
        *,
        create_missing: bool = False,
        dry_run: bool = False,
        option: str = "emails[{}]",
    ) -> list[Outcome]:
        """Subscribe these addresses: one Outcome an address, in order.

        An address that is suppressed, is bad or has no contact (without ``create_missing``) fails before any write.
        ``option`` is where an address is in the user's input, ``{}`` being its position.
        Raises InvalidInput, before any write, for a malformed or repeated address and for an unknown list.
        """
        wanted = _checked(emails, option)
        members = self._members(wanted)
        return self._run(self._subscribe_steps(wanted, members, create_missing), dry_run)

    def unsubscribe(
        self, emails: Sequence[object], *, dry_run: bool = False, option: str = "emails[{}]"
    ) -> list[Outcome]:
        """Unsubscribe these addresses from this list only: nobody is suppressed. Otherwise as ``subscribe``."""
        wanted = _checked(emails, option)
        members = self._members(wanted)
        found = self._contacts([email for email in wanted if comparable(email) not in members])
        steps = [unsubscribe_step(email, members.get(comparable(email)), found.get(email)) for email in wanted]
        return self._run(steps, dry_run)

    def make_exact(
        self,
        emails: Sequence[object],
        *,
        max_unsubscribes: object,
        allow_empty: bool = False,
        create_missing: bool = False,
        dry_run: bool = False,
    ) -> list[Outcome]:
        """Have these and no other addresses on the list; the Outcomes of removed subscribers follow the others.

        Raises InvalidInput, before any write, if more would be removed than ``max_unsubscribes`` allows: a
        number, or a percentage of the list's subscribers such as ``5%``. No addresses at all need ``allow_empty``.
        """
        limit_of_removals = limit.parse_limit(max_unsubscribes)
        wanted = _checked(emails)
        if not wanted and not allow_empty:
            message = "no addresses are given, and exact would empty the list. Set allow_empty if that is intended."
            raise InvalidInput(message, option="emails")
        whole = self._list.read(lambda subscribers: extent(wanted, subscribers))
        limit.check(limit_of_removals, whole.others, len(whole.wanted) + len(whole.others))
        staying = self._subscribe_steps(wanted, whole.wanted, create_missing)
        leaving = [unsubscribe_step(address, address, None) for address in whole.others]
        if leaving and not allow_empty and all(step.outcome.action == FAILED for step in staying):
            raise InvalidInput(
                f"none of these {len(wanted)} addresses is on the list or can be subscribed, and exact would empty the"
                f" list. The first: {staying[0].outcome.reason} Set allow_empty if that is intended.",
                option="emails",
            )
        return self._run([*staying, *leaving], dry_run)

    def _run(self, steps: Sequence[Step], dry_run: bool) -> list[Outcome]:
        if dry_run:
            return [step.predicted for step in steps]
        return Applier(self._api, self._list, self._concurrency).apply(steps)

    def _subscribe_steps(self, emails: Sequence[str], members: Members, create_missing: bool) -> list[Step]:
        found = self._contacts([email for email in emails if comparable(email) not in members])
        return [
            subscribe_step(email, members.get(comparable(email)), found.get(email), create_missing) for email in emails
        ]

    def _contacts(self, emails: Sequence[str]) -> dict[str, Found]:
        return dict(zip(emails, find_all(self._api, emails, self._concurrency)))

    def _members(self, emails: Sequence[str]) -> Members:
        """Which of these addresses are on the list now."""
        return self._list.read(lambda subscribers: among(emails, subscribers))


def _checked(emails: Sequence[object], option: str = "emails[{}]") -> list[str]:
    return addresses.distinct((option.format(position), email) for position, email in enumerate(emails))
