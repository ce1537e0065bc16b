# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""One Sentori account: its state, its API keys and its assumptions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path

from ..assumptions import Assumptions
from ..errors import SentoriError
from .clock import Clock
from .contacts import Contacts, StoredContact
from .database import Database
from .emails import Emails
from .fields import Document, Structure, Value
from .mailing_lists import MailingLists
from .upload_groups import UploadGroups


class Account:
    """The state that the endpoints read and change.

    Args:
        path: the database file; None keeps the state in memory.
        api_key: the key of the account; None for the one in the file, or a new one.
        assumptions: name -> value, for each assumption that does not have its default.
    """

    def __init__(
        self, path: Path | None, api_key: str | None, assumptions: Mapping[str, str]
    ) -> None:
        self.assumptions = Assumptions(assumptions)
        self.database = Database(path)
        self.contacts = Contacts(self.database)
        self.mailing_lists = MailingLists(self.database)
        self.emails = Emails(self.database)
        self.upload_groups = UploadGroups(self.database)
        self.structure = Structure({})
        self.clock = Clock()
        self.api_key = api_key or self.database.setting("api_key") or str(uuid.uuid4())
        self.database.set_setting("api_key", self.api_key)
        # Errors 2 and 3 need a key that looks valid but has no usable account (page api-errors).
        self.locked_key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"locked {self.api_key}"))
        self.gone_key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"gone {self.api_key}"))

    def authorise(self, key: str | None) -> None:
        """Check the API key of a request.

        Raises:
            SentoriError: 1, 2 or 3, for a key that is not the account's.
        """
        presented = (key or "").strip().lower()
        if presented == self.locked_key:
            raise SentoriError(2)
        if presented == self.gone_key:
            raise SentoriError(3)
        if presented != self.api_key.lower():
            raise SentoriError(1)

    def contact_as_json(self, contact: StoredContact) -> dict[str, Value]:
        """Return a contact as ``contact/get`` shows it."""
        return self.structure.as_json(contact.system_id, contact.suppressed, contact.document)

    def new_document(self, address: str, source: str) -> Document:
        """Return the fields of a new contact of which only the address is known.

        Args:
            address: stored as given, without surrounding blanks.
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
        """Store changed fields with a new ModifiedTimestamp; do nothing if none has changed."""
        if document == contact.document:
            return contact
        return self.contacts.replace(
            contact.system_id, {**document, "ModifiedTimestamp": self.clock.now()}
        )

    def unsubscribe_everywhere(self, address: str) -> None:
        """Unsubscribe from all lists and suppress (page api-contacts, "Unsubscribe Contact")."""
        if contact := self.contacts.by_address(address):
            self.mailing_lists.leave_all(contact.system_id)
        self.contacts.suppress(address)
