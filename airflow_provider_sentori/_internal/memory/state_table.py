# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A memory in two tables of the user's own database, through SQLAlchemy: PostgreSQL, MySQL or SQLite.

``TABLE`` has the hashes, and ``TABLE_keys`` a row for each memory: its account, and which run has it now.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import BaseHook

from ...core.errors import InvalidInput, MemoryUnavailable
from ...core.memory.storage import TABLES, Execute, Storage
from . import lease
from .lease import Lease, Leased

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

OPTION = "state_conn_id"
DEFAULT_TABLE = "sentori_state"
MAX_KEY = 600

_NAME = re.compile(r"(?:([A-Za-z_][A-Za-z0-9_]{0,62})\.)?([A-Za-z_][A-Za-z0-9_]{0,57})")
# How each database writes an INSERT that replaces rows.
_REPLACING = {
    "postgresql": (
        "INSERT",
        "ON CONFLICT (memory, address, kind) DO UPDATE SET value = excluded.value, seen = excluded.seen",
    ),
    "mysql": ("REPLACE", ""),
    "mariadb": ("REPLACE", ""),
    "sqlite": ("INSERT OR REPLACE", ""),
}


@dataclass(frozen=True)
class StateTable:
    """The memory ``key`` in a table that a connection of Airflow leads to.

    ``run``: how this run is called in the messages of others; ``lease_seconds``: how long the memory stays with it when
    nothing is heard of it any more.
    """

    conn_id: str
    table: str
    key: str
    run: str
    lease_seconds: float = lease.SECONDS

    option = OPTION

    def open(self, *, dry_run: bool) -> TableStorage | None:
        schema, table = self._names()
        engine = self._engine()
        try:
            storage = TableStorage(engine, schema, table, self)
            if dry_run:
                return storage if storage.is_made() else None
            storage.begin()
        except BaseException:
            engine.dispose()
            raise
        return storage

    def _names(self) -> tuple[str | None, str]:
        """The schema and the name of the table. Raises InvalidInput."""
        if not self.key or len(self.key) > MAX_KEY:
            raise InvalidInput(f"1 to {MAX_KEY} characters are needed.", option="state_key")
        found = _NAME.fullmatch(self.table)
        if found is None:
            message = (
                f"{self.table!r} cannot be the name of a table. Use letters, digits and _, if needed after the name of"
                " a schema and a dot."
            )
            raise InvalidInput(message, option="state_table")
        return found[1], found[2]

    def _engine(self) -> Engine:
        # Not BaseHook.get_hook, which has other parameters in Airflow 2.
        hook = BaseHook.get_connection(self.conn_id).get_hook()  # type: ignore[no-untyped-call]
        if not callable(getattr(hook, "get_sqlalchemy_engine", None)):
            raise InvalidInput("a connection to an SQL database is needed.", option=OPTION)
        engine: Engine = hook.get_sqlalchemy_engine({"pool_pre_ping": True, "hide_parameters": True})
        if engine.dialect.name not in _REPLACING:
            message = f"this is a connection to {engine.dialect.name}. Use PostgreSQL, MySQL or SQLite."
            raise InvalidInput(message, option=OPTION)
        return engine


