# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What became of people since the last snapshot: the feed that a CRM reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ...core.contacts.reader import find_all
from ...core.errors import SentoriError
from ...core.exports.selection import ASKED, EXISTS, SUBSCRIBERS, SYSTEM_ID
from ...core.fields import ADDRESS

if TYPE_CHECKING:
    from ...core.api.client import SentoriApi
    from ...core.fields import Contact

JOINED, LEFT, CREATED, DELETED = "joined", "left", "created", "deleted"
SUPPRESSED, BAD = "suppressed", "bad_email_address"
CHANGES = (JOINED, LEFT, CREATED, DELETED, SUPPRESSED, BAD)
# The fields that tell of people who were asked for: field -> what it means that it is true now, and that it is not.
_TELLING = {EXISTS: (CREATED, DELETED), "IsSuppressed": (SUPPRESSED, None), "IsBadEmailAddress": (BAD, None)}

Record = Mapping[str, Any]


class Change(NamedTuple):
    """One of CHANGES, of one person."""

    change: str
    email: str
    system_id: int | None


class Changes:
    """Finds the changes between two snapshots of one selection; both are given as records of field -> value."""

    def __init__(self, api: SentoriApi, what: str, concurrency: int) -> None:
        self._api = api
        self._of_list = what == SUBSCRIBERS
        self._concurrency = concurrency

    def of_new(self, record: Record) -> Iterator[Change]:
        """A record that the last snapshot did not have: on a list that is somebody who joined."""
        if self._of_list:
            yield _change(JOINED, record)

    def of_both(self, before: Record, after: Record) -> Iterator[Change]:
        """A person of both snapshots."""
        for field, (is_true, is_not) in () if self._of_list else _TELLING.items():
            now = bool(after.get(field))
            name = is_true if now else is_not
            if name is not None and bool(before.get(field)) != now:
                yield _change(name, after)

    def of_gone(self, records: Sequence[Record]) -> list[Change]:
        """People of the last snapshot alone. Those of a list are read, to tell why. Raises a SentoriError."""
        if not self._of_list or not records:
            return []
        keys = [record.get(SYSTEM_ID) or str(record[ADDRESS]) for record in records]
        contacts = find_all(self._api, keys, self._concurrency)
        return [_change(_reason(contact), record) for record, contact in zip(records, contacts, strict=True)]


def _reason(contact: Contact | SentoriError | None) -> str:
    """Why somebody is not on a list any more."""
    if isinstance(contact, SentoriError):
        raise contact
    if contact is None:
        return DELETED
    if contact.get("IsSuppressed"):
        return SUPPRESSED
    return BAD if contact.get("IsBadEmailAddress") else LEFT


def _change(name: str, record: Record) -> Change:
    system_id = record.get(SYSTEM_ID)
    email = str(record.get(ASKED) or record.get(ADDRESS) or "")
    return Change(name, email, None if system_id is None else int(system_id))
