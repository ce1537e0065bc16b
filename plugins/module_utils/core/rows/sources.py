# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Sources of rows: a file of CSV, JSON Lines or addresses, a list, or a table; one row at a time."""

from __future__ import annotations

import gzip
import os
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import IO, Protocol, Union, cast

from .. import redaction
from ..errors import InvalidInput, MissingSource
from ..fields import ADDRESS, FieldValue
from . import _text_lines
from ._csv import csv_rows
from ._json_lines import jsonl_rows
from ._meter import Meter, MeteredFile
from .columns import Columns, FieldNames, check_names
from .row import BrokenSource, Layout, Row, Rows

FORMATS = ("csv", "jsonl", "txt")
ENDINGS = ".csv, .jsonl, .txt, .csv.gz, .jsonl.gz or .txt.gz"
DEFAULT_ENCODING = "utf-8-sig"


class Openable(Protocol):
    """A path that opens itself, such as Airflow's ObjectStoragePath; its ``str`` shows the format."""

    def open(self, mode: str) -> IO[bytes]:
        """The file, for bytes."""


Source = Union[str, "os.PathLike[str]", Openable]


def open_source(
    src: Source,
    *,
    columns: Mapping[str, str] | None = None,
    ignore_unmapped: bool = False,
    delimiter: str | None = None,
    encoding: str = DEFAULT_ENCODING,
    schema: FieldNames | None = None,
    source_format: str | None = None,
) -> Rows:
    """The rows of a file, ``.csv``, ``.jsonl``, or ``.txt`` (an address a line), also with ``.gz``.

    The file is closed at their end.

    ``columns``: column name -> field name; ``schema``: the names of the account's fields (see ``Columns``).
    ``source_format``: one of FORMATS, if the name does not tell it.
    Raises InvalidInput at once for an impossible option; before the first row MissingSource if the file cannot be
    opened, and InvalidInput if its columns do not fit; BrokenSource where the file is broken.
    """
    if source_format is None:
        source_format = format_of(str(src))
        if source_format is None:
            message = f"the name {redaction.text(str(src), 100)} does not end in {ENDINGS}."
            raise InvalidInput(f"{message} Give its format as source_format.", option="src")
    if source_format not in FORMATS:
        raise InvalidInput(f"{source_format!r} is not one of {', '.join(FORMATS)}.", option="source_format")
    if delimiter is not None and source_format != "csv":
        raise InvalidInput("can only be used with CSV.", option="delimiter")
    _check_delimiter(delimiter)
    mapping = Columns(columns, ignore_unmapped, schema)
    if not _text_lines.is_encoding(encoding):
        raise InvalidInput(f"there is no text encoding named {encoding}.", option="encoding")
    meter = Meter()
    layout = Layout(source_format, None, delimiter or ",", encoding, is_file=True)
    return Rows(_read(src, mapping, layout, meter), meter.part, layout)


def table_rows(
    names: Sequence[str],
    records: Iterable[Sequence[FieldValue]],
    option: str,
    *,
    columns: Mapping[str, str] | None = None,
    ignore_unmapped: bool = False,
    schema: FieldNames | None = None,
) -> Rows:
    """The rows of a table that names its columns once, such as a query's result; counted from 1 (``row 4``).

    Raises InvalidInput, naming ``option``, before the first row if the columns do not fit.
    """
    mapping = Columns(columns, ignore_unmapped, schema)

    def rows() -> Generator[Row, None, None]:
        check_names(names, option)
        fields_of = mapping.reader(names, option)
        for number, record in enumerate(records, 1):
            yield Row(f"row {number}", fields_of(record), record)

    return Rows(rows(), lambda: None, Layout("csv", names))


def given_rows(
    rows: Iterable[Mapping[str, FieldValue]],
    option: str = "contacts",
    *,
    columns: Mapping[str, str] | None = None,
    ignore_unmapped: bool = False,
    schema: FieldNames | None = None,
) -> Rows:
    """Rows in memory: of a list (``contacts[3]``), or of any iterable (``row 4``, counted from 1)."""
    mapping = Columns(columns, ignore_unmapped, schema)
    meter = Meter(size=len(rows) if isinstance(rows, Sequence) else None)
    return Rows(_given(rows, option, mapping, meter), meter.part, Layout("jsonl"))


def given_addresses(emails: Sequence[object], option: str = "emails") -> Rows:
    """The addresses of a list (``emails[3]``), each a row with EmailAddress alone."""
    meter = Meter(size=len(emails))

    def rows() -> Generator[Row, None, None]:
        for index, email in enumerate(emails):
            meter.read = index + 1
            # Anything but a text is refused with the address, by its place.
            yield Row(f"{option}[{index}]", {ADDRESS: cast("FieldValue", email)}, email)

    return Rows(rows(), meter.part, Layout("txt"))


def _given(
    rows: Iterable[Mapping[str, FieldValue]], option: str, mapping: Columns, meter: Meter
) -> Generator[Row, None, None]:
    in_list = isinstance(rows, Sequence)
    for index, row in enumerate(rows):
        place = f"{option}[{index}]" if in_list else f"row {index + 1}"
        meter.read = index + 1
        if isinstance(row, Mapping):
            yield mapping.row(place, row)
        else:
            yield Row(place, {}, row, InvalidInput("this is not a mapping of field names to values.", option=place))


def _read(src: Source, columns: Columns, layout: Layout, meter: Meter) -> Generator[Row, None, None]:
    try:
        opened = open(src, "rb") if isinstance(src, (str, os.PathLike)) else src.open("rb")  # noqa: SIM115
    except OSError as error:
        raise MissingSource(f"{src} cannot be read: {error.strerror or error}.", option="src") from None
    with opened as file:
        metered = MeteredFile(file, meter)
        lines = _text_lines.lines(_unzipped(metered) if is_gzip(str(src)) else metered, layout.encoding)
        try:
            if layout.source_format == "csv":
                yield from csv_rows(lines, columns, layout)
            elif layout.source_format == "jsonl":
                yield from jsonl_rows(lines, columns)
            else:
                yield from _address_rows(lines)
        except _text_lines.BrokenText as broken:
            raise BrokenSource(str(broken), option="src") from None


def _address_rows(lines: Iterable[str]) -> Generator[Row, None, None]:
    """One address a line; blank lines, and comments after ``# ``, are not rows."""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text and not text.startswith("# "):
            yield Row(f"line {number}", {ADDRESS: text}, text)


def _unzipped(file: MeteredFile) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=cast("IO[bytes]", file), mode="rb")


def format_of(name: str) -> str | None:
    """The format that the ending of a file's name shows, one of FORMATS, or None."""
    ending = os.path.splitext(name[:-3] if is_gzip(name) else name)[1].lower()[1:]
    return ending if ending in FORMATS else None


def is_gzip(name: str) -> bool:
    """Whether a file's name says that it is compressed."""
    return name.lower().endswith(".gz")


def _check_delimiter(delimiter: str | None) -> None:
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\0'):
        raise InvalidInput("this is not a single character other than a quote or a line break.", option="delimiter")