class TableStorage(Storage):
    """A memory in a table. Raises MemoryUnavailable if the database cannot be reached, or another run has it."""

    def __init__(self, engine: Engine, schema: str | None, table: str, place: StateTable) -> None:
        quote = engine.dialect.identifier_preparer.quote
        prefix = f"{quote(schema)}." if schema else ""
        self.table, self.accounts = (f"{prefix}{quote(name)}" for name in (table, f"{table}_keys"))
        digest = hashlib.blake2b(place.key.encode(), digest_size=8).digest()
        self.memory = int.from_bytes(digest, "big", signed=True)
        self.insert, self.on_conflict = _REPLACING[engine.dialect.name]
        self._engine = engine
        self._schema = schema
        self._names = (table, f"{table}_keys")
        self._key = place.key
        self._lease: Lease | None = None
        leased = Leased(self.accounts, self.memory, repr(place.key), OPTION)
        self._new_lease: Callable[[], Lease] = lambda: Lease(engine, leased, place.run, place.lease_seconds)
        with self.reading() as execute:
            self.now = int(execute(f"SELECT {lease.CLOCKS[engine.dialect.name]}")[0][0])

    def is_made(self) -> bool:
        """Whether the tables exist."""
        return all(self._exists(name) for name in self._names)

    def begin(self) -> None:
        """Make what is missing, and take the lease."""
        for name, statement in zip(self._names, TABLES, strict=True):
            if not self._exists(name):
                self._make_table(name, statement)
        with self._guarded():
            self._make_key()
            taken = self._new_lease()
            taken.take()
            self._lease = taken

    def close(self) -> None:
        if self._lease is not None:
            self._lease.release()
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Execute]:
        with self._guarded(), self._engine.connect() as connection:
            yield _execute(connection)

    @contextmanager
    def writing(self) -> Iterator[Execute]:
        with self._guarded(), self._engine.begin() as connection:
            if self._lease is not None:
                self._lease.renew(connection)
            yield _execute(connection)

    def unusable(self, reason: str) -> InvalidInput:
        advice = (
            "Give another state_key, and the next run begins a new memory: it reads all contacts once, and does not"
            " know who has left a mailing list, or which addresses without a contact are suppressed."
        )
        return InvalidInput(f"the memory {self._key!r} {reason}. {advice}", option=OPTION)

    def _make(self, execute: Execute, given: Mapping[str, object]) -> None:
        execute(f"UPDATE {self.accounts} SET salt = :salt, proof = :proof WHERE memory = {self.memory}", given)

    def _exists(self, name: str) -> bool:
        from sqlalchemy import inspect

        with self._guarded():
            return bool(inspect(self._engine).has_table(name, schema=self._schema))

    def _make_table(self, name: str, statement: str) -> None:
        names = {"table": self.table, "accounts": self.accounts, "without_rowid": "", "more": lease.COLUMNS}
        try:
            with self._guarded(), self._engine.begin() as connection:
                connection.exec_driver_sql(statement.format(**names))
        except MemoryUnavailable:
            # Another run may have made it at this moment.
            if not self._exists(name):
                raise

    def _make_key(self) -> None:
        from sqlalchemy import text
        from sqlalchemy.exc import IntegrityError

        query = f"SELECT state_key FROM {self.accounts} WHERE memory = {self.memory}"
        columns = f"{self.accounts} (memory, salt, proof, state_key)"
        with self._engine.connect() as connection:
            if connection.execute(text(query)).fetchone() is not None:
                return
        try:
            with self._engine.begin() as connection:
                values = f"VALUES ({self.memory}, '', '', :key)"
                connection.execute(text(f"INSERT INTO {columns} {values}"), {"key": self._key})
        except IntegrityError:
            # Another run has made it at this moment.
            return

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Raise what went wrong without the statement and the connection's address."""
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except SQLAlchemyError as error:
            reason = _reason(error)
        except (ValueError, TypeError) as error:
            raise self.unusable(f"is damaged ({type(error).__name__})") from None
        else:
            return
        message = f"the memory in table {self.table} cannot be used now: {reason}."
        raise MemoryUnavailable(message, option=OPTION)


def _execute(connection: Connection) -> Execute:
    from sqlalchemy import text

    def execute(statement: str, parameters: Mapping[str, object] | None = None) -> Sequence[Sequence[Any]]:
        if parameters:
            connection.execute(text(statement), parameters)
            return ()
        # It may have thousands of numbers: SQLAlchemy must neither parse nor keep it.
        result = connection.exec_driver_sql(statement)
        return result.fetchall() if result.returns_rows else ()

    return execute


def _reason(error: Exception) -> str:
    """The first line of the database's message, with its code: what it says of a table, not of its rows."""
    original = getattr(error, "orig", None) or error
    code = getattr(original, "sqlstate", None) or getattr(original, "pgcode", None)
    lines = str(original).strip().splitlines() or [""]
    return f"{type(original).__name__}{f' ({code})' if code else ''}: {lines[0].rstrip('.')}"
