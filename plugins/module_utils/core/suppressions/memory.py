# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which addresses earlier runs have suppressed or erased: nothing in Sentori shows it without a contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..memory.account import AccountMemory
from ..memory.storage import SUPPRESSED


class Memory(Protocol):
    """What a run over many addresses asks of its memory."""

    def known(self, emails: Sequence[str], *, erased: bool) -> list[bool]:
        """For each address: whether an earlier run has suppressed it, or with ``erased`` has erased the person."""

    def remember(self, emails: Sequence[str], *, erased: bool) -> None:
        """Remember addresses that are suppressed; with ``erased`` forget all else about them."""


class NoMemory:
    """Every address is new."""

    def known(self, emails: Sequence[str], *, erased: bool) -> list[bool]:
        return [False] * len(emails)

    def remember(self, emails: Sequence[str], *, erased: bool) -> None:
        pass


class SuppressionState:
    """The memory of an account. Raises as AccountMemory."""

    def __init__(self, memory: AccountMemory) -> None:
        self._memory = memory

    def known(self, emails: Sequence[str], *, erased: bool) -> list[bool]:
        addresses = self._memory.addresses(emails)
        found = {key for key, _kind, value, _seen in self._memory.find((SUPPRESSED,), addresses) if value >= erased}
        return [address in found for address in addresses]

    def remember(self, emails: Sequence[str], *, erased: bool) -> None:
        if erased:
            self._memory.erase(emails)
            return
        addresses = self._memory.addresses(emails)
        # It stays known that a person was erased.
        known = {entry[0] for entry in self._memory.find((SUPPRESSED,), addresses)}
        self._memory.put(SUPPRESSED, {address: 0 for address in addresses if address not in known})


def suppression_state(memory: AccountMemory | None) -> Memory:
    """What the memory of an account knows of suppressions; without one, every address is new."""
    return NoMemory() if memory is None else SuppressionState(memory)
