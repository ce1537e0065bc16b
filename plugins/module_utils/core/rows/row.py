# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A row, and rows that are read once."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Callable, NamedTuple

from ..errors import InvalidInput
from ..fields import Contact


class Row(NamedTuple):
    """The fields of a contact as given. ``place`` is for messages: ``line 7``, ``contacts[3]``, or ``row 4``."""

    place: str
    fields: Contact


class BrokenSource(InvalidInput):
    """A file is broken from the line that the message names; the rows before it are complete."""


class Rows:
    """Rows to iterate once; ``part()``: how much of the source is read, from 0 to 1, None if that is not known."""

    def __init__(self, rows: Generator[Row, None, None], part: Callable[[], float | None]) -> None:
        self._rows = rows
        self.part = part

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def close(self) -> None:
        """Close the file that they come from."""
        self._rows.close()
