# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The header of CSV: by which delimiter, and which of its columns are read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from ..characters import stripped
from ..errors import InvalidInput
from ._text_lines import Block
from .columns import Columns, check_names, may_be_address

DELIMITERS = (",", ";", "\t", "|")

_SEPARATOR_LINE = re.compile(r'(?i)"?sep=([^"\r\n])"?[\r\n]*')
_ADDRESS_LIKE = re.compile(r"\S@\S")
# A header, and what spreadsheets write above it, is found within so many characters.
_HEAD = 128 * 1024
_MAX_ABOVE = 20


class Start(NamedTuple):
    """Where the records of a file begin: the delimiter, the number of the first line, and the first lines."""

    delimiter: str
    line: int
    head: list[str]


def find_header(
    blocks: Iterable[Block], columns: Columns, delimiter: str | None, *, strip: bool
) -> tuple[Start, Iterator[Block]]:
    """Where the records begin, and their blocks, without a first line ``sep=;``.

    The delimiter is the given one, or that of such a line, or that by which the header has the addresses.
    """
    stream = iter(blocks)
    ahead: list[Block] = []
    head: list[str] = []
    size = 0
    for block in stream:
        ahead.append(block)
        head += block.lines
        size += sum(map(len, block.lines))
        if size > _HEAD or all(_is_complete(head, one) for one in DELIMITERS):
            break
    separator = _SEPARATOR_LINE.fullmatch(head[0]) if head else None
    if separator is not None:
        head = head[1:]
        ahead[0] = Block(ahead[0].text, ahead[0].lines[1:])
    found = delimiter or (separator[1] if separator else _delimiter(head, columns, strip=strip))
    return Start(found, 1 if separator is None else 2, head[: _MAX_ABOVE + 1]), chain(ahead, stream)


class Header:
    """The columns of CSV. Those without a name hold nothing: spreadsheets write them where cells were deleted.

    Raises InvalidInput if the columns do not fit.
    """

    def __init__(self, record: Sequence[str], columns: Columns, start: Start, *, strip: bool) -> None:
        names = names_of(record, strip=strip)
        if any(_ADDRESS_LIKE.search(name) for name in names):
            raise InvalidInput(
                "the first line contains an address, so it is not a header. Insert a first line with the column names.",
                option="src",
            )
        check_names([name for name in names if name], "src")
        try:
            self.fields, self.cells_of = columns.table(names, "src")
        except InvalidInput as refusal:
            line = None if _holds_address(names, columns) else _later_header(start, columns, strip=strip)
            if line is None:
                raise
            raise refusal.followed_by(f"Line {line} looks like the header: remove the lines above it.") from None
        self.names = names
        self.strip = strip
        self.unnamed = [at for at, name in enumerate(names) if not name]
        named = len(names)
        while not names[named - 1]:
            named -= 1
        self.needed = named
        self.uses_all = columns.takes_all

    @property
    def width(self) -> int:
        """How many cells the header has."""
        return len(self.names)

    def refusal(self, record: Sequence[str], place: str) -> InvalidInput | None:
        """Why a row does not fit the header; None if it does."""
        over = [at for at in self.unnamed if at < len(record) and record[at]] if self.uses_all else []
        if len(record) < self.needed or any(record[self.width :]):
            return InvalidInput(
                f"the header has {self.width} fields, this row has {len(record)}."
                " Look for a missing quote, or for a delimiter that is not quoted.",
                option=place,
            )
        if over:
            message = f"this row has a value in column {over[0] + 1}, which has no name. Name it in the header."
            return InvalidInput(message, option=place)
        return None


def names_of(record: Sequence[str], *, strip: bool) -> list[str]:
    """The names in a header."""
    return [stripped(name) for name in record] if strip else [name if name.strip() else "" for name in record]


def _holds_address(names: Sequence[str], columns: Columns) -> bool:
    return any(columns.is_address(name) for name in names)


def _later_header(start: Start, columns: Columns, *, strip: bool) -> int | None:
    """The line below the first one that looks like the header."""
    for at, line in enumerate(start.head[1:], start.line + 1):
        for delimiter in DELIMITERS:
            if _holds_address(names_of(_first_record([line], delimiter), strip=strip), columns):
                return at
    return None


def _delimiter(head: list[str], columns: Columns, *, strip: bool) -> str:
    """The delimiter by which the header has the addresses, else that by which it may have, else a comma."""
    headers = {one: names_of(_first_record(head, one), strip=strip) for one in DELIMITERS}
    for one, names in headers.items():
        if _holds_address(names, columns):
            return one
    for one, names in headers.items():
        if any(map(may_be_address, names)):
            return one
    for one, names in headers.items():
        if not names:
            # A quote that is never closed.
            return one
    return max(DELIMITERS, key=lambda one: len(headers[one]))


def _is_complete(lines: list[str], delimiter: str) -> bool:
    """Whether the first record is within some lines."""
    return bool(_first_record(lines, delimiter))


def _first_record(lines: list[str], delimiter: str) -> list[str]:
    """The first record that is not empty; empty if there is none, or none that is complete."""
    try:
        return next((record for record in csv.reader(lines, delimiter=delimiter, strict=True) if record), [])
    except csv.Error:
        return []
