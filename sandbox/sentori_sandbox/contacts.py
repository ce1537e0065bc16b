# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The contact endpoints that act on one contact (page api-contacts)."""

from __future__ import annotations

from .account import Account
from .addresses import is_role_based, is_valid, key_of
from .errors import SentoriError
from .fields import Document
from .people import StoredContact
from .wire import Answer, Call, json_answer


def get(account: Account, call: Call) -> Answer:
    (identifier,) = call.parameters
    if identifier.isascii() and identifier.isdigit():
        # Python refuses to read thousands of digits as a number; no SystemID has that many.
        contact = account.people.by_system_id(int(identifier)) if len(identifier) < 20 else None
    else:
        contact = account.people.by_address(valid_address(identifier))
    if contact is None:
        raise SentoriError(101)
    return json_answer(account.answer(contact))


def add(account: Account, call: Call) -> Answer:
    address = valid_address(call.parameters[0])
    changes = _Changes(account, call)
    if changes.address is not None and key_of(changes.address) != key_of(address):
        raise SentoriError(104)
    if account.people.by_address(address):
        raise SentoriError(102)
    contact = insert(account, address, changes.fields)
    return json_answer(account.answer(contact), int(account.world.decide("add-status")))


def update(account: Account, call: Call) -> Answer:
    address = valid_address(call.parameters[0])
    changes = _Changes(account, call)
    contact = known_contact(account, address)
    if changes.address is not None and _taken_by_another(account, changes.address, contact):
        raise SentoriError(102)
    return json_answer(account.answer(_apply(account, contact, changes.fields, changes.address)))


def addorupdate(account: Account, call: Call) -> Answer:
    """The four cases of a body address, as "Add or Update a Contact" lists them."""
    address = valid_address(call.parameters[0])
    changes = _Changes(account, call)
    by_uri = account.people.by_address(address)
    by_body = account.people.by_address(changes.address) if changes.address is not None else None
    if by_uri and by_body and by_uri.system_id != by_body.system_id:
        _apply(account, by_uri, changes.fields)
        updated = _apply(account, by_body, changes.fields)
    elif by_uri:
        updated = _apply(account, by_uri, changes.fields, changes.address)
    elif by_body:
        updated = _apply(account, by_body, changes.fields)
    else:
        added = insert(account, changes.address or address, changes.fields)
        return json_answer(account.answer(added), 201)
    return json_answer(account.answer(updated))


def delete(account: Account, call: Call) -> Answer:
    """The Suppression List keeps the address (page deleting-contacts)."""
    contact = account.people.by_address(valid_address(call.parameters[0]))
    if contact is None:
        account.world.decide("delete-unknown")
    else:
        account.people.delete(contact.system_id)
    return undocumented_answer(account, contact)


def getstructure(account: Account, call: Call) -> Answer:
    match call.parameters:
        case ("single",):
            return json_answer(account.structure.examples)
        case ("list",):
            return json_answer([account.structure.examples])
    raise SentoriError(-1)


def valid_address(segment: str) -> str:
    """The address in a path segment. Raises: SentoriError: 100, when it is none."""
    address = segment.strip()
    if not is_valid(address):
        raise SentoriError(100)
    return address


def known_contact(account: Account, address: str) -> StoredContact:
    """The contact with this address. Raises: SentoriError: 101, when there is none."""
    contact = account.people.by_address(address)
    if contact is None:
        raise SentoriError(101)
    return contact


def insert(account: Account, address: str, fields: Document) -> StoredContact:
    """Add a contact, unless the world refuses such ones."""
    if account.people.is_suppressed(address):
        account.world.decide("add-suppressed")
    if is_role_based(key_of(address)):
        account.world.decide("add-role-based")
    return account.people.insert({**account.new_document(address, "API"), **fields})


def undocumented_answer(account: Account, contact: StoredContact | None) -> Answer:
    """What a call answers whose answer no page shows."""
    match account.world.decide("undocumented-answers"):
        case "no-content":
            return Answer(204)
        case "object":
            return json_answer({})
        case "null":
            return json_answer(None)
        case "contact":
            return json_answer(account.answer(contact) if contact else {})
    return Answer(200)


class _Changes:
    """What a request body asks for: ``fields`` as they will be stored, and an ``address``."""

    def __init__(self, account: Account, call: Call) -> None:
        self.address: str | None = None
        self.fields: Document = {}
        for given_name, value in call.json_object().items():
            name = account.structure.resolve(given_name, account.world)
            if name == "EmailAddress":
                self.address = _body_address(value)
            elif name is not None:
                self._take(account, name, value)

    def _take(self, account: Account, name: str, value: object) -> None:
        world, structure = account.world, account.structure
        if value is None:
            if world.decide("clear-by-null") == "clears":
                self.fields[name] = structure.blank(name)
        elif value == "" and isinstance(structure.examples[name], str):
            match world.decide("empty-string"):
                case "stored-as-null":
                    self.fields[name] = None
                case "stored":
                    self.fields[name] = ""
        else:
            self.fields[name] = structure.accept(name, value, world)


def _body_address(value: object) -> str:
    if not isinstance(value, str):
        raise SentoriError(103)
    return valid_address(value)


def _apply(
    account: Account, contact: StoredContact, fields: Document, address: str | None = None
) -> StoredContact:
    """Update a contact, renaming it where an address is given."""
    world = account.world
    if contact.suppressed:
        world.decide("update-suppressed")
    if contact.bad:
        world.decide("update-bad")
    document = {**contact.document, **fields}
    if contact.bad and world.holds("clear-bad", "ignored"):
        document["IsBadEmailAddress"] = True
    if address is not None:
        document["EmailAddress"] = address
        renamed = key_of(address) != key_of(contact.address)
        if renamed and contact.suppressed and world.holds("rename-suppressed", "moves"):
            account.people.unsuppress(contact.address)
            account.people.suppress(address)
    return account.save(contact, document)


def _taken_by_another(account: Account, address: str, contact: StoredContact) -> bool:
    other = account.people.by_address(address)
    return other is not None and other.system_id != contact.system_id
