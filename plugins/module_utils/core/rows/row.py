# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A row, a table of rows, and rows that are read once."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any, Callable, NamedTuple, Union, cast, overload

from ..characters import stripped
from ..errors import InvalidInput
from ..fields import ADDRESS, Contact


class Row(NamedTuple):
    """The fields of a contact as given.

    ``place`` is for messages: ``line 7``, ``contacts[3]``, or ``row 4``. ``given``: the row as it is in its source: the
    cells of a line, a mapping, or one address. ``error``: why this row has no fields; other rows may be good.
    """

    place: str
    fields: Contact
    given: Any = None
    error: InvalidInput | None = None

    @property
    def email(self) -> str:
        """The address as given, not checked; empty if there is none."""
        return stripped(str(self.fields.get(ADDRESS) or ""))


_NEW_ROW = cast("type[Row]", partial(tuple.__new__, Row))


class Table(Sequence[Row]):
    """Rows of the same fields, which become objects only where somebody asks for one: that costs more than reading CSV.

    ``fields``: the name of each cell of ``cells``, row by row; ``given``: the rows as they are in the source.
    ``place`` and ``numbers`` make the places (``line 7``). ``errors``: why rows have no fields, by their position; the
    cells of such a row mean nothing.
    """

    def __init__(
        self,
        fields: Sequence[str],
        cells: Sequence[Sequence[Any]],
        given: Sequence[Any],
        place: str,
        numbers: Sequence[int],
        errors: dict[int, InvalidInput] | None = None,
    ) -> None:
        self.fields = fields
        self.cells = cells
        self.given = given
        self.place = place
        self.numbers = numbers
        self.errors = {} if errors is None else errors

    def __len__(self) -> int:
        return len(self.cells)

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> Table: ...

    def __getitem__(self, at: int | slice) -> Row | Table:
        if isinstance(at, slice):
            begin, end = at.indices(len(self))[:2]
            errors = {one - begin: error for one, error in self.errors.items() if begin <= one < end}
            return Table(self.fields, self.cells[at], self.given[at], self.place, self.numbers[at], errors)
        at = range(len(self))[at]
        error = self.errors.get(at)
        fields = {} if error is not None else dict(zip(self.fields, self.cells[at]))
        return Row(self.places[at], fields, self.given[at], error)

    def __iter__(self) -> Iterator[Row]:
        names = self.fields
        fields: list[Contact] = [dict(zip(names, record)) for record in self.cells]
        errors: list[InvalidInput | None] = [None] * len(fields)
        for at, error in self.errors.items():
            fields[at], errors[at] = {}, error
        return map(_NEW_ROW, zip(self.places, fields, self.given, errors))

    @property
    def places(self) -> Sequence[str]:
        """The place of each row."""
        return _Places(self.place, self.numbers)

    def at(self, positions: Sequence[int]) -> Table:
        """Some of the rows."""
        cells, given = ([some[at] for at in positions] for some in (self.cells, self.given))
        errors = {to: self.errors[at] for to, at in enumerate(positions) if at in self.errors} if self.errors else {}
        return Table(self.fields, cells, given, self.place, [self.numbers[at] for at in positions], errors)

    def columns(self) -> list[Sequence[Any]]:
        """The cells of each field."""
        return list(zip(*self.cells)) if self.cells else [()] * len(self.fields)

    def followed_by(self, others: Sequence[Table]) -> Table:
        """A table with the rows of others of the same source."""
        tables = (self, *others)
        errors: dict[int, InvalidInput] = {}
        begin = 0
        for one in tables:
            errors.update({begin + at: error for at, error in one.errors.items()})
            begin += len(one)
        return Table(
            self.fields,
            list(chain.from_iterable(one.cells for one in tables)),
            list(chain.from_iterable(one.given for one in tables)),
            self.place,
            _in_a_row([one.numbers for one in tables]),
            errors,
        )


def _in_a_row(parts: Sequence[Sequence[int]]) -> Sequence[int]:
    """The numbers of all parts: a range if they follow each other without a gap, which holds no number in memory."""
    ranges = [part for part in parts if isinstance(part, range)]
    if len(ranges) == len(parts) and all(one.stop == other.start for one, other in zip(ranges, ranges[1:])):
        return range(ranges[0].start, ranges[-1].stop)
    return list(chain.from_iterable(parts))


