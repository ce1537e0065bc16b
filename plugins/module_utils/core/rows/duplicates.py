# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which addresses of a long source came before, in about 16 bytes of memory for each."""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Iterable

from ..addresses import comparable

# A part that grows is in memory twice for a moment, and the others only once.
_BITS = 4
_PARTS = 1 << _BITS
_PART = _PARTS - 1
_SMALLEST = 1 << 8
_MOST_FULL = 0.6


class SeenAddresses:
    """A set of addresses that can only grow: an open hash table of their 64-bit digests, in parts of the same size.

    Two addresses out of a million share a digest with a probability of 3 in 100 million.
    """

    def __init__(self) -> None:
        self._parts = [array("q", bytes(8 * _SMALLEST)) for _part in range(_PARTS)]
        self._count = 0

    def add(self, email: str) -> bool:
        """Remember an address; False if it was there, in whatever case and with whatever blanks around it."""
        return not self.add_all([comparable(email)])

    def add_all(self, emails: Iterable[str]) -> list[int]:
        """Remember addresses, as ``comparable`` makes them; returns the positions of those that were there."""
        parts, count, repeated = self._parts, self._count, []
        mask = len(parts[0]) - 1
        places = _PARTS * len(parts[0]) - 1
        most = int(_MOST_FULL * places)
        for position, digest in enumerate(map(_digest, emails)):
            # 0 is an empty slot.
            value = digest or 1
            home = value & places
            slots = parts[home & _PART]
            at = home >> _BITS
            while (there := slots[at]) and there != value:
                at = (at + 1) & mask
            if there:
                repeated.append(position)
                continue
            slots[at] = value
            count += 1
            if count > most:
                for number in range(_PARTS):
                    parts[number] = _doubled(parts[number])
                mask, places = 2 * mask + 1, 2 * places + 1
                most *= 2
        self._count = count
        return repeated


def _doubled(slots: array[int]) -> array[int]:
    larger = array("q", [0]) * (2 * len(slots))
    mask = len(larger) - 1
    for value in filter(None, slots):
        at = value >> _BITS & mask
        while larger[at]:
            at = (at + 1) & mask
        larger[at] = value
    return larger


def _blake2b(email: str) -> int:
    digest = hashlib.blake2b(email.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


# Python's own hash takes a tenth of the time of another one. A 32-bit Python has a hash that is too short.
_digest = hash if sys.hash_info.width >= 64 else _blake2b
