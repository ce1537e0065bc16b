# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What earlier imports left behind: which rows Sentori already has, so that their contacts need not be read again."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Callable, Protocol

from ..fields import ADDRESS
from ..runs.outcome import NOT_MAILABLE, REJECTED, UNCHANGED
from ..runs.state_file import StateFile
from .options import ImportOptions

DEFAULT_DAYS = 7.0

_DAY = 86400
_ENCODER = json.JSONEncoder(sort_keys=True, default=repr)

GivenRow = Mapping[str, Any]


class Memory(Protocol):
    """What an import asks of its memory. Rows are the fields as given, with a well-formed address."""

    def known(self, rows: Sequence[GivenRow]) -> list[str | None]:
        """For each row: ``unchanged`` if Sentori is known to have it, ``rejected`` if Sentori is known not to accept
        it, ``not_mailable`` if the person was erased, or None."""

    def forget(self, rows: Sequence[GivenRow]) -> None:
        """Forget rows that are about to be sent, until their outcomes are known."""

    def remember(self, rows: Sequence[GivenRow], action: str) -> None:
        """Remember rows that Sentori has (``unchanged``), or does not accept (``rejected``)."""


class NoMemory:
    """Every row is new."""

    def known(self, rows: Sequence[GivenRow]) -> list[str | None]:
        return [None] * len(rows)

    def forget(self, rows: Sequence[GivenRow]) -> None:
        pass

    def remember(self, rows: Sequence[GivenRow], action: str) -> None:
        pass


class ImportState:
    """The memory of one import in a state file: for each row a hash of its address and one of its content.

    ``account``: a salt -> 32 bytes that only this account has. ``on_blank``: what blanks mean, since the same row has
    another meaning then. ``verify``: ``changed`` knows rows for ``verify_after_days``, ``all`` knows none.
    Raises as StateFile.
    """

    def __init__(
        self,
        path: str,
        account: Callable[[bytes], bytes],
        *,
        on_blank: str,
        verify: str = "changed",
        verify_after_days: float = DEFAULT_DAYS,
        dry_run: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._context = on_blank.encode()
        self._now = int(clock())
        self._oldest = self._now + 1 if verify == "all" else self._now - verify_after_days * _DAY
        self._file = StateFile(path, account, dry_run=dry_run)

    def __enter__(self) -> ImportState:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def known(self, rows: Sequence[GivenRow]) -> list[str | None]:
        if not self._file.exists:
            return [None] * len(rows)
        hashes = [self._hashes(row) for row in rows]
        with self._file.reading() as database:
            return [None if each is None else self._known(database, *each) for each in hashes]

    def forget(self, rows: Sequence[GivenRow]) -> None:
        self._file.write("DELETE FROM row WHERE address = ?", ((self._address_hash(row),) for row in rows))

    def remember(self, rows: Sequence[GivenRow], action: str) -> None:
        rejected = action == REJECTED
        entries = ((self._address_hash(row), self._fingerprint(row), self._now, rejected) for row in rows)
        self._file.write("INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?)", entries)

    @property
    def names(self) -> list[str]:
        """The names of the account's fields, as an earlier run read them; none if that was too long ago."""
        if not self._file.exists:
            return []
        with self._file.reading() as database:
            found, read = database.execute("SELECT names, names_read FROM account").fetchone()
            return list(json.loads(found)) if found and self._is_recent(read) else []

    @names.setter
    def names(self, names: Sequence[str]) -> None:
        self._file.write("UPDATE account SET names = ?, names_read = ?", [(json.dumps(list(names)), self._now)])

    def _hashes(self, row: GivenRow) -> tuple[int, int] | None:
        """The hashes of a row; None if it has no address, or no content that can be compared."""
        if not isinstance(row.get(ADDRESS), str):
            return None
        try:
            return self._address_hash(row), self._fingerprint(row)
        except (TypeError, ValueError, RecursionError):
            return None

    def _known(self, database: sqlite3.Connection, address: int, fingerprint: int) -> str | None:
        if database.execute("SELECT 1 FROM suppressed WHERE address = ? AND erased", (address,)).fetchone():
            return NOT_MAILABLE
        query = "SELECT fingerprint, seen, rejected FROM row WHERE address = ?"
        found = database.execute(query, (address,)).fetchone()
        if found is None or not self._is_recent(found[1]) or found[0] != fingerprint:
            return None
        return REJECTED if found[2] else UNCHANGED

    def _is_recent(self, seen: int) -> bool:
        return self._oldest < seen <= self._now

    def _address_hash(self, row: GivenRow) -> int:
        return self._file.address(str(row[ADDRESS]))

    def _fingerprint(self, row: GivenRow) -> int:
        return self._file.digest(_ENCODER.encode(row).encode(), self._context)


@contextmanager
def open_state(
    account: Callable[[bytes], bytes], options: ImportOptions, *, dry_run: bool
) -> Iterator[ImportState | None]:
    """The memory that the options name, or None."""
    if options.state_file is None:
        yield None
        return
    days = DEFAULT_DAYS if options.verify_after_days is None else options.verify_after_days
    with ImportState(
        options.state_file,
        account,
        on_blank=options.on_blank,
        verify=options.verify,
        verify_after_days=days,
        dry_run=dry_run,
    ) as state:
        yield state
