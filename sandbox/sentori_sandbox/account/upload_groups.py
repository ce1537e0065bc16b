# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Upload groups, and the outcome of each row of the imports that created them, as stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .database import Database

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class UploadGroups:
    """The upload groups of the account and the record of its imports."""

    def __init__(self, database: Database) -> None:
        self._connection = database.connection

    def add(self, external_id: str, name: str | None, description: str | None) -> None:
        self._connection.execute(
            "INSERT INTO upload_groups (external_id, name, description) VALUES (?, ?, ?)",
            [external_id, name, description],
        )

    def all(self) -> list[dict[str, str | None]]:
        found = self._connection.execute(
            "SELECT external_id, name, description FROM upload_groups ORDER BY position"
        )
        return [dict(zip(("ExternalID", "Name", "Description"), row, strict=True)) for row in found]

    def exists(self, external_id: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM upload_groups WHERE external_id = ?", [external_id]
        )
        return found.fetchone() is not None

    def new_id(self) -> str:
        """Return an unused ID of eight capital letters and digits, as in the vendor's examples."""
        (count,) = self._connection.execute("SELECT count(*) FROM upload_groups").fetchone()
        candidate = _external_id(count)
        while self.exists(candidate):
            count += 1
            candidate = _external_id(count)
        return candidate

    def record_import(self, summary: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> None:
        """Record an import.

        Args:
            summary: its version, upload group and counters.
            rows: address, outcome and reason (None without one) of each row, in row order.
        """
        self._connection.execute(
            "INSERT INTO imports (truth) VALUES (?)", [json.dumps({**summary, "rows": rows})]
        )

    def imports(self) -> list[dict[str, Any]]:
        """Return the recorded imports with the outcome of each row, oldest import first."""
        found = self._connection.execute("SELECT number, truth FROM imports ORDER BY number")
        return [_import_record(number, json.loads(text)) for number, text in found]


def _import_record(number: int, stored: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {"row": row, "address": address, "outcome": outcome, "reason": reason}
        for row, (address, outcome, reason) in enumerate(stored.pop("rows"))
    ]
    return {"import": number, **stored, "rows": rows}


def _external_id(number: int) -> str:
    """Return an ID that looks random but is the same in each run, so that runs can be compared."""
    mixed = (number + 1) * 1_234_567_890_123 % 36**8
    return "".join(_DIGITS[mixed // 36**place % 36] for place in range(7, -1, -1))