class _Places(Sequence[str]):
    """``line 7`` and so on, made where it is needed."""

    def __init__(self, place: str, numbers: Sequence[int]) -> None:
        self._place = place
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> _Places: ...

    def __getitem__(self, at: int | slice) -> str | _Places:
        if isinstance(at, slice):
            return _Places(self._place, self._numbers[at])
        return f"{self._place} {self._numbers[at]}"

    def __iter__(self) -> Iterator[str]:
        place = self._place
        return iter([f"{place} {number}" for number in self._numbers])


def places_of(rows: Sequence[Row]) -> Sequence[str]:
    """The places of rows, without making objects of those of a table."""
    return rows.places if isinstance(rows, Table) else [row.place for row in rows]


# Some rows of a source, as it is read.
Page = Union[Table, "list[Row]"]


class BrokenSource(InvalidInput):
    """A file is broken from the line that the message names; the rows before it are complete."""


@dataclass
class Layout:
    """How rows are written in their source, so that some of them can be written in the same way.

    ``source_format``: ``csv``, ``jsonl``, ``json`` or ``txt``; ``columns``: the names of the columns of each ``given``,
    known when the first row is read, or None if each row names its own. ``is_file``: whether the rows come from a file.
    """

    source_format: str
    columns: Sequence[str] | None = None
    delimiter: str = ","
    encoding: str = "utf-8"
    is_file: bool = False


# Of the names in a ``ColumnUse``: rows that name their own columns may have ever other ones.
_MAX_COLUMNS = 1000


@dataclass
class ColumnUse:
    """What became of the columns of a source, as far as it was read.

    ``mapped``: column -> field; ``ignored``: columns that were left out; ``warnings``: sentences about columns.
    """

    mapped: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, mapped: Iterable[tuple[str, str]], ignored: Iterable[str]) -> list[str]:
        """Add the columns of some rows; returns those that are ignored, and were not known."""
        for column, name in mapped:
            if len(self.mapped) < _MAX_COLUMNS:
                self.mapped.setdefault(column, name)
        known = set(self.ignored)
        new = [column for column in ignored if column not in known][: _MAX_COLUMNS - len(known)]
        self.ignored += new
        return new

    def column_of(self, name: str) -> str:
        """The column that holds a field."""
        return next((column for column, mapped in self.mapped.items() if mapped == name), name)

    def warn(self, sentence: str) -> None:
        """Add a warning."""
        self.warnings.append(sentence)


class Rows:
    """Rows to iterate once, their ``layout``, and the ``use`` of their columns, which grows while they are read.

    ``rows``: the rows, or pages of them. ``part()``: how much of the source is read, from 0 to 1, None if that is not
    known. ``count()``: how many rows the source has, also before the first is read, for which a file or a query is read
    once more; it raises InvalidInput if nobody can tell.
    """

    def __init__(
        self,
        rows: Generator[Row, None, None] | Generator[Page, None, None],
        part: Callable[[], float | None],
        layout: Layout,
        use: ColumnUse | None = None,
        *,
        count: Callable[[], int],
    ) -> None:
        self._source = rows
        self._pages = map(_page, rows)
        self._rows = chain.from_iterable(self._pages)
        self.part = part
        self.layout = layout
        self.count = count
        self.use = ColumnUse() if use is None else use

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def chunks(self, size: int) -> Chunks:
        """The same rows, so many at a time."""
        return Chunks(self._pages, size)

    def close(self) -> None:
        """Close the file that they come from."""
        self._source.close()


class Chunks:
    """Takes rows out of pages, ``size`` at a time.

    ``taken``: the rows that ``next`` has returned, or has read before the source raised an error.
    """

    def __init__(self, pages: Iterator[Page], size: int) -> None:
        self._pages = pages
        self._size = size
        self._ahead: Page = []
        self.taken: Page = []

    def next(self) -> Page:
        """The next rows; fewer than ``size`` only at the end, and none after it. Raises what the source raises."""
        pages, count = [self._ahead], len(self._ahead)
        try:
            while count < self._size and (page := next(self._pages, None)) is not None:
                pages.append(page)
                count += len(page)
        finally:
            rows = _joined([page for page in pages if page])
            self.taken, self._ahead = rows[: self._size], rows[self._size :]
        return self.taken


def _page(rows: Row | Page) -> Page:
    return [rows] if isinstance(rows, Row) else rows


def _joined(pages: Sequence[Page]) -> Page:
    tables = [page for page in pages if isinstance(page, Table)]
    if tables and len(tables) == len(pages):
        return tables[0].followed_by(tables[1:]) if len(tables) > 1 else tables[0]
    return list(chain.from_iterable(pages))
