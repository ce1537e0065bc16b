# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contacts as they are, by address or by SystemID."""

from __future__ import annotations

from collections.abc import Sequence

from .. import addresses
from ..api.client import SentoriApi
from ..concurrency import fan_out
from ..errors import InvalidInput
from ..fields import Contact
from .reader import get_or_none


def get_all(
    api: SentoriApi, emails: Sequence[str], concurrency: int = 8, system_ids: Sequence[int] = ()
) -> list[Contact | None]:
    """The contact of each address, then of each SystemID, or None.

    Raises InvalidInput before any request; SentoriError if a contact cannot be read.
    """
    return fan_out(lambda key: get_or_none(api, key), _keys(emails, system_ids), concurrency)


def look_up(
    api: SentoriApi, emails: Sequence[str], system_ids: Sequence[int] = (), concurrency: int = 8
) -> tuple[list[Contact], list[str | int]]:
    """The contacts that exist, and the addresses and SystemIDs without one, each in the order given.

    Raises as ``get_all``.
    """
    found = get_all(api, emails, concurrency, system_ids)
    missing = [key for key, contact in zip(_keys(emails, system_ids), found) if contact is None]
    return [contact for contact in found if contact is not None], missing


def _keys(emails: Sequence[str], system_ids: Sequence[int]) -> list[str | int]:
    keys: list[str | int] = [addresses.checked_address(email, f"emails[{at}]") for at, email in enumerate(emails)]
    for at, system_id in enumerate(system_ids):
        if system_id < 1:
            raise InvalidInput(f"{system_id} is not a SystemID, which is a number from 1.", option=f"system_ids[{at}]")
        keys.append(system_id)
    return keys
