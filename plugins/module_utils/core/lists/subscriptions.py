# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A run over one mailing list: these addresses are on it, off it, or exactly these are on it.

Sentori shows two things: ``mailinglists/subscribers`` (subscribed *and* emailable) and ``contact/get``. No list shows
a contact that is suppressed or has a bad address, and no page documents whether it shows an unconfirmed one: whether
such a contact was taken off a list cannot be checked, and is ``unverifiable``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..addresses import comparable
from ..api.client import SentoriApi
from ..contacts.reader import Found, find_all
from ..errors import InvalidInput, SentoriError
from ..runs.limits import Limit
from ..runs.outcome import LEFT, NOT_MAILABLE, NOT_PLACED, Outcome
from ..runs.progress import Progress
from . import limit
from .apply import Applier
from .departures import Departures, NoDepartures
from .lookup import MailingList
from .membership import Extent, Members, among, extent
from .plan import Step, Wanted, subscribe_step, unsubscribe_step


class Exact(NamedTuple):
    """What an exact list needs: steps for the wanted addresses, and for the subscribers to remove."""

    staying: list[Step]
    leaving: list[Step]


class Subscriptions:
    """One run over one mailing list, given by its ExternalID or its exact name.

    With ``dry_run`` only reads are sent, and outcomes are predicted. Methods take distinct addresses, and return one
    Outcome an address, in order. An address that cannot be subscribed, such as a suppressed one, does not stop the
    others. They raise InvalidInput, before any write, for an unknown list, and what would stop every request.
    """

    def __init__(
        self,
        api: SentoriApi,
        mailing_list: object,
        concurrency: int = 1,
        *,
        progress: Progress | None = None,
        departures: Departures | None = None,
        dry_run: bool = False,
    ) -> None:
        """Raises InvalidInput for what can be neither an ExternalID nor a name; sends nothing."""
        self._api = api
        self._list = mailing_list if isinstance(mailing_list, MailingList) else MailingList(api, mailing_list)
        self._concurrency = concurrency
        self._progress = progress or Progress()
        self._departures = departures or NoDepartures()
        self._dry_run = dry_run
        self.stopped_by: SentoriError | None = None

    @property
    def mailing_list_id(self) -> str:
        """The list's ExternalID, known since the list was read."""
        return self._list.find_id()

    def subscribe(self, wanted: Sequence[Wanted], *, create_missing: bool = False) -> list[Outcome]:
        """Subscribe these addresses; one without a contact is rejected, unless ``create_missing`` adds it."""
        members = self._members(wanted)
        return self.apply(self._subscribe_steps(wanted, members, create_missing))

    def unsubscribe(self, wanted: Sequence[Wanted]) -> list[Outcome]:
        """Unsubscribe these addresses from this list only: nobody is suppressed."""
        members = self._members(wanted)
        found = self._contacts(wanted, members)
        return self.apply([unsubscribe_step(one, _spelled(one, members), found.get(one.email)) for one in wanted])

    def exact(
        self,
        wanted: Sequence[Wanted],
        *,
        max_unsubscribes: Limit,
        allow_empty: bool = False,
        create_missing: bool = False,
    ) -> Exact:
        """What these and no other addresses on the list need; ``apply`` sends it.

        Raises InvalidInput if more would be removed than ``max_unsubscribes`` allows, a number or a share of the
        list's subscribers, and if the list would become empty without ``allow_empty``.
        """
        if not wanted and not allow_empty:
            message = "no valid address is given, and exact would empty the list. Set allow_empty if that is intended."
            raise InvalidInput(message, option="emails")
        whole = self._whole(wanted)
        limit.check(max_unsubscribes, whole.others, len(whole.wanted) + len(whole.others))
        staying = self._subscribe_steps(wanted, whole.wanted, create_missing)
        leaving = [unsubscribe_step(Wanted(address, "subscriber"), address, None) for address in whole.others]
        if leaving and not allow_empty:
            _check_not_empty(staying)
        return Exact(staying, leaving)

    def apply(self, steps: Sequence[Step]) -> list[Outcome]:
        """Send what the steps need; one Outcome a step, in order."""
        if self._dry_run:
            return [step.predicted for step in steps]
        applier = Applier(self._api, self._list, self._concurrency, self._departures)
        outcomes = applier.apply(steps)
        self.stopped_by = self.stopped_by or applier.stopped_by
        return outcomes

    def _subscribe_steps(self, wanted: Sequence[Wanted], members: Members, create_missing: bool) -> list[Step]:
        found = self._contacts(wanted, members)
        left, erased = self._departures.left(found), self._departures.erased(found)
        return [
            subscribe_step(
                one,
                _spelled(one, members),
                found.get(one.email),
                create_missing,
                is_erased=comparable(one.email) in erased,
                has_left=comparable(one.email) in left,
            )
            for one in wanted
        ]

    def _contacts(self, wanted: Sequence[Wanted], members: Members) -> dict[str, Found]:
        """The contacts of the addresses that the list does not show."""
        emails = [one.email for one in wanted if comparable(one.email) not in members]
        self._progress.done(len(wanted) - len(emails))
        return dict(zip(emails, find_all(self._api, emails, self._concurrency, self._progress.done)))

    def _members(self, wanted: Sequence[Wanted]) -> Members:
        """Which of these addresses are on the list now."""
        if self._departures.is_kept:
            return self._whole(wanted).wanted
        emails = [one.email for one in wanted]
        return self._list.read_addresses(lambda pages: among(emails, pages))

    def _whole(self, wanted: Sequence[Wanted]) -> Extent:
        """The whole list, which the memory of its members sees."""
        emails = [one.email for one in wanted]
        whole = self._list.read_addresses(lambda pages: extent(emails, pages))
        self._departures.saw([*whole.wanted.values(), *whole.others])
        return whole


def _spelled(one: Wanted, members: Members) -> str | None:
    """The address in the spelling of the list, if it is on it."""
    return members.get(comparable(one.email))


def _check_not_empty(staying: Sequence[Step]) -> None:
    """Raise InvalidInput if none of the wanted addresses is on the list or can be subscribed."""
    if all(step.outcome.action in (*NOT_PLACED, NOT_MAILABLE, LEFT) for step in staying):
        raise InvalidInput(
            f"none of these {len(staying)} addresses is on the list or can be subscribed, and exact would empty the"
            f" list. The first: {staying[0].outcome.reason} Set allow_empty if that is intended.",
            option="emails",
        )
