# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A snapshot as the bytes of a file: CSV or JSON Lines, in UTF-8, also compressed."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from .. import redaction
from ..errors import InvalidInput
from ..fields import FieldValue
from .snapshot import Snapshot

ENDINGS = ".csv, .jsonl, .csv.gz or .jsonl.gz"
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LINES = 500
_GZIP = 16 + zlib.MAX_WBITS


class FileForm(NamedTuple):
    """How a snapshot is written: ``csv`` or ``jsonl``; ``safe_for_spreadsheets``: no cell is a formula."""

    file_format: str
    is_compressed: bool = False
    safe_for_spreadsheets: bool = False

    def parts(self, snapshot: Snapshot) -> Iterator[bytes]:
        """The content before compression, in parts of whole lines; the same records make the same bytes."""
        lines = self._csv_lines(snapshot) if self.file_format == "csv" else _json_lines(snapshot)
        while some := list(islice(lines, _LINES)):
            # Half of a character, which JSON can carry, is written as its escape.
            yield "".join(some).encode("utf-8", "backslashreplace")

    def _csv_lines(self, snapshot: Snapshot) -> Iterator[str]:
        line = io.StringIO()
        # A cell is quoted for each character of the line terminator: for a lone CR, too.
        writer = csv.writer(line, lineterminator="\r\n")
        for values in _with_header(snapshot):
            writer.writerow([self._cell(value) for value in values])
            yield line.getvalue()
            line.seek(0)
            line.truncate()

    def _cell(self, value: FieldValue) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return f"'{value}" if self.safe_for_spreadsheets and value.startswith(_FORMULA) else value
        # A value that is not a single one, which Sentori does not document, stays readable.
        return json.dumps(value)


def form_of(name: str, *, safe_for_spreadsheets: bool = False) -> FileForm:
    """The form that a file's name shows. Raises InvalidInput, naming ``dest``, if it shows none."""
    lower = name.lower()
    is_compressed = lower.endswith(".gz")
    ending = lower[: -len(".gz")] if is_compressed else lower
    for file_format in ("csv", "jsonl"):
        if ending.endswith(f".{file_format}"):
            if safe_for_spreadsheets and file_format != "csv":
                raise InvalidInput("can only be used with CSV.", option="safe_for_spreadsheets")
            return FileForm(file_format, is_compressed, safe_for_spreadsheets)
    raise InvalidInput(f"the name {redaction.text(name, 100)} does not end in {ENDINGS}.", option="dest")


def compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts as one file of gzip, without a time or a name in it."""
    compressor = zlib.compressobj(wbits=_GZIP)
    for part in parts:
        yield compressor.compress(part)
    yield compressor.flush()


def _with_header(snapshot: Snapshot) -> Iterator[list[FieldValue]]:
    yield [*snapshot.columns]
    yield from snapshot.values()


def _json_lines(snapshot: Snapshot) -> Iterator[str]:
    columns = snapshot.columns
    for values in snapshot.values():
        yield json.dumps(dict(zip(columns, values)), ensure_ascii=False) + "\n"
