# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A file of SQLite that one run uses at a time, and that belongs to one account.

It holds no address and no value, only keyed hashes; their key is derived from the API key, which is not in the file.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Callable

from ..addresses import comparable
from ..errors import InvalidInput

OPTION = "state_file"

_APPLICATION = 0x53654E54
_VERSION = 2
_MAGIC = b"SQLite format 3\0"
# row: what imports have sent; suppressed: addresses that are never mailed again; member: who was on a mailing list
# after the last run, or was put on it since. All addresses and lists are keyed hashes.
_TABLES = """
    CREATE TABLE account (salt BLOB NOT NULL, proof BLOB NOT NULL, names TEXT, names_read INTEGER);
    CREATE TABLE row (
        address INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL, seen INTEGER NOT NULL, rejected INTEGER NOT NULL
    );
    CREATE TABLE suppressed (address INTEGER PRIMARY KEY, erased INTEGER NOT NULL, seen INTEGER NOT NULL);
    CREATE TABLE member (address INTEGER NOT NULL, list INTEGER NOT NULL, PRIMARY KEY (address, list)) WITHOUT ROWID;
"""


class StateFile:
    """The file at ``path``, opened, locked and checked; its ``with`` block, or ``close``, ends that.

    ``account``: a salt -> 32 bytes that only this account has. Tasks of several kinds can share the file.
    With ``dry_run`` the file is only read, and never made: ``exists`` is False if there is none.
    Raises InvalidInput, naming ``state_file``, if the file is damaged, belongs to another account or program, is in
    use, or cannot be opened; so do its methods if it cannot be read or written any more.
    """

    def __init__(self, path: str, account: Callable[[bytes], bytes], *, dry_run: bool = False) -> None:
        self._path = path
        self._dry_run = dry_run
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        if dry_run and not (os.path.exists(path) and os.path.getsize(path)):
            return
        with self._guarded():
            self._database = self._opened()
            try:
                self._secret = self._unlocked(self._database, account)
            except BaseException:
                self._database.close()
                raise

    def __enter__(self) -> StateFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def exists(self) -> bool:
        return self._database is not None

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The database, for one thread at a time. Only if the file ``exists``."""
        with self._guarded():
            if self._database is None:
                raise ValueError("closed")
            yield self._database

    def write(self, statement: str, entries: Iterable[tuple[Any, ...]]) -> None:
        """Execute a statement for each entry, in one transaction; nothing with ``dry_run``."""
        if self._database is None or self._dry_run:
            return
        with self._guarded(), self._database:
            self._database.executemany(statement, entries)

    def digest(self, content: bytes, context: bytes = b"") -> int:
        """64 bits that stand for a content in a context (up to 16 bytes), by the key of this account."""
        found = hashlib.blake2b(content, digest_size=8, key=self._secret, person=context).digest()
        return int.from_bytes(found, "big", signed=True)

    def address(self, email: str) -> int:
        """The hash of an address, the same for all spellings."""
        return self.digest(comparable(email).encode(errors="surrogatepass"))

    def rename(self, email: str, new_email: str) -> None:
        """Move to another address which mailing lists a person was on.

        Not whether the address is suppressed: no page says that a suppression moves along (API Contact Endpoints).
        """
        moved = (self.address(new_email), self.address(email))
        self.write("UPDATE OR REPLACE member SET address = ? WHERE address = ?", [moved])

    def _opened(self) -> sqlite3.Connection:
        if not self._dry_run:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        with open(self._path, "rb") as file:
            if file.read(len(_MAGIC)) not in (_MAGIC, b""):
                raise self._foreign("file")
        uri = pathlib.Path(os.path.abspath(self._path)).as_uri()
        # The lock admits one thread at a time.
        return sqlite3.connect(f"{uri}?mode=rw", uri=True, timeout=0, check_same_thread=False)

    def _unlocked(self, database: sqlite3.Connection, account: Callable[[bytes], bytes]) -> bytes:
        """The key of all hashes in a file that is complete and ours; an empty file is made so."""
        if not self._dry_run:
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("BEGIN EXCLUSIVE")
            database.rollback()
        if not database.execute("PRAGMA schema_version").fetchone()[0]:
            return self._made(database, account)
        if database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise self._foreign("database")
        if database.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            raise self._unusable("was made by another version of this software")
        if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise self._unusable("is damaged")
        salt, proof = database.execute("SELECT salt, proof FROM account").fetchone()
        secret = account(salt)
        if not secrets.compare_digest(proof, _proof(secret)):
            raise self._unusable("belongs to another account, or to this one with another API key or URL")
        return secret

    def _made(self, database: sqlite3.Connection, account: Callable[[bytes], bytes]) -> bytes:
        salt = secrets.token_bytes(16)
        secret = account(salt)
        pragmas = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION};"
        database.executescript(f"BEGIN; {_TABLES} {pragmas}")
        with database:
            database.execute("INSERT INTO account VALUES (?, ?, NULL, NULL)", (salt, _proof(secret)))
        return secret

    def _foreign(self, kind: str) -> InvalidInput:
        return InvalidInput(f"{self._path} is a {kind} of another program. Name another file.", option=OPTION)

    def _unusable(self, reason: str) -> InvalidInput:
        advice = (
            "Delete it, and the next run makes a new file: it reads all contacts once, and no longer knows who has left"
            " a mailing list, or which addresses without a contact are suppressed."
        )
        return InvalidInput(f"{self._path} {reason}. {advice}", option=OPTION)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise InvalidInput(f"{self._path} is in use by another run.", option=OPTION) from None
            raise InvalidInput(f"{self._path} cannot be used: {error}.", option=OPTION) from None
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            raise self._unusable(f"is damaged ({error})") from None
        except OSError as error:
            message = f"{self._path} cannot be opened: {error.strerror or error}."
            raise InvalidInput(message, option=OPTION) from None


def _proof(secret: bytes) -> bytes:
    return hashlib.blake2b(b"the account of a state file", digest_size=16, key=secret).digest()
