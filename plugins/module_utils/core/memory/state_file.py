# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A file of SQLite that one run uses at a time."""

from __future__ import annotations

import os
import pathlib
import sqlite3
import threading
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Callable

from ..errors import InvalidInput, MemoryUnavailable
from .storage import TABLES, Entry, Execute, Storage

OPTION = "state_file"

_APPLICATION = 0x53654E54
_VERSION = 4
# Keys are random, and each chunk of an import touches all of the file in the order of its keys: to keep pages is of
# no use. (Larger pages take as long, and make the buffer of a sort larger: by 12 MiB for pages of 32 KiB.)
_CACHE_KIB = 500
# So many entries at once are appended first, and sorted into the table once this many are waiting.
_MANY = 1_000
_MOST_WAITING = 150_000
_MAGIC = b"SQLite format 3\0"
_WAITING = "CREATE TABLE waiting (memory INTEGER, address INTEGER, kind INTEGER, value INTEGER, seen INTEGER)"


@dataclass(frozen=True)
class StateFile:
    """The path of a file of SQLite, which is made by the first run. ``clock``: seconds since 1970."""

    path: str
    clock: Callable[[], float] = time.time

    option = OPTION

    def open(self, *, dry_run: bool) -> FileStorage | None:
        """The file, opened, locked and checked.

        Raises MemoryUnavailable if it is in use, and InvalidInput if it is damaged, belongs to another program, or
        cannot be opened.
        """
        if dry_run and not (os.path.exists(self.path) and os.path.getsize(self.path)):
            return None
        return FileStorage(self.path, int(self.clock()), dry_run=dry_run)


