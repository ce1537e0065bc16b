# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The rows that were not placed, written as they came in, so that they can be corrected and given as a source again."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from typing import IO, Any, Callable

from ..errors import InvalidInput
from ..fields import ADDRESS
from ..rows.columns import REASON
from ..rows.row import Layout, Row
from ..rows.sources import format_of, is_gzip
from .outcome import NOT_PLACED
from .result import Part

OPTION = "rejects"

Record = Sequence[Any]
Writer = Callable[[Row, str], object]


class Rejects:
    """Writes each row that is ``invalid``, ``rejected``, ``failed`` or ``in_doubt``, with the reason, to a file.

    The file has the format, the columns, the delimiter and the encoding of the source, and a column ``_reason``, which
    sources leave out. Rows from no file are written in the format that ``name`` ends in, if any. ``stream``: the file,
    opened for bytes. A file that cannot be written never stops a run: the reason is ``failure`` afterwards.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._name = name
        self._bytes = gzip.GzipFile(fileobj=stream, mode="wb") if is_gzip(name) else stream
        self._stream = stream
        self._text: io.TextIOWrapper | None = None
        self._write: Writer | None = None
        self._layout: Layout | None = None
        self._unnamed = 0
        self.failure: str | None = None

    def begin(self, layout: Layout) -> None:
        """Learn how the source is written. Raises InvalidInput if the file's name promises another format."""
        named = format_of(self._name)
        if layout.is_file and named not in (None, layout.source_format):
            message = f"{self._name} has the format of the source, {layout.source_format}. Give it such a name."
            raise InvalidInput(message, option=OPTION)
        self._layout = layout if layout.is_file or named is None else Layout(named, layout.columns)
        if self._layout.source_format == "csv" and not layout.is_file and layout.columns is None:
            message = "these rows have no common columns. Give a name that ends in .jsonl."
            raise InvalidInput(message, option=OPTION)

    def add(self, part: Part) -> None:
        """Write the rows of a part that were not placed."""
        refused = {outcome.place: outcome.reason for outcome in part.outcomes if outcome.action in NOT_PLACED}
        if not refused or self.failure is not None:
            return
        try:
            for row in part.rows:
                if row.place in refused:
                    self._writer()(row, refused[row.place])
            if self._text is not None:
                self._text.flush()
        except Exception as error:  # an object store raises errors of its own
            self.failure = f"The rejects are not complete: {error}"
        # A row without an address has its place; an outcome that nobody can name has neither.
        places = {row.place for row in part.rows}
        self._unnamed += sum(
            one.action in NOT_PLACED and one.place not in places for one in part.outcomes if not one.email
        )

    def close(self) -> None:
        """Write the header of a file without rows, and close it."""
        try:
            if self._layout is not None and (self._layout.columns is not None or self._layout.source_format == "json"):
                self._writer()
            if self._text is not None and self._layout is not None and self._layout.source_format == "json":
                self._text.write("\n]\n")
            if self._text is not None:
                self._text.close()
            else:
                self._bytes.close()
            self._stream.close()
        except Exception as error:
            self.failure = self.failure or f"The rejects are not complete: {error}"
        if self._unnamed and self.failure is None:
            self.failure = f"{self._unnamed} refused rows are not in rejects: Sentori does not say which ones they are."

    def _writer(self) -> Writer:
        if self._write is None:
            layout = self._layout or Layout("jsonl")
            encoding = "utf-8" if layout.encoding.lower().replace("_", "-") == "utf-8-sig" else layout.encoding
            self._text = io.TextIOWrapper(self._bytes, encoding=encoding, errors="backslashreplace", newline="")
            self._write = _FORMATS[layout.source_format](self._text, layout)
        return self._write


def _csv_writer(stream: io.TextIOWrapper, layout: Layout) -> Writer:
    """The reason comes first, so that a row with too few or too many cells stays as it is."""
    writer = csv.writer(stream, delimiter=layout.delimiter, lineterminator="\r\n")
    columns = list(layout.columns or ())
    earlier = columns.index(REASON) if REASON in columns else None

    def cells(record: Record) -> list[Any]:
        return [cell for at, cell in enumerate(record) if at != earlier]

    writer.writerow([REASON, *cells(columns)])
    return lambda row, reason: writer.writerow([reason, *cells(row.given)])


def _json_lines_writer(stream: io.TextIOWrapper, layout: Layout) -> Writer:
    return lambda row, reason: stream.write(_json(row, reason, layout) + "\n")


def _json_array_writer(stream: io.TextIOWrapper, layout: Layout) -> Writer:
    """An array whose end is written when the file is closed."""
    between = iter(chain([""], repeat(",")))
    stream.write("[")
    return lambda row, reason: stream.write(f"{next(between)}\n{_json(row, reason, layout)}")


def _json(row: Row, reason: str, layout: Layout) -> str:
    given = row.given
    if layout.columns is not None:
        given = dict(zip(layout.columns, given))
    if not isinstance(given, Mapping):
        given = {ADDRESS if row.error is None else "_line": given}
    return json.dumps({**given, REASON: reason}, default=str)


def _address_writer(stream: io.TextIOWrapper, layout: Layout) -> Writer:
    """The reason is a comment in the line before the address."""

    def write(row: Row, reason: str) -> None:
        lines = [f"# {reason}", row.email or str(row.given)]
        stream.writelines(" ".join(line.split()) + "\n" for line in lines)

    return write


_FORMATS: dict[str, Callable[[io.TextIOWrapper, Layout], Writer]] = {
    "csv": _csv_writer,
    "jsonl": _json_lines_writer,
    "json": _json_array_writer,
    "txt": _address_writer,
}
