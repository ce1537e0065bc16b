# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Who is on a Mailing List and who is off it: one, many, or exactly these.

What can be read is ``mailinglists/subscribers`` (subscribed *and* emailable) and ``contact/get``. A contact that is
suppressed or has a bad address is on no list that can be read, and nobody documents whether an unconfirmed one is:
taking such a contact off a list cannot be checked, and is ``unverifiable``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Union

from . import addresses, errors, unsubscribe_limit
from .addresses import comparable
from .api import SentoriApi, Subscriber
from .fan_out import fan_out
from .fields import ADDRESS, Contact
from .mailing_lists import GivenList
from .plan import FAILED, IN_DOUBT, SUBSCRIBED, UNCHANGED, UNSUBSCRIBED, UNVERIFIABLE, Outcome

SENDS = 3

Found = Union[Contact, errors.SentoriError, None]
Members = dict[str, str]  # an address in its comparable form -> as the list spells it


@dataclass(frozen=True)
class Step:
    """One address: what its Outcome will be, and what has to be sent for it.

    ``spelled``: the address as Sentori has it, where something is to be sent. ``hidden``: the list may not show the
    contact, though it is on it.
    """

    outcome: Outcome
    spelled: str | None = None
    hidden: bool = False

    @property
    def blind(self) -> bool:
        """Whether the list cannot tell what became of the call."""
        return self.outcome.action == UNVERIFIABLE


class Extent(NamedTuple):
    """A whole list, as seen from those who are to stay: who of them is on it, and everybody else."""

    wanted: Members
    others: list[str]


def subscribe_step(email: str, member: str | None, found: Found, create: bool) -> Step:
    """What it takes to have ``email`` on the list. ``member``: how the list spells it, None if it is not on it;
    then ``found`` is its contact."""
    if member is not None:
        return Step(Outcome(email, UNCHANGED))
    if isinstance(found, errors.SentoriError):
        return Step(Outcome(email, FAILED, error=found))
    refusal = _refusal(found, create)
    if refusal is not None:
        return Step(Outcome(email, FAILED, error=refusal))
    spelled = email if found is None else str(found[ADDRESS])
    return Step(Outcome(email, SUBSCRIBED, added=found is None), spelled, hidden=_is_hidden(found))


def unsubscribe_step(email: str, member: str | None, found: Found) -> Step:
    """What it takes to have ``email`` off the list; ``member`` and ``found`` as in ``subscribe_step``."""
    if member is not None:
        return Step(Outcome(email, UNSUBSCRIBED), member)
    if isinstance(found, errors.SentoriError):
        return Step(Outcome(email, FAILED, error=found))
    if found is None or not _is_hidden(found):
        return Step(Outcome(email, UNCHANGED))
    return Step(Outcome(email, UNVERIFIABLE), str(found[ADDRESS]), hidden=True)


def _is_hidden(contact: Contact | None) -> bool:
    if contact is None:
        return False
    return bool(contact.get("IsSuppressed") or contact.get("IsBadEmailAddress") or contact.get("IsConfirmed") is False)


def _refusal(contact: Contact | None, create: bool) -> errors.ApiError | None:
    """Why this contact must not or cannot be subscribed, in the vendor's kinds of error."""
    operation = "contact/subscribe"
    if contact is None and not create:
        return errors.ContactNotFound(
            "there is no contact with this address. Add it first, or set create_missing.", operation=operation, code=101
        )
    if contact is not None and contact.get("IsSuppressed"):
        return errors.EmailAddressSuppressed(
            "the address is suppressed: the person said no, and is not subscribed.", operation=operation, code=106
        )
    if contact is not None and contact.get("IsBadEmailAddress"):
        return errors.EmailAddressBad(
            "the contact is marked as a bad address, and is not subscribed.", operation=operation, code=107
        )
    return None


