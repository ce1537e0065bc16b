# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What an earlier import left behind: which rows are known to be in Sentori, so that they need not be read again.

A file of SQLite, for one account and one import at a time. It holds no address and no value: a row is two keyed
hashes, and the key is made of the API key, which is not in the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Callable, Protocol

from .addresses import comparable
from .errors import InvalidInput
from .fields import ADDRESS
from .import_plan import REJECTED, UNCHANGED

VERIFY = ("changed", "all")
DAYS = 7.0

_APPLICATION = 0x53654E54
_VERSION = 1
_MAGIC = b"SQLite format 3\0"
_DAY = 86400
_TABLES = """
    CREATE TABLE account (salt BLOB NOT NULL, proof BLOB NOT NULL, names TEXT, names_read INTEGER);
    CREATE TABLE row (
        address INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL, seen INTEGER NOT NULL, rejected INTEGER NOT NULL
    );
"""

_ENCODER = json.JSONEncoder(sort_keys=True, default=repr)

GivenRow = Mapping[str, Any]


class Memory(Protocol):
    """What an import asks of its memory. Rows are fields as they were given, with an address that is one."""

    def known(self, rows: Sequence[GivenRow]) -> list[str | None]:
        """Of each row: ``unchanged`` if it is known to be in Sentori as it stands, ``rejected`` if Sentori is known not
        to take it, or None."""

    def forget(self, rows: Sequence[GivenRow]) -> None:
        """These rows are about to be sent: until it is known what became of them, nothing is known of them."""

    def remember(self, rows: Sequence[GivenRow], action: str) -> None:
        """These rows are in Sentori as they stand (``unchanged``), or Sentori does not take them (``rejected``)."""


class NoMemory:
    """Every row is new."""

    def known(self, rows: Sequence[GivenRow]) -> list[str | None]:
        return [None] * len(rows)

    def forget(self, rows: Sequence[GivenRow]) -> None:
        pass

    def remember(self, rows: Sequence[GivenRow], action: str) -> None:
        pass


