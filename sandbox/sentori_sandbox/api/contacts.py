# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The endpoints for one contact (page api-contacts)."""

from __future__ import annotations

from ..account import (
    Account,
    Document,
    StoredContact,
    address_key,
    is_role_based,
    valid_address,
)
from ..errors import SentoriError
from .contact_changes import ContactChanges, apply_changes
from .messages import ApiRequest, ApiResponse, json_response


def get(account: Account, request: ApiRequest) -> ApiResponse:
    (identifier,) = request.parameters
    if identifier.isascii() and identifier.isdigit():
        # Python refuses to convert thousands of digits; a SystemID never has that many.
        contact = account.contacts.by_system_id(int(identifier)) if len(identifier) < 20 else None
    else:
        contact = account.contacts.by_address(valid_address(identifier))
    if contact is None:
        raise SentoriError(101)
    return json_response(account.contact_as_json(contact))


def add(account: Account, request: ApiRequest) -> ApiResponse:
    address = valid_address(request.parameters[0])
    changes = ContactChanges(account, request.json_object())
    if changes.address is not None and address_key(changes.address) != address_key(address):
        raise SentoriError(104)
    if account.contacts.by_address(address):
        raise SentoriError(102)
    contact = insert(account, address, changes.fields)
    status = int(account.assumptions.decide("add-status"))
    return json_response(account.contact_as_json(contact), status)


def update(account: Account, request: ApiRequest) -> ApiResponse:
    address = valid_address(request.parameters[0])
    changes = ContactChanges(account, request.json_object())
    contact = account.contacts.by_address(address)
    if contact is None:
        raise SentoriError(101)
    if changes.address is not None and _taken_by_another(account, changes.address, contact):
        raise SentoriError(102)
    updated = apply_changes(account, contact, changes.fields, changes.address)
    return json_response(account.contact_as_json(updated))


def addorupdate(account: Account, request: ApiRequest) -> ApiResponse:
    """Add or update, with the four cases of a body address that the vendor's page lists."""
    address = valid_address(request.parameters[0])
    changes = ContactChanges(account, request.json_object())
    by_uri = account.contacts.by_address(address)
    by_body = account.contacts.by_address(changes.address) if changes.address is not None else None
    if by_uri and by_body and by_uri.system_id != by_body.system_id:
        apply_changes(account, by_uri, changes.fields)
        updated = apply_changes(account, by_body, changes.fields)
    elif by_uri:
        updated = apply_changes(account, by_uri, changes.fields, changes.address)
    elif by_body:
        updated = apply_changes(account, by_body, changes.fields)
    else:
        added = insert(account, changes.address or address, changes.fields)
        return json_response(account.contact_as_json(added), 201)
    return json_response(account.contact_as_json(updated))


def delete(account: Account, request: ApiRequest) -> ApiResponse:
    """Delete a contact; its address stays on the suppression list (page deleting-contacts)."""
    contact = account.contacts.by_address(valid_address(request.parameters[0]))
    if contact is None:
        account.assumptions.decide("delete-unknown")
    else:
        account.contacts.delete(contact.system_id)
    return undocumented_response(account, contact)


def getstructure(account: Account, request: ApiRequest) -> ApiResponse:
    match request.parameters:
        case ("single",):
            return json_response(account.structure.examples)
        case ("list",):
            return json_response([account.structure.examples])
    raise SentoriError(-1)


def insert(account: Account, address: str, fields: Document) -> StoredContact:
    """Add a contact. Raises: SentoriError: 100 or 106, if the assumptions say so."""
    if account.contacts.is_suppressed(address):
        account.assumptions.decide("add-suppressed")
    if is_role_based(address_key(address)):
        account.assumptions.decide("add-role-based")
    return account.contacts.insert({**account.new_document(address, "API"), **fields})


def undocumented_response(account: Account, contact: StoredContact | None) -> ApiResponse:
    """Return the response of an endpoint whose response no page documents."""
    match account.assumptions.decide("undocumented-answers"):
        case "no-content":
            return ApiResponse(204)
        case "object":
            return json_response({})
        case "null":
            return json_response(None)
        case "contact":
            return json_response(account.contact_as_json(contact) if contact else {})
    return ApiResponse(200)


def _taken_by_another(account: Account, address: str, contact: StoredContact) -> bool:
    other = account.contacts.by_address(address)
    return other is not None and other.system_id != contact.system_id
