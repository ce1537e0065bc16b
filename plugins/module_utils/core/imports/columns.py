# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows checked by the column: a look at a whole column costs a tenth of a look at each of its cells.

Nothing is refused here. A row that does not pass is ``odd``: ``candidate`` looks at it alone, and has the last word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from .. import addresses, fields
from ..contacts.schema import Schema
from ..errors import InvalidInput
from ..fields import ADDRESS, Contact, FieldValue
from ..rows.row import Page, Table
from .candidate import NEVER_FILLED, Candidate
from .memory import Keys
from .options import ImportOptions
from .wire import Wire

# No row has it as a value.
_ABSENT: Any = object()


@dataclass
class Columns:
    """The columns of some rows: ``emails``, and for each other field its values as they are sent.

    Where ``present`` has an entry for a field, it tells which rows have a value in it. ``odd``: see above.
    """

    emails: list[str]
    values: dict[str, list[FieldValue]] = field(default_factory=dict)
    present: dict[str, list[bool]] = field(default_factory=dict)
    odd: set[int] = field(default_factory=set)

    def put(self, at: int, row: Candidate) -> None:
        """Replace a row."""
        count = len(self.emails)
        self.emails[at] = row.email
        for name in row.fields:
            if name not in self.values:
                self.values[name], self.present[name] = [None] * count, [False] * count
        for name, values in self.values.items():
            is_present = name in row.fields
            if is_present:
                values[at] = row.fields[name]
            if name in self.present or not is_present:
                self.present.setdefault(name, [True] * count)[at] = is_present

    def shapes(self, positions: Sequence[int]) -> Iterator[tuple[list[str], Sequence[int]]]:
        """The rows at these positions, divided by the fields that they have values in."""
        partial = {name: flags for name, flags in self.present.items() if not all(flags)}
        if not partial:
            yield list(self.values), positions
            return
        masks = list(zip(*partial.values()))
        groups: dict[tuple[bool, ...], list[int]] = {}
        for at in positions:
            groups.setdefault(masks[at], []).append(at)
        for mask, group in groups.items():
            absent = {name for name, is_present in zip(partial, mask) if not is_present}
            yield [name for name in self.values if name not in absent], group

    def ready(self, rows: Page, of: Sequence[int], names: list[str], group: Sequence[int], keys: Keys) -> Ready:
        """Some of these rows, of one shape; ``of``: where the rows of the columns are in the chunk ``rows``."""
        columns: list[Sequence[FieldValue]] = [self.emails, *(self.values[name] for name in names)]
        if len(group) < len(self.emails):
            columns = [[column[at] for at in group] for column in columns]
        positions = [of[at] for at in group] if len(group) < len(of) else of
        return Ready(rows, positions, names, columns, keys.at(positions))


class Ready(Sequence[Candidate]):
    """Rows that were not read, and have values in the same fields; they become candidates where somebody asks for one.

    ``rows``: a chunk; ``at``: the positions of these. ``columns``: the addresses, then the values of ``names``.
    """

    was_read = False

    def __init__(
        self, rows: Page, at: Sequence[int], names: list[str], columns: list[Sequence[FieldValue]], keys: Keys
    ) -> None:
        self.rows = rows
        self.at = at
        self.names = names
        self.columns = columns
        self.keys = keys

    def __len__(self) -> int:
        return len(self.at)

    @overload
    def __getitem__(self, at: int) -> Candidate: ...

    @overload
    def __getitem__(self, at: slice) -> Ready: ...

    def __getitem__(self, at: int | slice) -> Candidate | Ready:
        if isinstance(at, slice):
            if range(len(self))[at] == range(len(self)):
                return self
            columns = [column[at] for column in self.columns]
            return Ready(self.rows, self.at[at], self.names, columns, self.keys.at(range(len(self))[at]))
        at = range(len(self))[at]
        email, *values = (column[at] for column in self.columns)
        place = self.rows[self.at[at]].place
        return Candidate(place, str(email), dict(zip(self.names, values)), self.keys.at([at]))


