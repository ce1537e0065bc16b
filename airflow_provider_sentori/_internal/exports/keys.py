# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The keys of a snapshot: any number of them takes the same memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any


class Keys:
    """Numbers and texts in a temporary database, which ends with the ``with`` block."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE key (value PRIMARY KEY) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def __enter__(self) -> Keys:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, keys: Iterable[Any]) -> None:
        self._database.executemany("INSERT OR IGNORE INTO key VALUES (?)", ((key,) for key in keys))

    def absent(self, keys: Iterable[Any]) -> list[Any]:
        """Those of these keys that were not added, in their order."""
        query = "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT value FROM key)"
        return [key for (key,) in self._database.execute(query, (json.dumps(list(keys)),))]
