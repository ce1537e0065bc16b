# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Where a memory is kept: two tables of numbers in a database, asked and written thousands of rows at a time.

A memory is a part of these tables, so that several can share them. Keys and kinds are 64 bits, and are written into the
statements: there is no other way to give thousands of them to one statement of SQLite, PostgreSQL and MySQL alike.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, NamedTuple, Protocol

from ..errors import InvalidInput

# The kinds of entries. All others are mailing lists, by the hashes of their IDs: who was on the list after the last
# run, or was put on it since.
ROWS = 0  # what imports have sent
SUPPRESSED = 1  # who is never mailed again; the value is 1 if the person was erased
SOURCES = 2  # how many rows a source had
_OWN_KINDS = f"{ROWS}, {SUPPRESSED}, {SOURCES}"

# Rows of a statement that writes. Rows are long, and old versions of SQLite refuse a statement of a megabyte.
_ROWS = 5_000

TABLES = (
    "CREATE TABLE {table} (memory BIGINT NOT NULL, address BIGINT NOT NULL, kind BIGINT NOT NULL,"
    " value BIGINT NOT NULL, seen BIGINT NOT NULL, PRIMARY KEY (memory, address, kind)){without_rowid}",
    "CREATE TABLE {accounts} (memory BIGINT NOT NULL PRIMARY KEY, salt VARCHAR(64) NOT NULL,"
    " proof VARCHAR(64) NOT NULL, names TEXT, names_read BIGINT{more})",
)


# What is remembered: a key, a kind, a value, and when it was written, in seconds since 1970. It is a plain tuple, as
# databases return it: there may be millions.
Entry = tuple[int, int, int, int]


class Proof(NamedTuple):
    """What shows that a memory belongs to an account: a salt, and a hash that only this account makes of it."""

    salt: bytes
    proof: bytes


class Execute(Protocol):
    """Executes a statement; its parameters are written as ``:name``. Returns the rows of a SELECT."""

    def __call__(self, statement: str, parameters: Mapping[str, object] | None = None) -> Sequence[Any]: ...


class Storage(ABC):
    """A memory, opened; its methods raise InvalidInput, naming the option that it comes from, if it cannot be used."""

    # By the clock that all runs of this memory share, in seconds since 1970.
    now: int
    # Which part of the tables is this memory.
    memory: int
    table: str
    accounts: str
    # How this database writes an INSERT that replaces rows.
    insert = "INSERT OR REPLACE"
    on_conflict = ""
    # How many keys a statement names.
    keys_at_once = 10_000

    @abstractmethod
    def reading(self) -> AbstractContextManager[Execute]:
        """Execute statements that read."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Execute]:
        """Execute statements in one transaction, if no other run has taken over the memory."""

    @abstractmethod
    def unusable(self, reason: str) -> InvalidInput:
        """The error of a memory that no run can use: why, and what to do."""

    @abstractmethod
    def close(self) -> None:
        """Let other runs use the memory."""

    def proof(self) -> Proof | None:
        """The proof of the account; None if this memory is new."""
        query = f"SELECT salt, proof FROM {self.accounts} WHERE memory = {self.memory}"
        with self.reading() as execute:
            for salt, proof in execute(query):
                if salt:
                    return Proof(bytes.fromhex(salt), bytes.fromhex(proof))
        return None

    def make(self, proof: Proof) -> None:
        """Begin a new memory."""
        given = {"salt": proof.salt.hex(), "proof": proof.proof.hex()}
        with self.writing() as execute:
            self._make(execute, given)

    def _make(self, execute: Execute, given: Mapping[str, object]) -> None:
        columns = f"{self.accounts} (memory, salt, proof)"
        execute(f"INSERT INTO {columns} VALUES ({self.memory}, :salt, :proof)", given)

    def field_names(self) -> tuple[str | None, int | None]:
        """The text that was last kept as names of the account's fields, and when."""
        query = f"SELECT names, names_read FROM {self.accounts} WHERE memory = {self.memory}"
        with self.reading() as execute:
            for names, read in execute(query):
                return names, read
        return None, None

    def keep_field_names(self, names: str) -> None:
        statement = f"UPDATE {self.accounts} SET names = :names, names_read = :read WHERE memory = {self.memory}"
        with self.writing() as execute:
            execute(statement, {"names": names, "read": self.now})

    def find(self, kinds: Sequence[int], keys: Iterable[int]) -> list[Entry]:
        """The entries of these kinds that these keys have."""
        found: list[Entry] = []
        # In the order of the table: neighbours are read together.
        with self.reading() as execute:
            for some in _listed(sorted(keys), self.keys_at_once):
                query = f"SELECT address, kind, value, seen FROM {self.table} WHERE {self._where(kinds, some)}"
                found += execute(query)
        return found

    def put(self, kind: int, values: Mapping[int, int]) -> None:
        """Write the value of each key; an entry that it has of this kind is replaced."""
        # In the order of the table, since neighbours are written together.
        rows = (f"({self.memory},{key},{kind},{value},{self.now})" for key, value in sorted(values.items()))
        columns = f"{self.table} (memory, address, kind, value, seen)"
        with self.writing() as execute:
            for some in _listed(rows, _ROWS):
                execute(f"{self.insert} INTO {columns} VALUES {some} {self.on_conflict}")

    def remove(self, kinds: Sequence[int], keys: Iterable[int]) -> None:
        """Forget the entries of these kinds that these keys have; without kinds, all that they have."""
        with self.writing() as execute:
            for some in _listed(sorted(keys), self.keys_at_once):
                execute(f"DELETE FROM {self.table} WHERE {self._where(kinds, some)}")

    def move(self, old: int, new: int) -> None:
        """Give the mailing lists that one key has to another key."""
        lists = f"SELECT kind FROM {self.table} WHERE {self._where((), '{}')} AND kind NOT IN ({_OWN_KINDS})"
        with self.writing() as execute:
            moved = {kind for (kind,) in execute(lists.format(old))}
            there = {kind for (kind,) in execute(lists.format(new))}
            for some in _listed(moved & there, self.keys_at_once):
                execute(f"DELETE FROM {self.table} WHERE {self._where((), str(old))} AND kind IN ({some})")
            for some in _listed(moved - there, self.keys_at_once):
                where = f"{self._where((), str(old))} AND kind IN ({some})"
                execute(f"UPDATE {self.table} SET address = {new} WHERE {where}")

    def _where(self, kinds: Sequence[int], keys: str) -> str:
        # +: a key has few kinds. It takes half as long to look at them as to search each of them.
        of_kinds = f" AND +kind IN ({', '.join(map(str, kinds))})" if kinds else ""
        return f"memory = {self.memory} AND address IN ({keys}){of_kinds}"


class Place(Protocol):
    """What the user has named as a memory."""

    @property
    def option(self) -> str:
        """The option by which it was named."""

    def open(self, *, dry_run: bool) -> Storage | None:
        """The memory, for one run at a time. With ``dry_run`` it is only read, and None if it does not exist.

        Raises MemoryUnavailable if another run has it, InvalidInput if it cannot be used; both name the option.
        """


def _listed(parts: Iterable[object], size: int) -> Iterator[str]:
    """The parts as texts of up to ``size`` of them, with commas between."""
    stream = map(str, parts)
    while some := list(islice(stream, size)):
        yield ",".join(some)