class Subscriptions:
    """One run over one Mailing List, given by its ExternalID or its exact name."""

    def __init__(self, api: SentoriApi, mailing_list: object, concurrency: int = 1) -> None:
        """Raises InvalidInput for what can be neither an ExternalID nor a name; sends nothing."""
        self._api = api
        self._list = GivenList(api, mailing_list)
        self._concurrency = concurrency
        self._stopped_by: errors.SentoriError | None = None
        self._added: set[str] = set()
        self._added_hidden: set[str] = set()

    @property
    def mailing_list_id(self) -> str:
        """The list's ExternalID."""
        return self._list.external_id

    def subscribe(
        self,
        emails: Sequence[object],
        *,
        create_missing: bool = False,
        dry_run: bool = False,
        option: str = "emails[{}]",
    ) -> list[Outcome]:
        """These are on the list: one Outcome an address, in their order.

        Whoever is suppressed, has a bad address or has no contact (without ``create_missing``) fails before a call.
        ``option`` is where an address stands in the user's input, ``{}`` being its position.
        Raises InvalidInput, before any write: an address that is none, or there twice; an unknown list.
        """
        wanted = _checked(emails, option)
        members = self._members(wanted)
        return self._run(self._subscribe_steps(wanted, members, create_missing), dry_run)

    def unsubscribe(
        self, emails: Sequence[object], *, dry_run: bool = False, option: str = "emails[{}]"
    ) -> list[Outcome]:
        """These are off this list, and nothing more: nobody is suppressed. Otherwise as ``subscribe``."""
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
        """These and nobody else are on the list; who is taken off it follows in the order of the addresses.

        Raises InvalidInput, before any write, if more would be taken off than ``max_unsubscribes`` allows: a
        number, or a percentage of the list's subscribers such as ``5%``. No addresses need ``allow_empty``.
        """
        limit = unsubscribe_limit.checked(max_unsubscribes)
        wanted = _checked(emails)
        if not wanted and not allow_empty:
            raise errors.InvalidInput(
                "no addresses with exact would empty the list. If that is meant, set allow_empty.", option="emails"
            )
        extent = self._list.read(lambda subscribers: _extent(wanted, subscribers))
        unsubscribe_limit.check(limit, extent.others, len(extent.wanted) + len(extent.others))
        staying = self._subscribe_steps(wanted, extent.wanted, create_missing)
        leaving = [unsubscribe_step(address, address, None) for address in extent.others]
        if leaving and not allow_empty and all(step.outcome.action == FAILED for step in staying):
            raise errors.InvalidInput(
                f"none of these {len(wanted)} addresses is on the list or can be subscribed, so exact would empty it."
                f" The first: {staying[0].outcome.error} If that is meant, set allow_empty.",
                option="emails",
            )
        return self._run([*staying, *leaving], dry_run)

    def _subscribe_steps(self, emails: Sequence[str], members: Members, create_missing: bool) -> list[Step]:
        found = self._contacts([email for email in emails if comparable(email) not in members])
        return [
            subscribe_step(email, members.get(comparable(email)), found.get(email), create_missing) for email in emails
        ]

    def _contacts(self, emails: Sequence[str]) -> dict[str, Found]:
        return dict(zip(emails, fan_out(self._contact, emails, self._concurrency)))

    def _contact(self, email: str) -> Found:
        try:
            return self._api.get_contact(email)
        except errors.ContactNotFound:
            return None
        except errors.SentoriError as error:
            if error.concerns_run:
                raise
            return error

    def _run(self, steps: Sequence[Step], dry_run: bool) -> list[Outcome]:
        outcomes = [step.outcome for step in steps]
        if dry_run:
            return outcomes
        blind = [position for position, step in enumerate(steps) if step.blind]
        for position, error in zip(blind, self._send_all(steps, blind)):
            outcomes[position] = _on_trust(steps[position].outcome, error)
        pending = [position for position, step in enumerate(steps) if step.spelled and not step.blind]
        sends = 0
        while pending and sends < SENDS and self._stopped_by is None:
            if sends:
                self._api.back_off()
                pending = self._still_welcome(steps, pending, outcomes)
            pending = self._send_and_look(steps, pending, outcomes)
            sends += 1
        return [replace(outcome, added=step.spelled in self._added) for step, outcome in zip(steps, outcomes)]

    def _send_and_look(self, steps: Sequence[Step], pending: Sequence[int], outcomes: list[Outcome]) -> list[int]:
        """Send for the pending positions, read the list once, and note the outcomes; returns what may be sent again.

        That is what an ambiguous answer left open, and what the list does not show.
        """
        if not pending:
            return []
        errors_met = self._send_all(steps, pending)
        try:
            shown = self._members([steps[position].outcome.email for position in pending])
        except errors.SentoriError as unread:
            for position, error in zip(pending, errors_met):
                outcomes[position] = _unread(steps[position].outcome, error, unread)
            return []
        for position, error in zip(pending, errors_met):
            hidden = steps[position].hidden or steps[position].spelled in self._added_hidden
            outcomes[position] = _seen(steps[position].outcome, hidden, error, shown)
        return [position for position in pending if outcomes[position].action == IN_DOUBT]

    def _still_welcome(self, steps: Sequence[Step], pending: Sequence[int], outcomes: list[Outcome]) -> list[int]:
        """Who may be sent for again: nobody who has said no since, and nobody who cannot be read."""
        joining = [position for position in pending if steps[position].outcome.action == SUBSCRIBED]
        found = self._contacts([steps[position].outcome.email for position in joining])
        unwelcome = set()
        for position in joining:
            outcome = steps[position].outcome
            now = found[outcome.email]
            refusal = now if isinstance(now, errors.SentoriError) else _refusal(now, outcome.added)
            if refusal is not None:
                unwelcome.add(position)
                if not isinstance(now, errors.SentoriError):
                    outcomes[position] = _failed(outcome, refusal)
        return [position for position in pending if position not in unwelcome]

    def _send_all(self, steps: Sequence[Step], positions: Sequence[int]) -> list[errors.SentoriError | None]:
        return fan_out(lambda position: self._send(steps[position]), positions, self._concurrency)

    def _send(self, step: Step) -> errors.SentoriError | None:
        """What went wrong, if anything; once the run is stopped, nothing is sent any more."""
        if self._stopped_by is not None:
            return self._stopped_by.followed_by("This item was not sent.")
        address = step.spelled or step.outcome.email
        try:
            if step.outcome.added:
                self._add(address)
            if step.outcome.action == SUBSCRIBED:
                self._api.subscribe(address, self._list.external_id)
            else:
                self._api.unsubscribe_from_list(address, self._list.external_id)
        except errors.SentoriError as error:
            if error.concerns_run:
                self._stopped_by = error
            return error
        return None

    def _add(self, email: str) -> None:
        """Add a contact, once; raises why it must not be subscribed, which only shows when it is there."""
        if email in self._added:
            return
        try:
            contact: Found = self._api.add_contact(email, {})
            self._added.add(email)
        except errors.EmailAddressInUse:
            contact = self._contact(email)
        except errors.SentoriError as error:
            contact = self._contact(email) if error.ambiguous else None
            if not isinstance(contact, dict):
                raise
            self._added.add(email)
        refusal = _refusal(contact, create=True) if not isinstance(contact, errors.SentoriError) else contact
        if refusal is not None:
            raise refusal
        if isinstance(contact, dict) and _is_hidden(contact):
            self._added_hidden.add(email)

    def _members(self, emails: Sequence[str]) -> Members:
        """Which of these addresses are on the list now."""
        return self._list.read(lambda subscribers: among(emails, subscribers))


