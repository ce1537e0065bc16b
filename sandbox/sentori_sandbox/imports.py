# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The import engine, behind both v2.0's JSON and v1's XML.

What v1's page documents ("Important Notes": the widest contact decides the columns, blanks
overwrite) holds for v1 always, and for v2.0 by assumption.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from .account import Account
from .addresses import is_role_based, is_valid, key_of
from .assumptions import Assumptions
from .errors import SentoriError
from .fields import Document, Value
from .people import StoredContact

Row = Mapping[str, object]

# Outcome of a row -> its counter in the answer (page api-contacts, "Import Contacts").
COUNTERS = {
    "created": "EmailableRowsCreated",
    "updated": "EmailableRowsUpdated",
    "suppressed_updated": "SuppressedUpdated",
    "bad_email_updated": "BadEmailUpdated",
    "duplicate": "ExcludedDuplicates",
    "invalid": "ExcludedInvalidEmail",
    "role_based": "ExcludedRoleBased",
}
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Rules:
    """How an import reads its rows; the values are those of the assumptions of that name."""

    ragged: str = "widest-row"
    blanks: str = "overwrite"
    null: str = "blank"
    unknown_field: str = "error-103"
    missing_address: str = "invalid"
    empty: str = "error-105"

    @classmethod
    def assumed(cls, world: Assumptions) -> Rules:
        """Those of v2.0, where no page says; v1's are the defaults of this class."""
        chosen = world.as_dict()
        return cls(
            ragged=chosen["import-ragged"],
            blanks=chosen["import-blanks"],
            null=chosen["import-null"],
            unknown_field=chosen["import-unknown-field"],
            missing_address=chosen["import-missing-address"],
            empty=chosen["import-empty"],
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """One import as it arrived.

    Args:
        name: of the Upload Group that comes of it.
        version: "v1" or "v2.0", for the record.
    """

    rows: Sequence[Row]
    name: str | None
    description: str | None
    version: str


def run(account: Account, batch: Batch, rules: Rules) -> dict[str, Any]:
    """Import the batch, and keep the truth about each of its rows.

    Returns: the counters and UploadGroupExternalID, as v2.0 answers them.

    Raises:
        SentoriError: the batch is refused as a whole, and nothing is stored.
    """
    columns = _Columns(account, batch.rows, rules)
    rows = _Rows(account)
    rows.take(batch.rows, columns)
    rows.store()
    upload_group = None
    if rows.imported:
        upload_group = account.mailings.new_upload_group_id()
        account.mailings.add_upload_group(upload_group, batch.name, batch.description)
    outcomes = [outcome for _, outcome, _ in rows.truth]
    counters = {
        "TotalRows": len(batch.rows),
        **{counter: outcomes.count(outcome) for outcome, counter in COUNTERS.items()},
    }
    account.mailings.record_import(
        {"version": batch.version, "upload_group": upload_group, "counters": counters}, rows.truth
    )
    return {**counters, "UploadGroupExternalID": upload_group}


class _Columns:
    """Which properties of the rows count, and what their values become."""

    def __init__(self, account: Account, rows: Sequence[Row], rules: Rules) -> None:
        self._account = account
        self._rules = rules
        self._stores_empty = account.world.holds("empty-string", "stored")
        names = self._names(rows)
        fields = {name: self._field(name) for name in dict.fromkeys(chain.from_iterable(rows))}
        self.address = next((name for name in names if fields[name] == "EmailAddress"), None)
        if self.address is None and (rows or rules.empty == "error-105"):
            raise SentoriError(105)
        self._fields = [
            (name, field)
            for name in names
            if (field := fields[name]) is not None and field != "EmailAddress"
        ]

    def _names(self, rows: Sequence[Row]) -> list[str]:
        if self._rules.ragged == "error-103" and any(row.keys() != rows[0].keys() for row in rows):
            raise SentoriError(103)
        if self._rules.ragged == "widest-row":
            widest: Row = max(rows, key=len, default={})
            return list(widest)
        return list(dict.fromkeys(chain.from_iterable(rows)))

    def _field(self, name: str) -> str | None:
        try:
            return self._account.structure.resolve(name, self._account.world)
        except SentoriError:
            if self._rules.unknown_field == "ignored":
                return None
            raise

    def address_of(self, row: Row) -> str:
        """The row's address, or what stands in its place; empty where nothing does."""
        value = row.get(self.address or "")
        if value in (None, "") and self._rules.missing_address == "error-105":
            raise SentoriError(105)
        return "" if value is None else str(value).strip()

    def values(self, row: Row) -> Document:
        """What the row sets, by field."""
        account, rules = self._account, self._rules
        values: Document = {}
        for name, field in self._fields:
            value = row.get(name, _ABSENT)
            if value is _ABSENT:
                if rules.ragged != "row-by-row" and rules.blanks == "overwrite":
                    values[field] = self._blank(field)
            elif value is None:
                if rules.null == "blank" and rules.blanks == "overwrite":
                    values[field] = self._blank(field)
            elif value == "":
                if rules.blanks == "overwrite":
                    values[field] = self._blank(field)
            else:
                values[field] = account.structure.accept(field, value, account.world)
        return values

    def _blank(self, field: str) -> Value:
        structure = self._account.structure
        is_text = isinstance(structure.examples[field], str)
        return "" if is_text and self._stores_empty else structure.blank(field)


class _Rows:
    """What becomes of each row; ``truth`` holds address, outcome and reason, in row order."""

    def __init__(self, account: Account) -> None:
        self.truth: list[tuple[str, str, str | None]] = []
        self.imported = 0
        self._account = account
        self._keeps_bad = account.world.holds("clear-bad", "ignored")
        self._suppressed_new = account.world.decide("import-suppressed-new")
        self._inserts: list[tuple[str, Document]] = []
        self._replacements: list[tuple[int, Document]] = []

    def take(self, rows: Sequence[Row], columns: _Columns) -> None:
        """Decide what becomes of each row; nothing is stored yet."""
        addresses = [columns.address_of(row) for row in rows]
        keys = [key_of(address) for address in addresses]
        excluded = _excluded(keys, self._account.world)
        template = self._account.new_document("", "Uploaded")
        contacts, suppressed = self._account.people.many(
            [key for key, exclusion in zip(keys, excluded, strict=True) if exclusion is None]
        )
        for row, address, key, exclusion in zip(rows, addresses, keys, excluded, strict=True):
            if exclusion is not None:
                self.truth.append((address, *exclusion))
                continue
            values = columns.values(row)
            if contact := contacts.get(key):
                outcome = self._update(contact, values, str(template["ModifiedTimestamp"]))
                self.truth.append((address, outcome, None))
            else:
                document = {**template, **values, "EmailAddress": address}
                self.truth.append((address, *self._create(key, document, key in suppressed)))

    def store(self) -> None:
        self._account.people.insert_many(self._inserts)
        self._account.people.replace_many(self._replacements)

    def _update(self, contact: StoredContact, values: Document, now: str) -> str:
        """Suppressed and bad contacts are updated too, and stay what they are."""
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
            return "suppressed_updated", "on the Suppression List: no contact was created"
        self._inserts.append((key, document))
        self.imported += 1
        if suppressed and self._suppressed_new == "suppressed-updated":
            return "suppressed_updated", "on the Suppression List: a contact was created"
        if document["IsBadEmailAddress"] and not suppressed:
            return "bad_email_updated", "created with a bad address"
        return "created", None


def _excluded(keys: Sequence[str], world: Assumptions) -> list[tuple[str, str] | None]:
    """For each address: why its row is not imported, as outcome and reason; None when it is."""
    rows = range(len(keys))
    last_wins = world.holds("import-duplicates", "last")
    winners = {keys[row]: row for row in (rows if last_wins else reversed(rows)) if keys[row]}
    duplicate_first = world.holds("import-check-order", "duplicate-first")
    knows_roles = world.holds("import-role-based", "common")

    def exclusion(row: int, key: str) -> tuple[str, str] | None:
        winner = winners.get(key, row)
        duplicate = None
        if winner != row:
            duplicate = ("duplicate", f"row {winner} has the same address")
        if duplicate_first and duplicate:
            return duplicate
        if not is_valid(key):
            return "invalid", "not a well-formed address"
        if knows_roles and is_role_based(key):
            return "role_based", "a role-based local part"
        return duplicate

    return [exclusion(row, key) for row, key in enumerate(keys)]
