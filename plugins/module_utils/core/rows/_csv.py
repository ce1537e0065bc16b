# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Records of CSV, and in which line and why a file is broken."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, tee

from ..errors import InvalidInput
from .columns import Columns, check_names
from .row import BrokenSource, Layout, Row

_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*')
_ADDRESS_LIKE = re.compile(r"\S@\S")


def csv_rows(lines: Iterable[str], columns: Columns, layout: Layout) -> Iterator[Row]:
    """The rows of CSV with a header, which becomes the columns of ``layout``; empty lines are not rows.

    A row that is shorter or longer than the header has an ``error``. Raises InvalidInput if the columns do not fit;
    BrokenSource for a broken quote, and for a field of more than ``csv.field_size_limit()`` characters.
    """
    records = _records(lines, layout.delimiter)
    first = next(records, None)
    if first is None:
        raise BrokenSource("the file is empty. Its first line must contain the names of the columns.", option="src")
    header = first[1]
    _check_header(header)
    fields_of = columns.reader(header, "src")
    layout.columns = header
    width = len(header)
    for line, record in records:
        if len(record) == width:
            yield Row(f"line {line}", fields_of(record), record)
        else:
            yield Row(f"line {line}", {}, record, _other_width(f"line {line}", width, len(record)))


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records that are not empty, each with the number of its first line. Raises BrokenSource."""
    lines, of_this_record = tee(lines)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begin, end = 1, 0
    try:
        for record, _first_line in zip(reader, of_this_record):
            begin, end = end + 1, reader.line_num
            if end > begin:
                deque(islice(of_this_record, end - begin), maxlen=0)
            if record:
                yield begin, record
    except csv.Error as error:
        text = "".join(islice(of_this_record, reader.line_num - end))
        reason = _reason(text, end + 1, delimiter) or f"line {end + 1}: {error}."
        raise BrokenSource(reason, option="src") from None


def _reason(text: str, first_line: int, delimiter: str) -> str:
    """What strict CSV refuses in a record, as far as it was read; empty if it is something else."""
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
    return ""


def _other_width(place: str, expected: int, found: int) -> InvalidInput:
    return InvalidInput(
        f"the header has {expected} fields, this row has {found}."
        " Look for a missing quote, or for a delimiter that is not quoted.",
        option=place,
    )


def _check_header(header: Sequence[str]) -> None:
    if any(_ADDRESS_LIKE.search(name) for name in header):
        raise InvalidInput(
            "the first line contains an address, so it is not a header. Insert a first line with the column names.",
            option="src",
        )
    check_names(header, "src")
