# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""One Sentori account: its people, lists, emails and structure, and the keys that lead to it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path

from .assumptions import Assumptions
from .clock import Clock
from .database import Database
from .errors import SentoriError
from .fields import Document, Structure, Value
from .mailing_lists import MailingLists
from .mailings import Mailings
from .people import People, StoredContact


class Account:
    """What the handlers act on.

    Args:
        path: the database's file; None for memory.
        api_key: the key that opens the account; None for the one in the file, or a new one.
        assumptions: name -> value, where it is not the default.
    """

    def __init__(
        self, path: Path | None, api_key: str | None, assumptions: Mapping[str, str]
    ) -> None:
        self.world = Assumptions(assumptions)
        self.database = Database(path)
        self.people = People(self.database)
        self.lists = MailingLists(self.database)
        self.mailings = Mailings(self.database)
        self.structure = Structure({})
        self.clock = Clock()
        self.api_key = api_key or self.database.setting("api_key") or str(uuid.uuid4())
        self.database.set_setting("api_key", self.api_key)
        # Errors 2 and 3 need a key that looks right but opens nothing (page api-errors).
        self.locked_key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"locked {self.api_key}"))
        self.gone_key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"gone {self.api_key}"))

    def authorise(self, key: str | None) -> None:
        """Raises: SentoriError: 1, 2 or 3, for a key that does not open the account."""
        presented = (key or "").strip().lower()
        if presented == self.locked_key:
            raise SentoriError(2)
        if presented == self.gone_key:
            raise SentoriError(3)
        if presented != self.api_key.lower():
            raise SentoriError(1)

    def answer(self, contact: StoredContact) -> dict[str, Value]:
        """A contact as ``contact/get`` returns it."""
        return self.structure.answer(contact.system_id, contact.suppressed, contact.document)

    def new_document(self, address: str, source: str) -> Document:
        """A contact that nothing is known of but its address.

        Args:
            address: stored as it is given, without surrounding blanks.
            source: its CreatedSourceValue, such as "Uploaded".
        """
        now = self.clock.now()
        return {
            **self.structure.blank_document(),
            "EmailAddress": address.strip(),
            "CreatedSourceValue": source,
            "CreatedIPAddress": "127.0.0.1",
            "CreatedHttpReferrerUrl": None,
            "CreatedTimestamp": now,
            "ModifiedTimestamp": now,
            "IsConfirmed": True,
        }

    def save(self, contact: StoredContact, document: Document) -> StoredContact:
        """Store what changed, with a new ModifiedTimestamp; what did not change keeps its own."""
        if document == contact.document:
            return contact
        return self.people.replace(
            contact.system_id, {**document, "ModifiedTimestamp": self.clock.now()}
        )

    def unsubscribe_everywhere(self, address: str) -> None:
        """Off all lists, onto the Suppression List (page api-contacts, "Unsubscribe Contact")."""
        if contact := self.people.by_address(address):
            self.lists.leave_all(contact.system_id)
        self.people.suppress(address)
