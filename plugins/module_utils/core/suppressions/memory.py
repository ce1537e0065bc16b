# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which addresses earlier runs have suppressed or erased: nothing in Sentori shows it without a contact."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Callable, Protocol

from ..runs.state_file import StateFile


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
    """The memory in a state file, by keyed hashes of the addresses. Raises as StateFile."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        self._now = int(time.time())

    def known(self, emails: Sequence[str], *, erased: bool) -> list[bool]:
        if not self._file.exists:
            return [False] * len(emails)
        query = "SELECT 1 FROM suppressed WHERE address = ? AND erased >= ?"
        hashes = [self._file.address(email) for email in emails]
        with self._file.reading() as database:
            return [database.execute(query, (address, erased)).fetchone() is not None for address in hashes]

    def remember(self, emails: Sequence[str], *, erased: bool) -> None:
        hashes = [self._file.address(email) for email in emails]
        if erased:
            for table in ("row", "member"):
                self._file.write(f"DELETE FROM {table} WHERE address = ?", ((address,) for address in hashes))
        self._file.write(
            "INSERT INTO suppressed VALUES (?, ?, ?)"
            " ON CONFLICT (address) DO UPDATE SET erased = max(erased, excluded.erased)",
            ((address, erased, self._now) for address in hashes),
        )


@contextmanager
def open_memory(path: str | None, account: Callable[[bytes], bytes], *, dry_run: bool) -> Iterator[Memory]:
    """The memory at this path of a state file; without one, every address is new."""
    if path is None:
        yield NoMemory()
        return
    with StateFile(path, account, dry_run=dry_run) as file:
        yield SuppressionState(file)
