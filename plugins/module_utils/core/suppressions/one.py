# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""One address that is never mailed again: on the account's Suppression List for good, or erased.

Nothing in the API takes an address off the Suppression List again, and nothing shows the list: only a contact does, by
``IsSuppressed``. Source: API Contact Endpoints, Unsubscribe Contact and Delete Contact.
"""

from __future__ import annotations

import contextlib
from typing import Callable

from .. import addresses, errors
from ..api.client import MAX_SENDS, SentoriApi
from ..contacts.reader import get_or_none
from ..fields import ADDRESS, Contact
from ..runs.outcome import ERASED, IN_DOUBT, SUPPRESSED, UNCHANGED, UNVERIFIABLE, Outcome


def suppress(api: SentoriApi, email: object, *, dry_run: bool = False) -> Outcome:
    """Suppress an address, whether it has a contact or not.

    Without a contact nothing shows whether the address is suppressed already: the request is sent in each real run,
    and the Outcome is ``unverifiable``. Raises InvalidInput before any request, and what would stop every request.
    """
    address = addresses.checked_address(email, "email")
    contact = get_or_none(api, address)
    predicted = Outcome(address, action_of_suppression(contact), contact=contact)
    if dry_run or predicted.action == UNCHANGED:
        return predicted
    return send_suppression(api, spelled(address, contact), predicted)


def action_of_suppression(contact: Contact | None) -> str:
    """What suppressing an address does, by its contact."""
    if contact is None:
        return UNVERIFIABLE
    return UNCHANGED if contact.get("IsSuppressed") else SUPPRESSED


def action_of_erasure(contact: Contact | None) -> str:
    """What erasing a person does: without a contact only the suppression is sent."""
    return UNVERIFIABLE if contact is None else ERASED


def spelled(email: str, contact: Contact | None) -> str:
    """The address in Sentori's spelling."""
    return email if contact is None else str(contact[ADDRESS])


def send_suppression(api: SentoriApi, spelled: str, predicted: Outcome) -> Outcome:
    """Send until a response or a read shows the outcome; repeating is harmless, since it leads to the same state."""

    def seen(now: Contact | None) -> Outcome | None:
        return predicted._replace(contact=now) if now is not None and now.get("IsSuppressed") else None

    shows = None if predicted.action == UNVERIFIABLE else seen
    return _sent(api, lambda: api.suppress(spelled), predicted, shows, "suppressed")


def send_erasure(api: SentoriApi, spelled: str, predicted: Outcome, *, is_suppressed: bool) -> Outcome:
    """Suppress the address, so that no import can mail it again; then delete its contact, and read that it is gone.

    ``predicted``: ``erased``, or ``unverifiable`` for an address without a contact.
    """
    if not is_suppressed:
        has_contact = predicted.action == ERASED
        first = predicted._replace(action=SUPPRESSED) if has_contact else predicted
        suppressed = send_suppression(api, spelled, first)
        if suppressed.action != SUPPRESSED:
            return suppressed

    def seen(now: Contact | None) -> Outcome | None:
        return predicted if now is None else None

    def delete() -> None:
        # Deleted by an earlier request, or by somebody else: the read shows it.
        with contextlib.suppress(errors.ContactNotFound):
            api.delete_contact(spelled)

    erased = _sent(api, delete, predicted, seen, "deleted")
    if erased.action == ERASED or is_suppressed:
        return erased
    return erased._replace(suppressed_first=True, reason=f"The address is suppressed, but: {erased.reason}")


def _sent(
    api: SentoriApi,
    send: Callable[[], object],
    predicted: Outcome,
    seen: Callable[[Contact | None], Outcome | None] | None,
    done: str,
) -> Outcome:
    """Send a request, and read the contact: again, up to MAX_SENDS times, if the response was lost without an effect.

    ``seen`` returns the outcome if the contact shows the effect; it is None if no contact can show it.
    """
    outcome = predicted
    for sends in range(1, MAX_SENDS + 1):
        if sends > 1:
            api.back_off(sends - 1)
        lost: errors.SentoriError | None = None
        try:
            send()
        except errors.SentoriError as error:
            if not error.ambiguous:
                # Refused now, it may have been done by the request before.
                return predicted.refused(error) if sends == 1 else outcome
            lost = error
        outcome = _checked(api, predicted, lost, seen, done)
        if outcome.action != IN_DOUBT:
            break
    return outcome


def _checked(
    api: SentoriApi,
    predicted: Outcome,
    lost: errors.SentoriError | None,
    seen: Callable[[Contact | None], Outcome | None] | None,
    done: str,
) -> Outcome:
    """The outcome of one request, by the contact as it is since; ``lost`` is the error of an ambiguous response."""
    if seen is None:
        return predicted if lost is None else _in_doubt(predicted, lost, done)
    try:
        outcome = seen(get_or_none(api, predicted.email))
    except errors.SentoriError as unread:
        return _in_doubt(predicted, unread, done)
    if outcome is not None:
        return outcome
    if lost is not None:
        return _in_doubt(predicted, lost, done)
    operation = "contact/unsubscribe" if done == "suppressed" else "contact/delete"
    message = f"Sentori accepted the request, but the contact is not {done}."
    return predicted.failed(errors.NoEffect(message, operation=operation))


def _in_doubt(predicted: Outcome, error: errors.SentoriError, done: str) -> Outcome:
    return predicted.in_doubt(error.followed_by(f"It is not known whether the address is {done}: run again."))
