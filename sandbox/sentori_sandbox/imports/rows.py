# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The rows of an import: decide the outcome of each, then store the changes."""

from __future__ import annotations

from collections.abc import Sequence

from ..account import Account, Document, StoredContact, address_key, is_role_based, is_valid
from ..assumptions import Assumptions
from .columns import Columns
from .rules import Row


class RowImport:
    """The outcome of each row, in row order, and the changes to be stored.

    ``outcomes`` holds address, outcome and reason (None without one) of each row; ``imported`` is
    the number of rows that create or update a contact.
    """

    def __init__(self, account: Account) -> None:
        self.outcomes: list[tuple[str, str, str | None]] = []
        self.imported = 0
        self._account = account
        self._keeps_bad = account.assumptions.holds("clear-bad", "ignored")
        self._suppressed_new = account.assumptions.decide("import-suppressed-new")
        self._inserts: list[tuple[str, Document]] = []
        self._replacements: list[tuple[int, Document]] = []

    def decide(self, rows: Sequence[Row], columns: Columns) -> None:
        """Decide the outcome of each row; store nothing yet."""
        addresses = [columns.address_of(row) for row in rows]
        keys = [address_key(address) for address in addresses]
        exclusions = _exclusions(keys, self._account.assumptions)
        template = self._account.new_document("", "Uploaded")
        contacts, suppressed = self._account.contacts.many(
            [key for key, exclusion in zip(keys, exclusions, strict=True) if exclusion is None]
        )
        for row, address, key, exclusion in zip(rows, addresses, keys, exclusions, strict=True):
            if exclusion is not None:
                self.outcomes.append((address, *exclusion))
                continue
            values = columns.values(row)
            if contact := contacts.get(key):
                outcome = self._update(contact, values, str(template["ModifiedTimestamp"]))
                self.outcomes.append((address, outcome, None))
            else:
                document = {**template, **values, "EmailAddress": address}
                self.outcomes.append((address, *self._create(key, document, key in suppressed)))

    def store(self) -> None:
        self._account.contacts.insert_many(self._inserts)
        self._account.contacts.replace_many(self._replacements)

    def _update(self, contact: StoredContact, values: Document, now: str) -> str:
        """Update a contact; a suppressed or bad one stays suppressed or bad."""
        document = {**contact.document, **values}
        if contact.bad and self._keeps_bad:
            document["IsBadEmailAddress"] = True
        if document != contact.document:
            document["ModifiedTimestamp"] = now
            self._replacements.append((contact.system_id, document))
        self.imported += 1
        if contact.suppressed:
            return "suppressed_updated"
        return "bad_email_updated" if contact.bad else "updated"

    def _create(self, key: str, document: Document, suppressed: bool) -> tuple[str, str | None]:
        if suppressed and self._suppressed_new == "not-created":
            return "suppressed_updated", "on the suppression list: no contact was created"
        self._inserts.append((key, document))
        self.imported += 1
        if suppressed and self._suppressed_new == "suppressed-updated":
            return "suppressed_updated", "on the suppression list: a contact was created"
        if document["IsBadEmailAddress"] and not suppressed:
            return "bad_email_updated", "created with a bad address"
        return "created", None


def _exclusions(keys: Sequence[str], assumptions: Assumptions) -> list[tuple[str, str] | None]:
    """Return outcome and reason for each row that is not imported; None for the others."""
    rows = range(len(keys))
    last_wins = assumptions.holds("import-duplicates", "last")
    winners = {keys[row]: row for row in (rows if last_wins else reversed(rows)) if keys[row]}
    duplicate_first = assumptions.holds("import-check-order", "duplicate-first")
    excludes_roles = assumptions.holds("import-role-based", "common")

    def exclusion(row: int, key: str) -> tuple[str, str] | None:
        winner = winners.get(key, row)
        duplicate = None
        if winner != row:
            duplicate = ("duplicate", f"row {winner} has the same address")
        if duplicate_first and duplicate:
            return duplicate
        if not is_valid(key):
            return "invalid", "not a well-formed address"
        if excludes_roles and is_role_based(key):
            return "role_based", "a role-based local part"
        return duplicate

    return [exclusion(row, key) for row, key in enumerate(keys)]
