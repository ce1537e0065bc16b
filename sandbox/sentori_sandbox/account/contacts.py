# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contacts and the suppression list, as stored.

The suppression list holds addresses, with or without a contact (page api-contacts, "Unsubscribe
Contact"). A contact is suppressed if its address is on it; no other flag is stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .addresses import address_key
from .database import Database
from .fields import Document

_SELECT = """
SELECT c.system_id, c.document, s.address_key IS NOT NULL
FROM contacts c LEFT JOIN suppression_list s USING (address_key)
"""
_LARGEST_SYSTEM_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class StoredContact:
    """A contact: ``document`` holds all its fields but SystemID and IsSuppressed."""

    system_id: int
    document: Document
    suppressed: bool

    @property
    def address(self) -> str:
        return str(self.document["EmailAddress"])

    @property
    def bad(self) -> bool:
        return bool(self.document["IsBadEmailAddress"])


class Contacts:
    """The contacts and the suppression list of the account; addresses in any case."""

    def __init__(self, database: Database) -> None:
        self._connection = database.connection

    def by_address(self, address: str) -> StoredContact | None:
        return self._one(_SELECT + "WHERE c.address_key = ?", address_key(address))

    def by_system_id(self, system_id: int) -> StoredContact | None:
        if system_id > _LARGEST_SYSTEM_ID:
            return None
        return self._one(_SELECT + "WHERE c.system_id = ?", system_id)

    def all(self) -> Iterator[StoredContact]:
        for row in self._connection.execute(_SELECT + "ORDER BY c.system_id"):
            yield _contact(row)

    def insert(self, document: Document, system_id: int | None = None) -> StoredContact:
        key = address_key(str(document["EmailAddress"]))
        cursor = self._connection.execute(
            "INSERT INTO contacts VALUES (?, ?, ?)", [system_id, key, json.dumps(document)]
        )
        assert cursor.lastrowid is not None
        return StoredContact(cursor.lastrowid, document, self.is_suppressed(key))

    def replace(self, system_id: int, document: Document) -> StoredContact:
        key = address_key(str(document["EmailAddress"]))
        self._connection.execute(
            "UPDATE contacts SET address_key = ?, document = ? WHERE system_id = ?",
            [key, json.dumps(document), system_id],
        )
        return StoredContact(system_id, document, self.is_suppressed(key))

    def delete(self, system_id: int) -> None:
        self._connection.execute("DELETE FROM contacts WHERE system_id = ?", [system_id])

    def many(self, keys: Sequence[str]) -> tuple[dict[str, StoredContact], set[str]]:
        """Look up many addresses at once.

        Returns: address key -> contact, and the keys that are suppressed.
        """
        wanted = json.dumps(keys)
        found = self._connection.execute(
            "SELECT k.value, c.system_id, c.document, s.address_key IS NOT NULL "
            "FROM json_each(?) k JOIN contacts c ON c.address_key = k.value "
            "LEFT JOIN suppression_list s ON s.address_key = k.value",
            [wanted],
        )
        rows = found.fetchall()
        # Parsing one long text takes half the time of parsing ten thousand short ones.
        documents = json.loads(f"[{','.join(document for _, _, document, _ in rows)}]")
        contacts = {
            key: StoredContact(system_id, document, bool(suppressed))
            for (key, system_id, _, suppressed), document in zip(rows, documents, strict=True)
        }
        suppressed = self._connection.execute(
            "SELECT k.value FROM json_each(?) k JOIN suppression_list s ON s.address_key = k.value",
            [wanted],
        )
        return contacts, {key for (key,) in suppressed}

    def insert_many(self, documents: Iterable[tuple[str, Document]]) -> None:
        """Add contacts, each as address key and document."""
        self._connection.executemany(
            "INSERT INTO contacts (address_key, document) VALUES (?, ?)",
            ((key, json.dumps(document)) for key, document in documents),
        )

    def replace_many(self, documents: Iterable[tuple[int, Document]]) -> None:
        """Overwrite contacts, each as SystemID and document; the address must be unchanged."""
        self._connection.executemany(
            "UPDATE contacts SET document = ? WHERE system_id = ?",
            ((json.dumps(document), system_id) for system_id, document in documents),
        )

    def suppress(self, address: str) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO suppression_list VALUES (?, ?)",
            [address_key(address), address.strip()],
        )

    def unsuppress(self, address: str) -> None:
        self._connection.execute(
            "DELETE FROM suppression_list WHERE address_key = ?", [address_key(address)]
        )

    def is_suppressed(self, address: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM suppression_list WHERE address_key = ?", [address_key(address)]
        )
        return found.fetchone() is not None

    def suppression_list(self) -> list[str]:
        found = self._connection.execute("SELECT address FROM suppression_list ORDER BY address")
        return [address for (address,) in found]

    def _one(self, query: str, argument: str | int) -> StoredContact | None:
        row = self._connection.execute(query, [argument]).fetchone()
        return None if row is None else _contact(row)


def _contact(row: Sequence[Any]) -> StoredContact:
    system_id, document, suppressed = row
    return StoredContact(system_id, json.loads(document), bool(suppressed))
