# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What a file loses and gains, as a bounded excerpt."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

from .file import Destination, uncompressed
from .file_form import FileForm
from .snapshot import Snapshot

_LONGEST_LINE = 500
_ONLY = "SELECT DISTINCT line FROM {0} WHERE line NOT IN (SELECT line FROM {1}) ORDER BY rowid"


class Side(NamedTuple):
    """One side: how many lines it has, the first lines that the other one lacks, and how many more these are."""

    lines: int
    only_here: list[str]
    more: int


def difference(snapshot: Snapshot, destination: Destination, form: FileForm, limit: int) -> tuple[Side, Side]:
    """The file as it is, and as it is to be; each shows at most ``limit`` lines. Raises InvalidInput."""
    database = sqlite3.connect("", isolation_level=None)
    try:
        opened = destination.open()
        if opened is None:
            _fill(database, "before", ())
        else:
            with opened, uncompressed(opened, form) as content:
                _fill(database, "before", _until_damaged(content))
        _fill(database, "after", (line for part in form.parts(snapshot) for line in part.splitlines()))
        return _side(database, "before", "after", limit), _side(database, "after", "before", limit)
    finally:
        database.close()


def _fill(database: sqlite3.Connection, table: str, lines: Iterable[bytes]) -> None:
    database.execute("BEGIN")
    database.execute(f"CREATE TABLE {table} (line BLOB)")
    database.executemany(f"INSERT INTO {table} VALUES (?)", ((line[:_LONGEST_LINE].rstrip(),) for line in lines))
    database.execute(f"CREATE INDEX lines_{table} ON {table} (line)")
    database.execute("COMMIT")


def _side(database: sqlite3.Connection, table: str, other: str, limit: int) -> Side:
    (lines,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    only = _ONLY.format(table, other)
    (count,) = database.execute(f"SELECT count(*) FROM ({only})").fetchone()
    shown = [line.decode("utf-8", "replace") for (line,) in database.execute(f"{only} LIMIT ?", (limit,))]
    return Side(lines, shown, count - len(shown))


def _until_damaged(content: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file, up to where it is damaged or turns out not to be compressed."""
    try:
        yield from content
    except (OSError, EOFError, zlib.error):
        return
