# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Records of one moment, sorted on disk: any number of them takes the same memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..addresses import comparable
from ..fields import ADDRESS, FieldValue
from .selection import ASKED, EXTERNAL_ID, SYSTEM_ID

Record = Mapping[str, FieldValue]

_TABLE = "CREATE TABLE record (number INTEGER, name TEXT, fields TEXT NOT NULL)"
# Records without a SystemID come last.
_SORTED = "SELECT fields FROM record ORDER BY number IS NULL, number, name, rowid"


class Snapshot:
    """Records of field -> value, sorted by SystemID, or by ExternalID or address where there is none.

    They are kept in a temporary database of SQLite that has no name in any folder, and ends with the ``with`` block.
    ``columns``: the fields that come first; ``takes_more``: whether other fields of a record become columns, too.
    """

    def __init__(self, columns: Sequence[str], *, takes_more: bool = False) -> None:
        self._columns = dict.fromkeys(columns)
        self._first_columns = tuple(columns)
        self._takes_more = takes_more
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(_TABLE)
        self._database.execute("BEGIN")

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    @property
    def columns(self) -> list[str]:
        """The names of the values of each record."""
        return list(self._columns)

    def add(self, records: Iterable[Record]) -> None:
        """Add records, which may come from a generator."""
        self._database.executemany("INSERT INTO record VALUES (?, ?, ?)", map(self._row, records))

    def clear(self) -> None:
        """Forget all records."""
        self._database.execute("DELETE FROM record")
        self._columns = dict.fromkeys(self._first_columns)

    def __len__(self) -> int:
        (count,) = self._database.execute("SELECT count(*) FROM record").fetchone()
        return int(count)

    def records(self) -> Iterator[Record]:
        """The records in their order, each with the fields that it was given."""
        for (fields,) in self._database.execute(_SORTED):
            yield json.loads(fields)

    def values(self) -> Iterator[list[FieldValue]]:
        """The values of each record, in the order of ``columns``; None where a record lacks a field."""
        columns = self.columns
        for record in self.records():
            yield [record.get(column) for column in columns]

    def _row(self, record: Record) -> tuple[int | None, str, str]:
        if self._takes_more:
            for name in record:
                self._columns.setdefault(name)
        number = record.get(SYSTEM_ID)
        text = str(record.get(EXTERNAL_ID) or comparable(str(record.get(ASKED) or record.get(ADDRESS) or "")))
        # Numbers that SQLite cannot hold come last, too, and keep their value in the record.
        if not isinstance(number, int) or abs(number) >= 2**63:
            number = None
        return number, text, json.dumps(record)
