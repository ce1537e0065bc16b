# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""One run at a time has a memory: a lease in the table that a thread renews, by the clock of the database."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ...core.errors import MemoryUnavailable

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

log = logging.getLogger(__name__)

# How long a memory stays with a worker of which nothing is heard.
SECONDS = 60.0
# Renewals within that time.
_RENEWALS = 4

COLUMNS = (
    ", state_key VARCHAR(600) NOT NULL, holder VARCHAR(32), host VARCHAR(255), pid INTEGER, run VARCHAR(1000),"
    " since DOUBLE PRECISION, expires DOUBLE PRECISION"
)
# Seconds since 1970, by the database.
CLOCKS = {
    "postgresql": "EXTRACT(EPOCH FROM clock_timestamp())",
    "mysql": "UNIX_TIMESTAMP()",
    "mariadb": "UNIX_TIMESTAMP()",
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
}


class Leased(NamedTuple):
    """What is leased: the row of a memory in a table. ``name``: for messages; ``option``: by which it was named."""

    table: str
    memory: int
    name: str
    option: str


class Lease:
    """The lease of one run. ``run``: how the run is called in the messages of others; it contains no address."""

    def __init__(self, engine: Engine, leased: Leased, run: str, seconds: float = SECONDS) -> None:
        self._engine = engine
        self._leased = leased
        self._seconds = seconds
        self._clock = CLOCKS[engine.dialect.name]
        self._who = {
            "holder": secrets.token_hex(16),
            "host": socket.gethostname()[:255],
            "pid": os.getpid(),
            "run": run[:1000],
        }
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="sentori-lease", daemon=True)

    def take(self) -> None:
        """Take the lease, and renew it until ``release``. Raises MemoryUnavailable if another run has it."""
        is_free = f"(holder IS NULL OR expires < {self._clock})"
        names = "holder = :holder, host = :host, pid = :pid, run = :run"
        times = f"since = {self._clock}, expires = {self._clock} + {self._seconds}"
        with self._engine.begin() as connection:
            taken = self._update(connection, f"{names}, {times}", is_free, self._who)
            if not taken:
                raise self._in_use(connection)
        self._thread.start()

    def renew(self, connection: Connection) -> None:
        """Renew the lease in a transaction, which so excludes all other runs until its end.

        Raises MemoryUnavailable if another run has taken it: this one was paused, or did not reach the database, for
        longer than the lease.
        """
        if not self._update(connection, f"expires = {self._clock} + {self._seconds}", "holder = :holder", self._who):
            message = (
                f"the memory {self._leased.name} was taken over by another run, because this one had not been heard of"
                f" for {self._seconds:.0f} seconds. It has stopped. Run it again when the other run has ended."
            )
            raise MemoryUnavailable(message, option=self._leased.option)

    def release(self) -> None:
        """Let other runs have the memory at once."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        try:
            with self._engine.begin() as connection:
                self._update(connection, "holder = NULL", "holder = :holder", self._who)
        except Exception as error:
            log.info("The lease of the memory ends by itself: %s", type(error).__name__)

    def _keep(self) -> None:
        while not self._ended.wait(self._seconds / _RENEWALS):
            try:
                with self._engine.begin() as connection:
                    self.renew(connection)
            except MemoryUnavailable:
                # The run finds out before it writes the next time.
                return
            except Exception as error:
                log.info("The lease of the memory could not be renewed yet: %s", type(error).__name__)

    def _update(self, connection: Connection, changes: str, where: str, parameters: Mapping[str, Any]) -> bool:
        from sqlalchemy import text

        statement = f"UPDATE {self._leased.table} SET {changes} WHERE memory = {self._leased.memory} AND {where}"
        return bool(connection.execute(text(statement), parameters).rowcount)

    def _in_use(self, connection: Connection) -> MemoryUnavailable:
        from sqlalchemy import text

        query = f"SELECT run, host, pid, since FROM {self._leased.table} WHERE memory = {self._leased.memory}"
        run, host, pid, since = connection.execute(text(query)).fetchone() or ("", "", 0, 0)
        begun = datetime.fromtimestamp(float(since or 0), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        message = (
            f"the memory {self._leased.name} is in use since {begun}, by {run} (host {host}, process {pid}). A retry"
            f" finds it free when that run has ended, or {self._seconds:.0f} seconds after its worker has died."
        )
        return MemoryUnavailable(message, option=self._leased.option)
