# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The comparison of a desired contact with what Sentori has: what has to be done."""

from __future__ import annotations

from typing import NamedTuple

from .. import addresses, errors, fields
from ..fields import ADDRESS, Contact
from ..runs.outcome import CHANGES, CREATED, DELETED, FAILED, UNCHANGED, UPDATED, State
from .desired import DesiredContact


class Plan(NamedTuple):
    """What one item needs, computed from reads alone.

    ``action`` is what the Outcome's will be. ``before`` and ``after`` hold the fields that differ, None where
    there is no contact; for a contact to delete, ``before`` holds all fields that are not blank. ``address`` and
    ``fields`` are what the request will carry. ``contact`` is the contact as it is, or will be, as far as can be told.
    ``error`` is set, and ``action`` is ``failed``, if nothing can be done.
    """

    email: str
    action: str
    before: State | None = None
    after: State | None = None
    address: str = ""
    fields: State | None = None
    contact: State | None = None
    error: errors.SentoriError | None = None

    @property
    def changes(self) -> bool:
        return self.action in CHANGES


class Reading(NamedTuple):
    """What Sentori has under a desired contact's address, and under its new address."""

    current: Contact | None = None
    renamed: Contact | None = None
    error: errors.SentoriError | None = None

    @property
    def is_taken(self) -> bool:
        """Whether both addresses have a contact, and not the same one."""
        if self.current is None or self.renamed is None:
            return False
        system_id = self.current.get("SystemID")
        return system_id is None or system_id != self.renamed.get("SystemID")


def needs_schema(desired: DesiredContact, reading: Reading) -> bool:
    """Whether the account's fields must be known before ``compare``."""
    if reading.error is not None or reading.is_taken:
        return False
    return fields.need_structure(desired.fields, reading.current or reading.renamed)


def compare(desired: DesiredContact, reading: Reading, structure: Contact | None) -> Plan:
    """What has to be done. The Plan's error is an InvalidInput, an error of the read, or what Sentori would answer.

    ``structure``: an example of each importable field, None if ``needs_schema`` is False.
    """
    email, current = desired.email, reading.current
    if reading.error is not None:
        return Plan(email, FAILED, error=reading.error)
    if not desired.present:
        return _deletion(email, current)
    if desired.new_email and reading.is_taken:
        message = "another contact already has the address in new_email (Sentori's code 102). Nothing was sent."
        return Plan(email, FAILED, error=errors.EmailAddressInUse(message, operation="contact/update", code=102))
    rename = desired.new_email if current is not None and reading.renamed is None else None
    address = email if rename else desired.new_email or email
    if not rename and desired.new_email:
        current = reading.renamed
    try:
        changes = fields.differences(desired.fields, current, structure, desired.option)
    except errors.InvalidInput as refusal:
        return Plan(email, FAILED, error=refusal)
    if current is None:
        stored = {ADDRESS: address, **changes}
        return Plan(email, CREATED, after=stored, address=address, fields=changes, contact=stored)
    if rename:
        changes = {ADDRESS: rename, **changes}
    if not changes:
        return Plan(email, UNCHANGED, contact=current)
    before = {name: current.get(name) for name in changes}
    expected = {**current, **changes}
    return Plan(email, UPDATED, before=before, after=changes, address=address, fields=changes, contact=expected)


def _deletion(email: str, current: Contact | None) -> Plan:
    if current is None:
        return Plan(email, UNCHANGED)
    known = {name: value for name, value in current.items() if not fields.is_blank(value)}
    return Plan(email, DELETED, before=known, address=email)


def holds(name: str, value: fields.FieldValue, contact: State) -> bool:
    """Whether a contact has this value in this field."""
    if name == ADDRESS:
        return addresses.same(value, contact.get(name))
    return name in contact and fields.same(value, contact[name])
