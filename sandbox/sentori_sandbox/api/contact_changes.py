# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The changes to a contact that a request body asks for."""

from __future__ import annotations

from collections.abc import Mapping

from ..account import Account, Document, StoredContact, address_key, valid_address
from ..errors import SentoriError


class ContactChanges:
    """The fields of a request body: ``fields`` as they are stored, and ``address`` if given.

    Args:
        body: field name -> value, as received.

    Raises:
        SentoriError: 100 for an invalid address, 103 for an invalid field.
    """

    def __init__(self, account: Account, body: Mapping[str, object]) -> None:
        self.address: str | None = None
        self.fields: Document = {}
        for given_name, value in body.items():
            name = account.structure.resolve(given_name, account.assumptions)
            if name == "EmailAddress":
                self.address = _body_address(value)
            elif name is not None:
                self._add(account, name, value)

    def _add(self, account: Account, name: str, value: object) -> None:
        assumptions, structure = account.assumptions, account.structure
        if value is None:
            if assumptions.decide("clear-by-null") == "clears":
                self.fields[name] = structure.blank(name)
        elif value == "" and isinstance(structure.examples[name], str):
            match assumptions.decide("empty-string"):
                case "stored-as-null":
                    self.fields[name] = None
                case "stored":
                    self.fields[name] = ""
        else:
            self.fields[name] = structure.accept(name, value, assumptions)


def apply_changes(
    account: Account, contact: StoredContact, fields: Document, address: str | None = None
) -> StoredContact:
    """Update a contact, and rename it if an address is given."""
    assumptions = account.assumptions
    if contact.suppressed:
        assumptions.decide("update-suppressed")
    if contact.bad:
        assumptions.decide("update-bad")
    document = {**contact.document, **fields}
    if contact.bad and assumptions.holds("clear-bad", "ignored"):
        document["IsBadEmailAddress"] = True
    if address is not None:
        document["EmailAddress"] = address
        renamed = address_key(address) != address_key(contact.address)
        if renamed and contact.suppressed and assumptions.holds("rename-suppressed", "moves"):
            account.contacts.unsuppress(contact.address)
            account.contacts.suppress(address)
    return account.save(contact, document)


def _body_address(value: object) -> str:
    if not isinstance(value, str):
        raise SentoriError(103)
    return valid_address(value)
