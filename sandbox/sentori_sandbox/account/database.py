# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The SQLite database of a sandbox: schema, connection and transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS contacts (
    system_id INTEGER PRIMARY KEY AUTOINCREMENT,
    address_key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS suppression_list (
    address_key TEXT PRIMARY KEY,
    address TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mailing_lists (
    position INTEGER PRIMARY KEY,
    external_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT
);
CREATE TABLE IF NOT EXISTS subscriptions (
    external_id TEXT NOT NULL REFERENCES mailing_lists (external_id) ON DELETE CASCADE,
    system_id INTEGER NOT NULL REFERENCES contacts (system_id) ON DELETE CASCADE,
    subscribed INTEGER NOT NULL,
    PRIMARY KEY (external_id, system_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS subscriptions_of_contact ON subscriptions (system_id);
CREATE TABLE IF NOT EXISTS emails (
    position INTEGER PRIMARY KEY,
    external_id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS upload_groups (
    position INTEGER PRIMARY KEY,
    external_id TEXT NOT NULL UNIQUE,
    name TEXT,
    description TEXT
);
CREATE TABLE IF NOT EXISTS imports (number INTEGER PRIMARY KEY, truth TEXT NOT NULL);
"""
_TABLES = (
    "subscriptions",
    "contacts",
    "suppression_list",
    "mailing_lists",
    "emails",
    "upload_groups",
    "imports",
)
# The first contact gets the SystemID of the vendor's example. No SystemID is used twice.
_FIRST_SYSTEM_ID = 16382


class Database:
    """One SQLite connection, shared by the server thread and the test's thread.

    Args:
        path: a file that is kept after the sandbox has stopped; None for memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self.connection = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False
        )
        # WAL survives a killed process; synchronous only protects against a power cut.
        self.connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;"
        )
        self.connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block atomically and exclusively; transactions can be nested."""
        with self._lock:
            if self._depth == 0:
                self.connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    self.connection.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self.connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def setting(self, name: str) -> str | None:
        row = self.connection.execute("SELECT value FROM settings WHERE name = ?", [name])
        found = row.fetchone()
        return None if found is None else str(found[0])

    def set_setting(self, name: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, value])

    def clear(self) -> None:
        """Delete the rows of all tables except the settings."""
        for table in _TABLES:
            self.connection.execute(f"DELETE FROM {table}")
        self.connection.execute("DELETE FROM sqlite_sequence")
        self.connection.execute(
            "INSERT INTO sqlite_sequence VALUES ('contacts', ?)", [_FIRST_SYSTEM_ID - 1]
        )

    def close(self) -> None:
        with self._lock:
            self.connection.close()
