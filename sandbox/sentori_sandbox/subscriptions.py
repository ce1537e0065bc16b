# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The endpoints about Mailing Lists and who is on them (pages api-contacts, api-mailinglists)."""

from __future__ import annotations

from .account import Account
from .contacts import insert, undocumented_answer, valid_address
from .people import StoredContact
from .wire import Answer, Call, json_answer


def subscribe(account: Account, call: Call) -> Answer:
    address, list_id = valid_address(call.parameters[0]), call.parameters[1]
    account.lists.get(list_id)
    contact = account.people.by_address(address)
    if contact is None:
        account.world.decide("subscribe-unknown")
        contact = insert(account, address, {})
    if _takes(account, contact, list_id):
        account.lists.set_membership(list_id, contact.system_id, True)
    return undocumented_answer(account, account.people.by_address(address))


def _takes(account: Account, contact: StoredContact, list_id: str) -> bool:
    """Whether subscribing this contact has an effect. Raises: SentoriError: it is refused."""
    world = account.world
    if contact.suppressed:
        match world.decide("subscribe-suppressed"):
            case "ignored":
                return False
            case "unsuppresses":
                account.people.unsuppress(contact.address)
    if contact.bad and world.decide("subscribe-bad") == "ignored":
        return False
    left_before = account.lists.membership(list_id, contact.system_id) is False
    return not (left_before and world.holds("subscribe-again", "ignored"))


def unsubscribe(account: Account, call: Call) -> Answer:
    """From one list only: nobody is suppressed by it."""
    address, list_id = valid_address(call.parameters[0]), call.parameters[1]
    account.lists.get(list_id)
    contact = account.people.by_address(address)
    if contact is None:
        account.world.decide("unsubscribe-unknown")
    elif account.lists.membership(list_id, contact.system_id):
        account.lists.set_membership(list_id, contact.system_id, False)
    else:
        account.world.decide("unsubscribe-not-member")
    return undocumented_answer(account, contact)


def unsubscribe_all(account: Account, call: Call) -> Answer:
    """From every list, and onto the Suppression List; no contact is needed."""
    address = valid_address(call.parameters[0])
    account.unsubscribe_everywhere(address)
    return undocumented_answer(account, account.people.by_address(address))


def all_lists(account: Account, call: Call) -> Answer:
    return json_answer([mailing_list.answer() for mailing_list in account.lists.all()])


def one_list(account: Account, call: Call) -> Answer:
    return json_answer(account.lists.get(call.parameters[0]).answer())


def subscribers(account: Account, call: Call) -> Answer:
    (list_id,) = call.parameters
    account.lists.get(list_id)
    unconfirmed = account.world.holds("subscribers-unconfirmed", "included")
    number = int if account.world.holds("list-system-id", "number") else str
    return json_answer(
        [
            {"SystemID": number(system_id), "EmailAddress": address}
            for system_id, address in account.lists.subscribers(list_id, unconfirmed)
        ]
    )
