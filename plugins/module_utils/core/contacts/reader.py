# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contacts as they are now: one or many, each a contact or None."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, Union

from ..api.client import SentoriApi
from ..concurrency import fan_out
from ..errors import ContactNotFound, SentoriError
from ..fields import Contact

# A contact, None if there is none, or the error that concerns this one alone.
Found = Union[Contact, SentoriError, None]


def get_or_none(api: SentoriApi, key: str | int) -> Contact | None:
    """The contact with this address or SystemID, or None. Raises a SentoriError if it cannot be read."""
    try:
        return api.get_contact(key) if isinstance(key, str) else api.get_contact_by_system_id(key)
    except ContactNotFound:
        return None


def find(api: SentoriApi, key: str | int) -> Found:
    """The same, with an error as a value. Raises a SentoriError that concerns the whole run."""
    try:
        return get_or_none(api, key)
    except SentoriError as error:
        if error.concerns_run:
            raise
        return error


def find_all(
    api: SentoriApi, keys: Sequence[str | int], concurrency: int, done: Callable[[], None] = lambda: None
) -> list[Found]:
    """``find`` for each address or SystemID, in order, up to ``concurrency`` at once.

    ``done`` is called after each read. Raises a SentoriError that concerns the whole run.
    """

    def read(key: str | int) -> Found:
        found = find(api, key)
        done()
        return found

    return fan_out(read, keys, concurrency)
