# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A row, and rows that are read once."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Callable, NamedTuple

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
        return str(self.fields.get(ADDRESS) or "").strip()


class BrokenSource(InvalidInput):
    """A file is broken from the line that the message names; the rows before it are complete."""


@dataclass
class Layout:
    """How rows are written in their source, so that some of them can be written in the same way.

    ``source_format``: ``csv``, ``jsonl`` or ``txt``; ``columns``: the names of the columns of each ``given``, known
    when the first row is read, or None if each row names its own. ``is_file``: whether the rows come from a file.
    """

    source_format: str
    columns: Sequence[str] | None = None
    delimiter: str = ","
    encoding: str = "utf-8"
    is_file: bool = False


class Rows:
    """Rows to iterate once, and their ``layout``.

    ``part()``: how much of the source is read, from 0 to 1, None if that is not known.
    """

    def __init__(self, rows: Generator[Row, None, None], part: Callable[[], float | None], layout: Layout) -> None:
        self._rows = rows
        self.part = part
        self.layout = layout

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def close(self) -> None:
        """Close the file that they come from."""
        self._rows.close()
