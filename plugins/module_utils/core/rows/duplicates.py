# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which addresses of a long source came before, in about 16 bytes of memory for each."""

from __future__ import annotations

import hashlib
from array import array

from ..addresses import comparable

_SMALLEST = 1 << 12
_MOST_FULL = 0.6


class SeenAddresses:
    """A set of addresses that can only grow: an open hash table of their 64-bit digests.

    Two addresses out of a million share a digest with a probability of 3 in 100 million.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * _SMALLEST))
        self._count = 0

    def add(self, email: str) -> bool:
        """Remember an address; False if it was there, in whatever case and with whatever blanks around it."""
        digest = hashlib.blake2b(comparable(email).encode(), digest_size=8).digest()
        added = self._put(self._slots, int.from_bytes(digest, "big") or 1)
        if added:
            self._count += 1
            if self._count > _MOST_FULL * len(self._slots):
                self._grow()
        return added

    @staticmethod
    def _put(slots: array[int], value: int) -> bool:
        mask = len(slots) - 1
        at = value & mask
        while slots[at]:
            if slots[at] == value:
                return False
            at = (at + 1) & mask
        slots[at] = value
        return True

    def _grow(self) -> None:
        larger = array("Q", bytes(16 * len(self._slots)))
        for value in self._slots:
            if value:
                self._put(larger, value)
        self._slots = larger
