# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A snapshot in a table of a database: compared a page at a time, and only what differs is written."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sql

from ...core.addresses import comparable
from ...core.errors import InvalidInput
from ...core.exports.selection import ASKED
from ...core.fields import ADDRESS
from .changes import Change, Changes
from .columns import READ_AT, adapter
from .keys import Keys
from .tables import feed_table, snapshot_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ...core.exports.snapshot import Snapshot
    from ...core.fields import FieldValue

T = TypeVar("T")

REPLACE, UPSERT, APPEND = "replace", "upsert", "append"
MODES = (REPLACE, UPSERT, APPEND)
# Rows that are compared and written together; some databases take no more than 1,000 values in a condition.
PAGE = 1000

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Target:
    """Where a snapshot goes. ``names``: field -> column; ``key``: the field that tells the rows apart."""

    table: str
    mode: str
    names: Mapping[str, str]
    key: str
    changes_table: str | None = None


@dataclass
class Written:
    """How many rows were written; ``made``: the table was not there; ``changes``: how many of each were found."""

    made: bool = False
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    changes: Counter[str] = field(default_factory=Counter)

    @property
    def changed(self) -> bool:
        return self.made or bool(self.inserted or self.updated or self.deleted)


class SnapshotTable:
    """Saves one snapshot, over a connection that is in a transaction.

    ``structure``: an example of each field of the account, for the types of new columns. ``changes``: finds what is
    told in the ``changes_table``. With ``dry_run`` nothing is written.
    Raises InvalidInput for a table that lacks a column: a table is made, and never altered.
    """

    def __init__(
        self,
        connection: Connection,
        target: Target,
        structure: Mapping[str, FieldValue],
        changes: Changes,
        *,
        dry_run: bool = False,
    ) -> None:
        self._connection = connection
        self._target = target
        self._changes = changes
        self._dry_run = dry_run
        self._now = datetime.datetime.now(datetime.UTC)
        self._key_column = target.names[target.key]
        self._has_address_key = target.key in (ASKED, ADDRESS)
        self._table, is_made = snapshot_table(
            connection,
            target.table,
            target.names,
            structure,
            key=None if target.mode == APPEND else target.key,
            dry_run=dry_run,
        )
        self._written = Written(made=is_made)
        self._key = self._table.c[self._key_column]
        self._columns = [self._table.c[name] for name in target.names.values()]
        self._adapt = {name: adapter(name, self._table.c[name].type) for name in target.names.values()}
        self._feed = None
        if target.changes_table is not None:
            self._feed = feed_table(connection, target.changes_table, dry_run=dry_run)
        # A history is compared with its last snapshot, and only to tell the changes.
        self._last_read = self._moment_of_last() if target.mode == APPEND and self._feed is not None else None

    def save(self, snapshot: Snapshot) -> Written:
        """Compare the table with the snapshot, and write what differs."""
        with Keys() as keys:
            for records in _pages(snapshot.records()):
                rows = [self._row(record) for record in records]
                keys.add(self._normal(row[self._key_column]) for row in rows)
                before = self._rows_of([row[self._key_column] for row in rows])
                self._write(rows, before)
                if self._compares:
                    self._tell(
                        change
                        for record, row in zip(records, rows, strict=True)
                        for change in self._changes_of(record, before.get(self._normal(row[self._key_column]), []))
                    )
            if self._compares and self._target.mode != UPSERT:
                self._remove_others(keys)
        return self._written

    @property
    def _compares(self) -> bool:
        """Whether there is an earlier snapshot to compare with."""
        return not self._written.made and (self._target.mode != APPEND or self._last_read is not None)

    def _row(self, record: Mapping[str, Any]) -> dict[str, Any]:
        values = {READ_AT: self._now, **record}
        row = {name: self._adapt[name](values.get(field)) for field, name in self._target.names.items()}
        if row[self._key_column] is None:
            raise InvalidInput(f"a row has no {self._target.key}. Give another field as key.", option="key")
        return row

    def _normal(self, key: Any) -> Any:
        return comparable(key) if self._has_address_key else key

    def _rows_of(self, keys: Sequence[Any]) -> dict[Any, list[Row]]:
        """The rows with these keys, in their normal form: key -> rows."""
        found: dict[Any, list[Row]] = {}
        if not self._compares:
            return found
        key: Any = self._key
        if self._has_address_key and self._target.mode != UPSERT:
            key, keys = sql.func.lower(key), [comparable(key) for key in keys]
        for row in self._connection.execute(self._selected(*self._columns).where(key.in_(keys))).mappings():
            found.setdefault(self._normal(row[self._key_column]), []).append(row)
        return found

    def _write(self, rows: Sequence[dict[str, Any]], before: Mapping[Any, list[Row]]) -> None:
        """Insert the rows of a page that are new, and update those that differ."""
        if self._target.mode == APPEND:
            self._insert(rows)
            return
        new, differing, repeated = [], [], []
        for row in rows:
            stored = before.get(self._normal(row[self._key_column]), [])
            if self._target.mode == REPLACE and len(stored) > 1:
                repeated += [one[self._key_column] for one in stored]
                stored = []
            if not stored:
                new.append(row)
            elif all(self._is_same(one, row) for one in stored):
                self._written.unchanged += 1
            else:
                to = {f"to_{name}": value for name, value in row.items()}
                differing.append({**to, "stored_key": stored[0][self._key_column]})
        self._delete(repeated)
        self._insert(new)
        self._update(differing)

    def _is_same(self, stored: Row, row: Mapping[str, Any]) -> bool:
        return all(stored[name] == value for name, value in row.items() if name in self._written_columns)

    @property
    def _written_columns(self) -> list[str]:
        """The columns that an update writes: the key of somebody else's table stays as it is spelled there."""
        names = self._target.names.values()
        return [name for name in names if name != self._key_column or self._target.mode == REPLACE]

    def _insert(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._written.inserted += len(rows)
        if rows:
            self._execute(sql.insert(self._table), rows)

    def _update(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._written.updated += len(rows)
        if rows:
            values: dict[str, Any] = {name: sql.bindparam(f"to_{name}") for name in self._written_columns}
            self._execute(sql.update(self._table).where(self._key == sql.bindparam("stored_key")).values(values), rows)

    def _delete(self, keys: Sequence[Any]) -> None:
        if keys:
            self._written.deleted += len(keys)
            self._execute(sql.delete(self._table).where(self._key.in_(keys)))

    def _remove_others(self, keys: Keys) -> None:
        """Delete the rows whose keys the snapshot does not have, unless they are history, and tell of them."""
        for page in _pages(self._stored_keys()):
            absent = set(keys.absent({self._normal(key) for key in page}))
            gone = [key for key in page if self._normal(key) in absent]
            if not gone:
                continue
            rows = [rows[0] for rows in self._rows_of(gone).values()]
            if self._target.mode == REPLACE:
                self._delete(gone)
            if self._feed is not None:
                self._tell(self._changes.of_gone([self._record(row) for row in rows]))
        if self._target.mode == REPLACE:
            self._delete_without_key()

    def _stored_keys(self) -> Iterator[Any]:
        """The keys of the earlier snapshot, sorted; each page is read whole before anything else is executed."""
        query = self._selected(self._key).where(self._key.is_not(None)).distinct().order_by(self._key).limit(PAGE)
        page = self._connection.execute(query).scalars().all()
        while page:
            yield from page
            page = self._connection.execute(query.where(self._key > page[-1])).scalars().all()

    def _delete_without_key(self) -> None:
        without = self._key.is_(None)
        count = sql.select(sql.func.count()).select_from(self._table).where(without)
        found = self._connection.execute(count).scalar() or 0
        self._written.deleted += found
        if found:
            self._execute(sql.delete(self._table).where(without))

    def _changes_of(self, record: Mapping[str, Any], stored: Sequence[Row]) -> Iterable[Change]:
        if self._feed is None:
            return ()
        return self._changes.of_both(self._record(stored[0]), record) if stored else self._changes.of_new(record)

    def _record(self, row: Row) -> dict[str, Any]:
        return {field: row[name] for field, name in self._target.names.items()}

    def _tell(self, changes: Iterable[Change]) -> None:
        told = [{"changed_at": self._now, **change._asdict()} for change in changes]
        self._written.changes.update(one["change"] for one in told)
        if told and self._feed is not None:
            self._execute(sql.insert(self._feed), told)

    def _selected(self, *columns: Any) -> Any:
        """A query of the rows of the earlier snapshot."""
        query = sql.select(*columns)
        return query if self._target.mode != APPEND else query.where(self._read_at == self._last_read)

    @property
    def _read_at(self) -> Any:
        return self._table.c[self._target.names[READ_AT]]

    def _moment_of_last(self) -> Any:
        if self._written.made:
            return None
        return self._connection.execute(sql.select(sql.func.max(self._read_at))).scalar()

    def _execute(self, statement: Any, rows: Sequence[Mapping[str, Any]] | None = None) -> None:
        if not self._dry_run:
            self._connection.execute(statement, rows) if rows else self._connection.execute(statement)


def _pages(items: Iterable[T]) -> Iterator[list[T]]:
    stream = iter(items)
    while page := list(islice(stream, PAGE)):
        yield page
