# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A row that may be sent: checked, and compared with its contact."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .. import addresses, fields
from ..contacts.schema import Schema
from ..errors import InvalidInput
from ..fields import ADDRESS, Contact
from ..rows.row import Row
from ..runs.outcome import BAD_EMAIL_UPDATED, CREATED, EXACT, SUPPRESSED_UPDATED, UPDATED, Outcome
from .memory import Keys, no_keys
from .options import ImportOptions
from .wire import Wire

# Never filled in from a read: an address that has bounced since must not be revived (rule 8 of the design).
NEVER_FILLED = "IsBadEmailAddress"


@dataclass(frozen=True)
class Candidate:
    """A row that may be sent: its typed fields, and its contact if that was read (None: there is none).

    ``keys``: of the row in the memory. ``read_only``: fields of the row that cannot be imported.
    """

    place: str
    email: str
    fields: Contact
    keys: Keys = field(default_factory=lambda: no_keys(1))
    read_only: Contact = field(default_factory=dict)
    current: Contact | None = None
    was_read: bool = False

    @property
    def is_unchanged(self) -> bool:
        """Whether the contact already has the values of the row."""
        current = self.current
        return current is not None and all(fields.same(value, current.get(name)) for name, value in self.fields.items())

    @property
    def action(self) -> str:
        """What the import should make of it."""
        if self.current is None:
            return CREATED
        if self.current.get("IsSuppressed"):
            return SUPPRESSED_UPDATED
        return BAD_EMAIL_UPDATED if self.current.get("IsBadEmailAddress") else UPDATED

    def predicted(self, certainty: str = EXACT) -> Outcome:
        """The outcome if Sentori accepts the row."""
        return Outcome(self.email, self.action, self.place, certainty=certainty)

    def has_values(self, contact: Contact) -> bool:
        """Whether a contact has the values of the row."""
        return replace(self, current=contact).is_unchanged


def candidate(row: Row, keys: Keys, schema: Schema, options: ImportOptions, wire: Wire) -> Candidate:
    """A row, checked. Loads the schema if the row has any field that is to be sent.

    Raises InvalidInput, naming the place of the row.
    """
    if row.error is not None:
        raise row.error
    place = row.place
    given = fields.checked_fields(row.fields, place)
    email = addresses.checked_address(given.pop(ADDRESS, None), f"{place}.{ADDRESS}")
    wire.check(ADDRESS, email, place)
    typed: Contact = {}
    read_only: Contact = {}
    for name, value in given.items():
        if fields.is_empty(value):
            if options.on_blank == "error":
                raise InvalidInput("this cell is empty, and on_blank is error.", option=f"{place}.{name}")
            if options.on_blank == "keep" or name == NEVER_FILLED:
                continue
            value = fields.blank_of(name, schema.load())
        if name in fields.READ_ONLY:
            read_only[name] = value
        else:
            typed[name] = fields.typed(name, value, schema.load(), place)
            wire.check(name, typed[name], place)
    if read_only and not options.compare:
        message = "this field is read-only in Sentori, and cannot be checked without compare. Leave it out."
        raise InvalidInput(message, option=f"{place}.{next(iter(read_only))}")
    return Candidate(place, email, typed, keys, read_only)


def compared(row: Candidate, current: Contact | None) -> Candidate:
    """The row with its contact. Raises InvalidInput if it gives a read-only field another value."""
    fields.differences(row.read_only, current, None, row.place)
    email = row.email if current is None else str(current[ADDRESS])
    return replace(row, email=email, current=current, was_read=True)