class FileStorage(Storage):
    """The file at ``path``, which has one memory.

    Keys are random: to put each chunk of a long import into the table would write most of its pages each time, and a
    million rows would take four times as long. So chunks are appended to the table ``waiting``, which is sorted into
    the other one now and then, before it is asked for one of these entries, and at the end. A run that was killed
    leaves it to the next one.
    """

    memory = 0
    table = "entry"
    accounts = "account"
    waiting = "waiting"
    # A statement of 10,000 keys takes as long, and 5 MiB.
    keys_at_once = 1_000

    def __init__(self, path: str, now: int, *, dry_run: bool) -> None:
        self.now = now
        self._path = path
        self._dry_run = dry_run
        self._waiting = array("q")
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        with self._guarded():
            self._database = self._opened(dry_run)
            try:
                self._check(self._database, dry_run)
                left = self._database.execute(f"SELECT address FROM {self.waiting}")
                self._waiting.extend(key for (key,) in left)
            except BaseException:
                self._database.close()
                raise

    def close(self) -> None:
        if self._database is None:
            return
        # What cannot be sorted in now, such as on a full disk, waits for the next run.
        with suppress(InvalidInput):
            self._settle()
        self._database.close()
        self._database = None

    @contextmanager
    def reading(self) -> Iterator[Execute]:
        with self._guarded():
            if self._database is None:
                raise ValueError("closed")
            yield _execute(self._database)

    @contextmanager
    def writing(self) -> Iterator[Execute]:
        with self._guarded():
            if self._database is None:
                raise ValueError("closed")
            with self._database:
                yield _execute(self._database)

    def find(self, kinds: Sequence[int], keys: Iterable[int]) -> list[Entry]:
        keys = list(keys)
        self._settle(keys)
        found = super().find(kinds, keys)
        return self._with_waiting(found, kinds, set(keys)) if self._dry_run and self._waiting else found

    def put(self, kind: int, values: Mapping[int, int]) -> None:
        """Write the value of each key, in one transaction.

        A statement with one row, executed many times, takes half of the time and of the memory of one with many rows.
        """
        is_long = len(values) >= _MANY
        if not is_long:
            self._settle(values)
        table, rows = (self.waiting, values.items()) if is_long else (self.table, sorted(values.items()))
        row = f"({self.memory}, ?, {kind}, ?, {self.now})"
        insert = f"{self.insert} INTO {table} (memory, address, kind, value, seen) VALUES {row}"
        with self._guarded():
            if self._database is None:
                raise ValueError("closed")
            with self._database:
                self._database.executemany(insert, rows)
            if is_long:
                self._waiting.extend(values)
        if len(self._waiting) >= _MOST_WAITING:
            self._settle()

    def remove(self, kinds: Sequence[int], keys: Iterable[int]) -> None:
        keys = list(keys)
        self._settle(keys)
        super().remove(kinds, keys)

    def move(self, old: int, new: int) -> None:
        self._settle([old, new])
        super().move(old, new)

    def _settle(self, keys: Iterable[int] | None = None) -> None:
        """Sort into the table what is waiting; with ``keys`` only if one of them is."""
        if not self._waiting or self._dry_run or (keys is not None and set(keys).isdisjoint(self._waiting)):
            return
        columns = "memory, address, kind, value, seen"
        # Of two entries of a key the later one stays.
        ordered = f"SELECT {columns} FROM {self.waiting} ORDER BY memory, address, kind, rowid"
        with self.writing() as execute:
            count = len(self._waiting)
            execute(f"{self.insert} INTO {self.table} ({columns}) {ordered}")
            execute(f"DELETE FROM {self.waiting}")
        # Another thread may have added some since.
        del self._waiting[:count]

    def _with_waiting(self, found: list[Entry], kinds: Sequence[int], keys: set[int]) -> list[Entry]:
        """Also what a killed run has left waiting, without changing the file."""
        with self.reading() as execute:
            left = execute(f"SELECT address, kind, value, seen FROM {self.waiting} ORDER BY rowid")
        entries = {entry[:2]: entry for entry in found}
        for entry in left:
            if entry[0] in keys and (not kinds or entry[1] in kinds):
                entries[entry[:2]] = entry
        return list(entries.values())

    def unusable(self, reason: str) -> InvalidInput:
        advice = (
            "Delete it, and the next run makes a new file: it reads all contacts once, and no longer knows who has left"
            " a mailing list, or which addresses without a contact are suppressed."
        )
        return InvalidInput(f"{self._path} {reason}. {advice}", option=OPTION)

    def _opened(self, dry_run: bool) -> sqlite3.Connection:
        if not dry_run:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        with open(self._path, "rb") as file:
            if file.read(len(_MAGIC)) not in (_MAGIC, b""):
                raise self._foreign("file")
        uri = pathlib.Path(os.path.abspath(self._path)).as_uri()
        # The lock admits one thread at a time. No two statements have the same keys: a cache of statements would only
        # hold a megabyte for each chunk.
        return sqlite3.connect(f"{uri}?mode=rw", uri=True, timeout=0, check_same_thread=False, cached_statements=1)

    def _check(self, database: sqlite3.Connection, dry_run: bool) -> None:
        """Lock the file, and make an empty one complete."""
        if not dry_run:
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            # Enough for a process that is killed. Only a power failure could lose the last transactions.
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            database.execute("BEGIN EXCLUSIVE")
            database.rollback()
        if not database.execute("PRAGMA schema_version").fetchone()[0]:
            names = {"table": self.table, "accounts": self.accounts, "without_rowid": " WITHOUT ROWID", "more": ""}
            tables = "".join(f"{statement.format(**names)};" for statement in (*TABLES, _WAITING))
            pragmas = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION};"
            database.executescript(f"BEGIN; {tables} {pragmas} COMMIT;")
            return
        if database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise self._foreign("database")
        if database.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            raise self.unusable("was made by another version of this software")
        if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise self.unusable("is damaged")

    def _foreign(self, kind: str) -> InvalidInput:
        return InvalidInput(f"{self._path} is a {kind} of another program. Name another file.", option=OPTION)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise MemoryUnavailable(f"{self._path} is in use by another run.", option=OPTION) from None
            raise InvalidInput(f"{self._path} cannot be used: {error}.", option=OPTION) from None
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            raise self.unusable(f"is damaged ({error})") from None
        except OSError as error:
            message = f"{self._path} cannot be opened: {error.strerror or error}."
            raise InvalidInput(message, option=OPTION) from None


def _execute(database: sqlite3.Connection) -> Execute:
    def execute(statement: str, parameters: Mapping[str, object] | None = None) -> Sequence[Sequence[Any]]:
        return database.execute(statement, parameters or {}).fetchall()

    return execute