class ImportState:
    """The state file of one import. Close it when the run ends; it is locked until then.

    ``account``: a salt -> 32 bytes that only this account has. ``on_blank``: what blanks mean, since a row says
    something else then. ``verify``: ``changed`` knows rows for ``verify_after_days``, ``all`` knows none.
    With ``dry_run`` the file is only read, and not made.
    Raises InvalidInput, naming ``state_file``: damaged, of another account, of something else, in use, or not to be
    opened; its methods too, where the file cannot be read or written any more.
    """

    def __init__(
        self,
        path: str,
        account: Callable[[bytes], bytes],
        *,
        on_blank: str,
        verify: str = "changed",
        verify_after_days: float = DAYS,
        dry_run: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._person = on_blank.encode()
        self._dry_run = dry_run
        self._now = int(clock())
        self._oldest = self._now + 1 if verify == "all" else self._now - verify_after_days * _DAY
        self._db: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        if dry_run and not (os.path.exists(path) and os.path.getsize(path)):
            return
        with self._guarded():
            self._db = self._opened()
            try:
                self._secret = self._unlocked(self._db, account)
            except BaseException:
                self._db.close()
                raise

    def __enter__(self) -> ImportState:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def known(self, rows: Sequence[GivenRow]) -> list[str | None]:
        if self._db is None:
            return [None] * len(rows)
        with self._guarded():
            return [self._known(self._db, row) for row in rows]

    def forget(self, rows: Sequence[GivenRow]) -> None:
        self._write("DELETE FROM row WHERE address = ?", ((self._address(row),) for row in rows))

    def remember(self, rows: Sequence[GivenRow], action: str) -> None:
        rejected = action == REJECTED
        entries = ((self._address(row), self._fingerprint(row), self._now, rejected) for row in rows)
        self._write("INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?)", entries)

    @property
    def names(self) -> list[str]:
        """The names of the account's fields, as an earlier run read them; none if that was too long ago."""
        if self._db is None:
            return []
        with self._guarded():
            found, read = self._db.execute("SELECT names, names_read FROM account").fetchone()
            return list(json.loads(found)) if found and self._is_recent(read) else []

    @names.setter
    def names(self, names: Sequence[str]) -> None:
        self._write("UPDATE account SET names = ?, names_read = ?", [(json.dumps(list(names)), self._now)])

    def _known(self, db: sqlite3.Connection, row: GivenRow) -> str | None:
        if not isinstance(row.get(ADDRESS), str):
            return None
        query = "SELECT fingerprint, seen, rejected FROM row WHERE address = ?"
        found = db.execute(query, (self._address(row),)).fetchone()
        if found is None or not self._is_recent(found[1]) or found[0] != self._fingerprint(row):
            return None
        return REJECTED if found[2] else UNCHANGED

    def _is_recent(self, seen: int) -> bool:
        return self._oldest < seen <= self._now

    def _address(self, row: GivenRow) -> int:
        return self._digest(comparable(str(row[ADDRESS])).encode(errors="surrogatepass"))

    def _fingerprint(self, row: GivenRow) -> int:
        return self._digest(_ENCODER.encode(row).encode(), self._person)

    def _digest(self, text: bytes, person: bytes = b"") -> int:
        found = hashlib.blake2b(text, digest_size=8, key=self._secret, person=person).digest()
        return int.from_bytes(found, "big", signed=True)

    def _write(self, statement: str, entries: Iterable[tuple[Any, ...]]) -> None:
        if self._db is None or self._dry_run:
            return
        with self._guarded(), self._db:
            self._db.executemany(statement, entries)

    def _opened(self) -> sqlite3.Connection:
        if not self._dry_run:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        with open(self._path, "rb") as file:
            if file.read(len(_MAGIC)) not in (_MAGIC, b""):
                raise self._other("file")
        uri = pathlib.Path(os.path.abspath(self._path)).as_uri()
        # The lock lets in one thread at a time.
        return sqlite3.connect(f"{uri}?mode=rw", uri=True, timeout=0, check_same_thread=False)

    def _unlocked(self, db: sqlite3.Connection, account: Callable[[bytes], bytes]) -> bytes:
        """The key of all hashes in a file that is whole, and ours; an empty one is made so."""
        if not self._dry_run:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.rollback()
        if not db.execute("PRAGMA schema_version").fetchone()[0]:
            return self._made(db, account)
        if db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise self._other("database")
        if db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            raise self._refusal("is of another version of this software")
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise self._refusal("is damaged")
        salt, proof = db.execute("SELECT salt, proof FROM account").fetchone()
        secret = account(salt)
        if not secrets.compare_digest(proof, _proof(secret)):
            raise self._refusal("is of another account, or of this one with another API key or URL")
        return secret

    def _made(self, db: sqlite3.Connection, account: Callable[[bytes], bytes]) -> bytes:
        salt = secrets.token_bytes(16)
        secret = account(salt)
        db.executescript(f"BEGIN; {_TABLES} PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION};")
        with db:
            db.execute("INSERT INTO account VALUES (?, ?, NULL, NULL)", (salt, _proof(secret)))
        return secret

    def _other(self, kind: str) -> InvalidInput:
        return InvalidInput(f"{self._path} is a {kind} of something else. Name another one.", option="state_file")

    def _refusal(self, said: str) -> InvalidInput:
        sentence = f"{self._path} {said}. Delete it, and the next run reads all Contacts once, and makes it anew."
        return InvalidInput(sentence, option="state_file")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise InvalidInput(f"{self._path} is in use by another run.", option="state_file") from None
            raise InvalidInput(f"{self._path} cannot be used: {error}.", option="state_file") from None
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            raise self._refusal(f"is damaged ({error})") from None
        except OSError as error:
            sentence = f"{self._path} cannot be opened: {error.strerror or error}."
            raise InvalidInput(sentence, option="state_file") from None


def _proof(secret: bytes) -> bytes:
    return hashlib.blake2b(b"the account of a state file", digest_size=16, key=secret).digest()