class ColumnCheck:
    """Checks the columns of chunks of rows. ``check`` loads the schema if a row has any field that is to be sent."""

    def __init__(self, schema: Schema, options: ImportOptions, wire: Wire) -> None:
        self._schema = schema
        self._on_blank = options.on_blank
        self._wire = wire

    def check(self, rows: Page) -> Columns:
        """The columns of rows. Raises a SentoriError that concerns the run."""
        names, cells, odd = _table(rows)
        columns = Columns([""] * len(rows), odd=odd)
        if ADDRESS not in names:
            odd.update(range(len(rows)))
            return columns
        given = dict(zip(names, zip(*cells)))
        emails = given.pop(ADDRESS)
        columns.emails = [str(email) for email in emails]
        odd.update(addresses.to_check(emails))
        if len(odd) < len(rows):
            for name, values in given.items():
                self._add(columns, name, values)
        return columns

    def _add(self, columns: Columns, name: str, values: Sequence[Any]) -> None:
        """Add a column, without the rows that are odd by it."""
        blank = self._blanks(values)
        if blank and self._on_blank == "error":
            columns.odd.update(at for at, is_blank in enumerate(blank) if is_blank)
        elif blank and (self._on_blank == "keep" or name == NEVER_FILLED):
            if all(blank):
                return
            columns.present[name] = [not is_blank for is_blank in blank]
        structure = self._schema.load()
        if name in fields.READ_ONLY or name not in structure or not self._wire.can_carry(name, ""):
            is_left_out = blank if self._on_blank == "keep" else []
            columns.odd.update(at for at in range(len(values)) if not (is_left_out and is_left_out[at]))
            columns.values[name] = list(values)
            return
        if not blank and isinstance(structure[name], str) and self._is_plain(name, values):
            columns.values[name] = list(values)
            return
        columns.values[name] = self._by_value(columns, name, values, blank, structure)

    def _is_plain(self, name: str, values: Sequence[Any]) -> bool:
        """Whether values are texts that are sent as they are."""
        try:
            text = "".join(values)
        except TypeError:
            return False
        return fields.is_sendable(text) and self._wire.can_carry(name, text)

    def _by_value(
        self, columns: Columns, name: str, values: Sequence[Any], blank: Sequence[bool], structure: Contact
    ) -> list[FieldValue]:
        """The values as they are sent, each different one converted once."""
        found: dict[tuple[type, Any], Any] = {}
        sent: list[FieldValue] = []
        for at, value in enumerate(values):
            if blank and blank[at]:
                value = fields.blank_of(name, structure) if self._on_blank == "clear" else None
                if self._on_blank != "clear" or name == NEVER_FILLED:
                    sent.append(None)
                    continue
            key = (type(value), value)
            try:
                one = found.get(key, found)
            except TypeError:  # not a value that a field can have
                one = _ABSENT
            if one is found:
                one = found[key] = self._converted(name, value, structure)
            if one is _ABSENT:
                columns.odd.add(at)
            sent.append(None if one is _ABSENT else one)
        return sent

    def _converted(self, name: str, value: Any, structure: Contact) -> Any:
        try:
            one = fields.typed(name, fields.checked_fields({name: value}, "")[name], structure, "")
        except InvalidInput:
            return _ABSENT
        return one if self._wire.can_carry(name, one) else _ABSENT

    @staticmethod
    def _blanks(values: Sequence[Any]) -> list[bool]:
        """Which values are blank; empty if none is."""
        try:
            if all(values) and not any(map(str.isspace, values)):
                return []
        except TypeError:
            pass
        blank = [fields.is_empty(value) for value in values]
        return blank if any(blank) else []


def _table(rows: Page) -> tuple[Sequence[str], Sequence[Sequence[Any]], set[int]]:
    """The names of the fields, the cells of each row, and the rows that have other fields, or none."""
    if isinstance(rows, Table):
        return rows.fields, rows.cells, set(rows.errors)
    names: tuple[str, ...] = next((tuple(row.fields) for row in rows if row.error is None), ())
    odd = {at for at, row in enumerate(rows) if row.error is not None or tuple(row.fields) != names}
    blank = [None] * len(names)
    return names, [blank if at in odd else list(row.fields.values()) for at, row in enumerate(rows)], odd


def some_of(rows: Page, positions: Sequence[int]) -> Page:
    """The rows at these positions."""
    if len(positions) == len(rows):
        return rows
    if isinstance(rows, Table):
        return rows.at(positions)
    return [rows[at] for at in positions]


def given_emails(rows: Page) -> list[str]:
    """The addresses of rows as they came in."""
    if isinstance(rows, Table) and not rows.errors and ADDRESS in rows.fields:
        column = rows.fields.index(ADDRESS)
        return [str(record[column] or "") for record in rows.cells]
    return [row.email for row in rows]
