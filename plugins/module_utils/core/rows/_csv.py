# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows of CSV, many at a time, and in which line and why a file is broken."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from ._cells import Cells
from ._header import Header, find_header
from ._text_lines import MAX_LINE, Block
from .columns import Columns
from .row import BrokenSource, Layout, Table

_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*')


class Records(NamedTuple):
    """Records that are not empty, each with the number of its first line; ``text`` contains all of their text."""

    lines: Sequence[int]
    cells: list[list[str]]
    text: str


def csv_rows(
    blocks: Iterable[Block], columns: Columns, layout: Layout, *, delimiter: str | None = None, strip: bool = True
) -> Iterator[Table]:
    """The rows of CSV with a header, many at a time; empty lines, and rows of empty cells, are not rows.

    Sets the columns and the delimiter of ``layout``; for ``delimiter`` and ``strip`` see ``open_source``.
    A row that does not fit the header has an ``error``. Raises InvalidInput if the columns do not fit; BrokenSource for
    a broken quote, and for a field of more than ``csv.field_size_limit()`` characters.
    """
    start, blocks = find_header(blocks, columns, delimiter, strip=strip)
    layout.delimiter = start.delimiter
    rows: Cells | None = None
    for records in _records(blocks, start.delimiter, start.line):
        if rows is None:
            layout.columns = records.cells[0]
            rows = Cells(Header(records.cells[0], columns, start, strip=strip), start.delimiter, columns.use)
            records = Records(records.lines[1:], records.cells[1:], records.text)
        if records.cells:
            yield rows.rows(records.lines, records.cells, records.text)
    if rows is not None:
        rows.end()
    else:
        raise BrokenSource("the file is empty. Its first line must contain the names of the columns.", option="src")


def _records(blocks: Iterable[Block], delimiter: str, line: int) -> Iterator[Records]:
    """All records, from this line on. Raises BrokenSource after those before the broken one."""
    rest: list[str] = []
    for block in blocks:
        lines = [*rest, *block.lines] if rest else block.lines
        text = "".join(rest) + block.text if rest else block.text
        records, ends, is_broken = _parsed(lines, delimiter)
        found = _not_empty(records, ends, line, text)
        if found.cells:
            yield found
        rest = lines[ends[-1] if ends else 0 :]
        line += len(lines) - len(rest)
        if is_broken or (rest and len(text) > 4 * MAX_LINE):
            break
    if rest:
        raise BrokenSource(_reason("".join(rest), line, delimiter), option="src")


def _parsed(lines: list[str], delimiter: str) -> tuple[list[list[str]], Sequence[int], bool]:
    """The complete records of some lines; how many lines each and all before it take; whether the next is broken.

    A record that the last line does not end is not complete, and not broken: its end may come.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    is_broken = False
    try:
        records.extend(reader)
        taken = reader.line_num
    except csv.Error:
        is_broken = reader.line_num < len(lines)
        taken = -1
    if taken == len(records):
        return records, range(1, taken + 1), False
    return records, list(accumulate(map(_lines_of, records))), is_broken


def _lines_of(record: Sequence[str]) -> int:
    """How many lines a record takes."""
    return 1 + sum(len(_LINE_END.findall(cell)) for cell in record if "\n" in cell or "\r" in cell)


def _not_empty(records: list[list[str]], ends: Sequence[int], line: int, text: str) -> Records:
    lines: Sequence[int] = range(line, line + len(records))
    if ends and ends[-1] != len(records):
        lines = [line, *(line + end for end in ends[:-1])]
    if not all(records):
        lines = [at for at, record in zip(lines, records) if record]
        records = [record for record in records if record]
    return Records(lines, records, text)


def _reason(text: str, first_line: int, delimiter: str) -> str:
    """What strict CSV refuses in the first record of a text."""
    unquoted = re.compile(f"[^{re.escape(delimiter)}\r\n]*")
    limit = csv.field_size_limit()
    at = 0
    while at < len(text):
        line = first_line + len(_LINE_END.findall(text, 0, at))
        field = (_QUOTED if text[at] == '"' else unquoted).match(text, at)
        end = field.end() if field else at
        if text[at] == '"' and end == len(text):
            return f"line {line}: a quoted field begins here and is never closed. Add a quote at its end."
        if end - at > limit:
            return f"line {line}: the field that begins here is longer than {limit:,} characters."
        end += text[at] == '"'
        if text[end : end + 1] not in ("", delimiter, "\r", "\n"):
            return (
                f"line {line}: the quoted field that begins here continues after its closing quote."
                " Write a quote within a field twice."
            )
        at = end + 1
    return f"line {first_line}: this record is too long, or not CSV."
