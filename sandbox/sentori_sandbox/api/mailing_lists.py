# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The endpoints for mailing lists and subscriptions (pages api-mailinglists, api-contacts)."""

from __future__ import annotations

from ..account import Account, StoredContact, valid_address
from .contacts import insert, undocumented_response
from .messages import ApiRequest, ApiResponse, json_response


def subscribe(account: Account, request: ApiRequest) -> ApiResponse:
    address, list_id = valid_address(request.parameters[0]), request.parameters[1]
    account.mailing_lists.get(list_id)
    contact = account.contacts.by_address(address)
    if contact is None:
        account.assumptions.decide("subscribe-unknown")
        contact = insert(account, address, {})
    if _has_effect(account, contact, list_id):
        account.mailing_lists.set_membership(list_id, contact.system_id, True)
    return undocumented_response(account, account.contacts.by_address(address))


def _has_effect(account: Account, contact: StoredContact, list_id: str) -> bool:
    """Tell whether subscribing has an effect. Raises: SentoriError: it is refused."""
    assumptions = account.assumptions
    if contact.suppressed:
        match assumptions.decide("subscribe-suppressed"):
            case "ignored":
                return False
            case "unsuppresses":
                account.contacts.unsuppress(contact.address)
    if contact.bad and assumptions.decide("subscribe-bad") == "ignored":
        return False
    left_list = account.mailing_lists.membership(list_id, contact.system_id) is False
    return not (left_list and assumptions.holds("subscribe-again", "ignored"))


def unsubscribe(account: Account, request: ApiRequest) -> ApiResponse:
    """Unsubscribe from one list; the contact is not suppressed."""
    address, list_id = valid_address(request.parameters[0]), request.parameters[1]
    account.mailing_lists.get(list_id)
    contact = account.contacts.by_address(address)
    if contact is None:
        account.assumptions.decide("unsubscribe-unknown")
    elif account.mailing_lists.membership(list_id, contact.system_id):
        account.mailing_lists.set_membership(list_id, contact.system_id, False)
    else:
        account.assumptions.decide("unsubscribe-not-member")
    return undocumented_response(account, contact)


def unsubscribe_all(account: Account, request: ApiRequest) -> ApiResponse:
    """Unsubscribe from all lists and suppress the address, with or without a contact."""
    address = valid_address(request.parameters[0])
    account.unsubscribe_everywhere(address)
    return undocumented_response(account, account.contacts.by_address(address))


def all_lists(account: Account, request: ApiRequest) -> ApiResponse:
    return json_response([mailing_list.as_json() for mailing_list in account.mailing_lists.all()])


def one_list(account: Account, request: ApiRequest) -> ApiResponse:
    return json_response(account.mailing_lists.get(request.parameters[0]).as_json())


def subscribers(account: Account, request: ApiRequest) -> ApiResponse:
    (list_id,) = request.parameters
    account.mailing_lists.get(list_id)
    unconfirmed = account.assumptions.holds("subscribers-unconfirmed", "included")
    number = int if account.assumptions.holds("list-system-id", "number") else str
    return json_response(
        [
            {"SystemID": number(system_id), "EmailAddress": address}
            for system_id, address in account.mailing_lists.subscribers(list_id, unconfirmed)
        ]
    )
