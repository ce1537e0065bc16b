# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What one address needs to be on a mailing list, or off it: computed from reads alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..contacts.reader import Found
from ..errors import ApiError, ContactNotFound, EmailAddressBad, EmailAddressSuppressed, SentoriError
from ..fields import ADDRESS, Contact
from ..runs.outcome import LEFT, NOT_MAILABLE, SUBSCRIBED, UNCHANGED, UNSUBSCRIBED, UNVERIFIABLE, Outcome

ERASED_BEFORE = "This person was erased by an earlier run, and is not subscribed."
LEFT_THE_LIST = "This person has left the mailing list since an earlier run, and is not subscribed again."
NOT_SUBSCRIBED = (EmailAddressSuppressed, EmailAddressBad)


class Wanted(NamedTuple):
    """An address that was given, and its place in its source."""

    email: str
    place: str = ""


@dataclass
class Step:
    """One address: what is to be sent for it, and its outcome.

    ``predicted``: its Outcome if everything works; ``outcome``: its outcome so far. ``spelled``: the address in
    Sentori's spelling, if something is to be sent. ``hidden``: the list may not show the contact although it is on it.
    ``error``: the error of the last request for it; ``was_sent``: whether there was one.
    """

    predicted: Outcome
    spelled: str | None = None
    hidden: bool = False
    error: SentoriError | None = None
    was_sent: bool = False

    def __post_init__(self) -> None:
        self.outcome = self.predicted

    @property
    def email(self) -> str:
        return self.predicted.email

    @property
    def joins(self) -> bool:
        """Whether the address is to be subscribed."""
        return self.predicted.action == SUBSCRIBED

    @property
    def is_accepted(self) -> bool:
        """Whether Sentori has accepted the request."""
        return self.was_sent and self.error is None

    @property
    def is_blind(self) -> bool:
        """Whether the list cannot show the effect of the request."""
        return self.predicted.action == UNVERIFIABLE


def subscribe_step(
    wanted: Wanted, member: str | None, found: Found, create: bool, *, is_erased: bool = False, has_left: bool = False
) -> Step:
    """What an address needs to be on the list.

    ``member``: its spelling on the list, None if it is not on it; then ``found`` is its contact. ``is_erased``: the
    person was erased; ``has_left``: the person has left the list.
    """
    email, place = wanted
    if member is not None:
        return Step(Outcome(email, UNCHANGED, place))
    if is_erased:
        return Step(Outcome(email, NOT_MAILABLE, place, ERASED_BEFORE))
    predicted = Outcome(email, SUBSCRIBED, place)
    refusal = found if isinstance(found, SentoriError) else refusal_of(found, create)
    if has_left and not isinstance(refusal, NOT_SUBSCRIBED):
        return Step(Outcome(email, LEFT, place, LEFT_THE_LIST))
    if refusal is not None:
        return Step(not_subscribed(predicted, refusal))
    contact = found if isinstance(found, dict) else None
    spelled = email if contact is None else str(contact[ADDRESS])
    return Step(predicted._replace(added=contact is None), spelled, hidden=contact is not None and is_hidden(contact))


def unsubscribe_step(wanted: Wanted, member: str | None, found: Found) -> Step:
    """What an address needs to be off the list; ``member`` and ``found`` as in ``subscribe_step``."""
    email, place = wanted
    if member is not None:
        return Step(Outcome(email, UNSUBSCRIBED, place), member)
    if isinstance(found, SentoriError):
        return Step(Outcome(email, UNSUBSCRIBED, place).refused(found))
    if found is None or not is_hidden(found):
        return Step(Outcome(email, UNCHANGED, place))
    return Step(Outcome(email, UNVERIFIABLE, place), str(found[ADDRESS]), hidden=True)


def not_subscribed(predicted: Outcome, error: SentoriError) -> Outcome:
    """The outcome of an address that was not subscribed: the word of a person who opted out stands."""
    refused = predicted.refused(error)
    return refused._replace(action=NOT_MAILABLE) if isinstance(error, NOT_SUBSCRIBED) else refused


def is_hidden(contact: Contact) -> bool:
    """Whether a list may not show this contact although it is subscribed.

    Suppressed contacts and bad addresses are never shown; no page documents whether unconfirmed contacts are.
    """
    return bool(contact.get("IsSuppressed") or contact.get("IsBadEmailAddress") or contact.get("IsConfirmed") is False)


def refusal_of(contact: Contact | None, create: bool) -> ApiError | None:
    """Why this contact must not or cannot be subscribed, as the error that Sentori has for it."""
    operation = "contact/subscribe"
    if contact is None and not create:
        message = "no contact has this address. Add the contact first, or set create_missing."
        return ContactNotFound(message, operation=operation, code=101)
    if contact is not None and contact.get("IsSuppressed"):
        message = "the address is suppressed: this person opted out of all e-mails, and was not subscribed."
        return EmailAddressSuppressed(message, operation=operation, code=106)
    if contact is not None and contact.get("IsBadEmailAddress"):
        message = "the contact is marked as a bad address, and was not subscribed."
        return EmailAddressBad(message, operation=operation, code=107)
    return None
