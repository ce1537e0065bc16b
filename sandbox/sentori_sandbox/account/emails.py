# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Emails and other documents (SMS) of an account, as stored."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Literal

from ..errors import SentoriError
from .database import Database


@dataclass(frozen=True, slots=True)
class Email:
    """A document of the account; an upload group can only be attached to a draft email."""

    ExternalID: str
    Name: str
    Description: str | None = None
    kind: Literal["email", "sms"] = "email"
    draft: bool = True
    Created: str = "2010-05-13T09:00:00"
    CreatedBy: str = "Sandbox"
    Modified: str = "2010-05-13T09:00:00"
    ModifiedBy: str = "Sandbox"
    upload_groups: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, str | None]:
        """Return the email as ``emails/drafts`` shows it (page api-emails)."""
        return {
            "ExternalID": self.ExternalID,
            "Name": self.Name,
            "Description": self.Description,
            "Created": self.Created,
            "CreatedBy": self.CreatedBy,
            "Modified": self.Modified,
            "ModifiedBy": self.ModifiedBy,
        }


class Emails:
    """The emails of the account, and the upload groups attached to each."""

    def __init__(self, database: Database) -> None:
        self._connection = database.connection

    def add(self, email: Email) -> None:
        self._connection.execute(
            "INSERT INTO emails (external_id, document) VALUES (?, ?)",
            [email.ExternalID, json.dumps(asdict(email))],
        )

    def all(self) -> list[Email]:
        found = self._connection.execute("SELECT document FROM emails ORDER BY position")
        return [Email(**json.loads(document)) for (document,) in found]

    def attach(self, upload_group: str, external_id: str) -> None:
        """Attach an upload group to a draft email; attaching it again changes nothing.

        Raises:
            SentoriError: 300 (unknown), 301 (not an email) or 400 (not a draft).
        """
        email = next((email for email in self.all() if email.ExternalID == external_id), None)
        if email is None:
            raise SentoriError(300)
        if email.kind != "email":
            raise SentoriError(301)
        if not email.draft:
            raise SentoriError(400)
        groups = list(dict.fromkeys([*email.upload_groups, upload_group]))
        self._connection.execute(
            "UPDATE emails SET document = json_set(document, '$.upload_groups', json(?)) "
            "WHERE external_id = ?",
            [json.dumps(groups), external_id],
        )
