# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An address that is never mailed again: on the account's Suppression List, for good.

Nothing in the API takes an address off the Suppression List again, and nothing shows the list: only a contact tells, by
``IsSuppressed``. Source: API Contact Endpoints, Unsubscribe Contact.
"""

from __future__ import annotations

from .. import addresses, errors
from ..api.client import MAX_SENDS, SentoriApi
from ..contacts.reader import get_or_none
from ..fields import ADDRESS
from ..runs.outcome import IN_DOUBT, SUPPRESSED, UNCHANGED, UNVERIFIABLE, Outcome


def suppress(api: SentoriApi, email: object, *, dry_run: bool = False) -> Outcome:
    """Suppress an address, whether it has a contact or not.

    Without a contact nothing shows whether the address is suppressed already: the request is sent in each real run,
    and the Outcome is ``unverifiable``. Raises InvalidInput before any request, and what would stop every request.
    """
    address = addresses.checked_address(email, "email")
    contact = get_or_none(api, address)
    if contact is not None and contact.get("IsSuppressed"):
        return Outcome(address, UNCHANGED, contact=contact)
    predicted = Outcome(address, SUPPRESSED if contact is not None else UNVERIFIABLE)
    spelled = address if contact is None else str(contact[ADDRESS])
    return predicted if dry_run else _send(api, spelled, predicted)


def _send(api: SentoriApi, spelled: str, predicted: Outcome) -> Outcome:
    """Send until a response or a read tells the outcome; repeating is harmless, since it leads to the same state."""
    outcome = predicted
    for sends in range(1, MAX_SENDS + 1):
        if sends > 1:
            api.back_off(sends - 1)
        lost: errors.SentoriError | None = None
        try:
            api.suppress(spelled)
        except errors.SentoriError as error:
            if not error.ambiguous:
                return predicted.failed(error)
            lost = error
        outcome = _checked(api, predicted, lost)
        if outcome.action != IN_DOUBT:
            break
    return outcome


def _checked(api: SentoriApi, predicted: Outcome, lost: errors.SentoriError | None) -> Outcome:
    """The outcome of one request, by the contact as it is since; ``lost`` is the error of an ambiguous response."""
    if predicted.action == UNVERIFIABLE:
        return predicted if lost is None else _in_doubt(predicted, lost)
    try:
        contact = get_or_none(api, predicted.email)
    except errors.SentoriError as unread:
        return _in_doubt(predicted, unread)
    if contact is not None and contact.get("IsSuppressed"):
        return predicted._replace(contact=contact)
    if lost is not None:
        return _in_doubt(predicted, lost)
    message = "Sentori accepted the request, but the contact is not suppressed."
    return predicted.failed(errors.NoEffect(message, operation="contact/unsubscribe"))


def _in_doubt(predicted: Outcome, error: errors.SentoriError) -> Outcome:
    return predicted.in_doubt(error.followed_by("It is not known whether the address is suppressed: run again."))