def _on_trust(foretold: Outcome, error: errors.SentoriError | None) -> Outcome:
    """The outcome of a call that the list cannot confirm; an unknown subscriber is off the list all the same."""
    if error is None:
        return foretold
    if isinstance(error, errors.ContactNotFound):
        return replace(foretold, action=UNCHANGED)
    return _in_doubt(foretold, error) if error.ambiguous else _failed(foretold, error)


def _unread(foretold: Outcome, error: errors.SentoriError | None, unread: errors.SentoriError) -> Outcome:
    """The outcome of a call after which the list could not be read."""
    return _failed(foretold, error) if error is not None and not error.ambiguous else _in_doubt(foretold, unread)


def _seen(foretold: Outcome, hidden: bool, error: errors.SentoriError | None, shown: Members) -> Outcome:
    """The outcome of a call, by its answer and by what the list shows since; of the ``hidden`` it may show nothing."""
    taken = error is None or error.ambiguous
    if (comparable(foretold.email) in shown) == (foretold.action == SUBSCRIBED):
        return foretold if taken else replace(foretold, action=UNCHANGED)
    if error is not None:
        return _in_doubt(foretold, error) if error.ambiguous else _failed(foretold, error)
    if hidden:
        return replace(foretold, action=UNVERIFIABLE)
    operation, still = (
        ("contact/subscribe", "not on the list")
        if foretold.action == SUBSCRIBED
        else ("contact/unsubscribe", "still on the list")
    )
    return _failed(
        foretold, errors.NotTaken(f"Sentori took the call, but the contact is {still}.", operation=operation)
    )


def _failed(foretold: Outcome, error: errors.SentoriError) -> Outcome:
    return replace(foretold, action=FAILED, error=error)


def _in_doubt(foretold: Outcome, error: errors.SentoriError) -> Outcome:
    sentence = "Whether the contact is on the list could not be found out: look, then run again."
    return replace(foretold, action=IN_DOUBT, error=error.followed_by(sentence))


def _checked(emails: Sequence[object], option: str = "emails[{}]") -> list[str]:
    return addresses.distinct((option.format(position), email) for position, email in enumerate(emails))


def among(emails: Sequence[str], subscribers: Iterator[Subscriber]) -> Members:
    """Which of these addresses are subscribed; reading stops when all are found."""
    wanted = {comparable(email) for email in emails}
    found: Members = {}
    for subscriber in subscribers:
        address = comparable(subscriber[ADDRESS])
        if address in wanted:
            found[address] = subscriber[ADDRESS]
        if len(found) == len(wanted):
            break
    return found


def _extent(emails: Sequence[str], subscribers: Iterator[Subscriber]) -> Extent:
    wanted = {comparable(email) for email in emails}
    found: Members = {}
    others: Members = {}
    for subscriber in subscribers:
        address = comparable(subscriber[ADDRESS])
        (found if address in wanted else others)[address] = subscriber[ADDRESS]
    return Extent(found, [others[address] for address in sorted(others)])
