# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contacts as they are: read by address or by SystemID, several at once."""

from __future__ import annotations

from collections.abc import Sequence

from . import addresses, errors
from .api import SentoriApi
from .fan_out import fan_out
from .fields import Contact


def look_up(
    api: SentoriApi, emails: Sequence[str], system_ids: Sequence[int] = (), concurrency: int = 8
) -> tuple[list[Contact], list[str | int]]:
    """The contacts that there are, and the addresses and SystemIDs for which there is none, in their order.

    Raises InvalidInput before any request; SentoriError if one cannot be read.
    """
    wanted: list[str | int] = [addresses.checked(email, f"emails[{at}]") for at, email in enumerate(emails)]
    for at, system_id in enumerate(system_ids):
        if system_id < 1:
            raise errors.InvalidInput("a SystemID is a whole number from 1.", option=f"system_ids[{at}]")
        wanted.append(system_id)

    def read(key: str | int) -> Contact | None:
        try:
            return api.get_contact(key) if isinstance(key, str) else api.get_contact_by_system_id(key)
        except errors.ContactNotFound:
            return None

    found = fan_out(read, wanted, concurrency)
    missing = [key for key, contact in zip(wanted, found) if contact is None]
    return [contact for contact in found if contact is not None], missing
