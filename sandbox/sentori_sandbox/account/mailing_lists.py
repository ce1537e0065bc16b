# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Mailing lists and their memberships, as stored."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import SentoriError
from .database import Database


@dataclass(frozen=True, slots=True)
class MailingList:
    external_id: str
    name: str
    description: str | None

    def as_json(self) -> dict[str, str | None]:
        return {
            "ExternalID": self.external_id,
            "Name": self.name,
            "Description": self.description,
        }


class MailingLists:
    """The mailing lists of the account, each with its subscribed and unsubscribed contacts."""

    def __init__(self, database: Database) -> None:
        self._connection = database.connection

    def add(self, mailing_list: MailingList) -> None:
        self._connection.execute(
            "INSERT INTO mailing_lists (external_id, name, description) VALUES (?, ?, ?)",
            [mailing_list.external_id, mailing_list.name, mailing_list.description],
        )

    def all(self) -> list[MailingList]:
        found = self._connection.execute(
            "SELECT external_id, name, description FROM mailing_lists ORDER BY position"
        )
        return [MailingList(*row) for row in found]

    def get(self, external_id: str) -> MailingList:
        """Return a list. Raises: SentoriError: 200, for an unknown ID."""
        found = self._connection.execute(
            "SELECT external_id, name, description FROM mailing_lists WHERE external_id = ?",
            [external_id],
        ).fetchone()
        if found is None:
            raise SentoriError(200)
        return MailingList(*found)

    def membership(self, external_id: str, system_id: int) -> bool | None:
        """Tell whether a contact is subscribed; None if it was never on the list."""
        found = self._connection.execute(
            "SELECT subscribed FROM subscriptions WHERE external_id = ? AND system_id = ?",
            [external_id, system_id],
        ).fetchone()
        return None if found is None else bool(found[0])

    def set_membership(self, external_id: str, system_id: int, subscribed: bool) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO subscriptions VALUES (?, ?, ?)",
            [external_id, system_id, subscribed],
        )

    def leave_all(self, system_id: int) -> None:
        self._connection.execute(
            "UPDATE subscriptions SET subscribed = 0 WHERE system_id = ?", [system_id]
        )

    def members(self, external_id: str, subscribed: bool) -> list[str]:
        """Return the addresses subscribed to the list, or unsubscribed from it; sorted."""
        found = self._connection.execute(
            "SELECT json_extract(document, '$.EmailAddress') "
            "FROM subscriptions JOIN contacts USING (system_id) "
            "WHERE external_id = ? AND subscribed = ? ORDER BY 1",
            [external_id, subscribed],
        )
        return [address for (address,) in found]

    def subscribers(self, external_id: str, unconfirmed: bool) -> list[tuple[int, str]]:
        """Return SystemID and address of each emailable subscriber (page api-mailinglists).

        Args:
            unconfirmed: whether to include unconfirmed contacts.
        """
        found = self._connection.execute(
            "SELECT system_id, json_extract(document, '$.EmailAddress') "
            "FROM subscriptions JOIN contacts c USING (system_id) "
            "WHERE external_id = ? AND subscribed "
            "AND NOT json_extract(document, '$.IsBadEmailAddress') "
            "AND (? OR json_extract(document, '$.IsConfirmed')) "
            "AND NOT EXISTS "
            "(SELECT 1 FROM suppression_list s WHERE s.address_key = c.address_key) "
            "ORDER BY system_id",
            [external_id, unconfirmed],
        )
        return found.fetchall()
