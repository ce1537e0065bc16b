# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A row, and rows that are read once."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, NamedTuple

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

    ``part()``: how much of the source is read, from 0 to 1, None if that is not known. ``count()``: how many rows the
    source has, also before the first is read, for which a file or a query is read once more; it raises InvalidInput if
    nobody can tell.
    """

    def __init__(
        self,
        rows: Generator[Row, None, None],
        part: Callable[[], float | None],
        layout: Layout,
        use: ColumnUse | None = None,
        *,
        count: Callable[[], int],
    ) -> None:
        self._rows = rows
        self.part = part
        self.layout = layout
        self.count = count
        self.use = ColumnUse() if use is None else use

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def close(self) -> None:
        """Close the file that they come from."""
        self._rows.close()
