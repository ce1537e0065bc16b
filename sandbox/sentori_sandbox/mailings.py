# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Documents to send (emails, SMS), Upload Groups, and the truth about imports, as stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from .database import Database
from .errors import SentoriError


@dataclass(frozen=True, slots=True)
class Email:
    """A document of the account; an Upload Group can be attached to a draft email only."""

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

    def answer(self) -> dict[str, str | None]:
        """As ``emails/drafts`` shows it (page api-emails)."""
        return {
            "ExternalID": self.ExternalID,
            "Name": self.Name,
            "Description": self.Description,
            "Created": self.Created,
            "CreatedBy": self.CreatedBy,
            "Modified": self.Modified,
            "ModifiedBy": self.ModifiedBy,
        }


class Mailings:
    """What is sent and to whom: emails, and the Upload Groups that imports leave behind."""

    def __init__(self, database: Database) -> None:
        self._connection = database.connection

    def add_email(self, email: Email) -> None:
        self._connection.execute(
            "INSERT INTO emails (external_id, document) VALUES (?, ?)",
            [email.ExternalID, json.dumps(asdict(email))],
        )

    def emails(self) -> list[Email]:
        found = self._connection.execute("SELECT document FROM emails ORDER BY position")
        return [Email(**json.loads(document)) for (document,) in found]

    def attach(self, upload_group: str, external_id: str) -> None:
        """Attach an Upload Group to a Draft Email; once more changes nothing.

        Raises:
            SentoriError: 300, 301 or 400, when that is no draft email.
        """
        email = next((email for email in self.emails() if email.ExternalID == external_id), None)
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

    def add_upload_group(self, external_id: str, name: str | None, description: str | None) -> None:
        self._connection.execute(
            "INSERT INTO upload_groups (external_id, name, description) VALUES (?, ?, ?)",
            [external_id, name, description],
        )

    def upload_groups(self) -> list[dict[str, str | None]]:
        found = self._connection.execute(
            "SELECT external_id, name, description FROM upload_groups ORDER BY position"
        )
        return [dict(zip(("ExternalID", "Name", "Description"), row, strict=True)) for row in found]

    def has_upload_group(self, external_id: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM upload_groups WHERE external_id = ?", [external_id]
        )
        return found.fetchone() is not None

    def new_upload_group_id(self) -> str:
        """Eight upper-case characters and digits, as in the pages' examples; never one twice."""
        (count,) = self._connection.execute("SELECT count(*) FROM upload_groups").fetchone()
        candidate = _external_id(count)
        while self.has_upload_group(candidate):
            count += 1
            candidate = _external_id(count)
        return candidate

    def record_import(self, truth: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> None:
        self._connection.execute(
            "INSERT INTO imports (truth) VALUES (?)", [json.dumps({**truth, "rows": rows})]
        )

    def imports(self) -> list[dict[str, Any]]:
        found = self._connection.execute("SELECT number, truth FROM imports ORDER BY number")
        return [_truth(number, json.loads(text)) for number, text in found]


def _truth(number: int, stored: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {"row": row, "address": address, "outcome": outcome, "reason": reason}
        for row, (address, outcome, reason) in enumerate(stored.pop("rows"))
    ]
    return {"import": number, **stored, "rows": rows}


_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _external_id(number: int) -> str:
    """Looks random, and is the same in each run: tests can be compared with each other."""
    mixed = (number + 1) * 1_234_567_890_123 % 36**8
    return "".join(_DIGITS[mixed // 36**place % 36] for place in range(7, -1, -1))
