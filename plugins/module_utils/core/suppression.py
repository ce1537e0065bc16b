# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The global unsubscribe: off every Mailing List, and on the Suppression List for good.

Nothing in the API takes an address off the Suppression List again, and none shows it: only a contact tells, by
``IsSuppressed``. Source: API Contact Endpoints, Unsubscribe Contact.
"""

from __future__ import annotations

from dataclasses import replace

from . import addresses, errors
from .api import SentoriApi
from .fields import ADDRESS, Contact
from .plan import FAILED, IN_DOUBT, SUPPRESSED, UNCHANGED, UNVERIFIABLE, Outcome

SENDS = 3


def suppress(api: SentoriApi, email: object, *, dry_run: bool = False) -> Outcome:
    """This address is never mailed again, whether it has a contact or not.

    Without a contact nobody can see whether the address is suppressed already: the call is sent in each real run,
    and the Outcome is ``unverifiable``. Raises InvalidInput before any request, and what would stop every request.
    """
    address = addresses.checked(email, "email")
    contact = _contact(api, address)
    if contact is not None and contact.get("IsSuppressed"):
        return Outcome(address, UNCHANGED, contact=contact)
    foretold = Outcome(address, SUPPRESSED if contact is not None else UNVERIFIABLE)
    spelled = address if contact is None else str(contact[ADDRESS])
    return foretold if dry_run else _send(api, spelled, foretold)


def _send(api: SentoriApi, spelled: str, foretold: Outcome, sends: int = SENDS) -> Outcome:
    """Send until an answer or a read tells the outcome; repeating is harmless, the call leads to one state."""
    lost: errors.SentoriError | None = None
    try:
        api.suppress(spelled)
    except errors.SentoriError as error:
        if not error.ambiguous:
            return replace(foretold, action=FAILED, error=error)
        lost = error
    outcome = _looked_up(api, foretold, lost)
    if outcome.action == IN_DOUBT and sends > 1:
        api.back_off()
        return _send(api, spelled, foretold, sends - 1)
    return outcome


def _looked_up(api: SentoriApi, foretold: Outcome, lost: errors.SentoriError | None) -> Outcome:
    """The outcome of one call, by the contact as it is since; ``lost`` is the error of an ambiguous answer."""
    if foretold.action == UNVERIFIABLE:
        return foretold if lost is None else _in_doubt(foretold, lost)
    try:
        contact = _contact(api, foretold.email)
    except errors.SentoriError as unread:
        return _in_doubt(foretold, unread)
    if contact is not None and contact.get("IsSuppressed"):
        return replace(foretold, contact=contact)
    if lost is not None:
        return _in_doubt(foretold, lost)
    sentence = "Sentori took the call, but the contact is not suppressed."
    return replace(foretold, action=FAILED, error=errors.NotTaken(sentence, operation="contact/unsubscribe"))


def _in_doubt(foretold: Outcome, error: errors.SentoriError) -> Outcome:
    sentence = "Whether the address is suppressed could not be found out: run again."
    return replace(foretold, action=IN_DOUBT, error=error.followed_by(sentence))


def _contact(api: SentoriApi, email: str) -> Contact | None:
    try:
        return api.get_contact(email)
    except errors.ContactNotFound:
        return None
