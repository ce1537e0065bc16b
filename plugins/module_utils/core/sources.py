# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows for an import: from CSV, JSON Lines, a list, or anything that gives mappings; one at a time."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
from collections import deque
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from itertools import islice, tee
from typing import IO, Any, Callable, NamedTuple, Protocol, Union, cast

from . import redact, text_lines
from .columns import Columns, listed
from .errors import InvalidInput, MissingSource
from .fields import Contact, FieldValue
from .meter import Meter, MeteredFile

FORMATS = ("csv", "jsonl")
DEFAULT_ENCODING = "utf-8-sig"

_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*')
_ADDRESS_LIKE = re.compile(r"\S@\S")


class Row(NamedTuple):
    """A contact as it is given. ``place`` tells people where: ``line 7``, ``contacts[3]``, or ``row 4``."""

    place: str
    fields: Contact


class BrokenSource(InvalidInput):
    """A file is broken from the line on that the message names; the rows before it are whole."""


class Rows:
    """Rows to go through once; ``part``: how much of the source is read, from 0 to 1, None where that is not known."""

    def __init__(self, rows: Generator[Row, None, None], part: Callable[[], float | None]) -> None:
        self._rows = rows
        self.part = part

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def close(self) -> None:
        """Close the file that they come from."""
        self._rows.close()


class Openable(Protocol):
    """A path that opens itself, such as Airflow's ObjectStoragePath; its ``str`` tells the format."""

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
    known_fields: Collection[str] | None = None,
    source_format: str | None = None,
) -> Rows:
    """The rows of a file, ``.csv`` or ``.jsonl``, also with ``.gz``; it is closed when they end or are closed.

    ``columns``: column name -> field name; ``known_fields``: holds the names of the account's fields (see
    ``Columns``). ``source_format``: one of FORMATS, if the name does not tell.
    Raises InvalidInput at once for an option that cannot be; before the first row MissingSource where the file cannot
    be opened, and InvalidInput where its columns do not fit; BrokenSource where it is broken.
    """
    if source_format is None:
        source_format = _format_of(str(src))
    if source_format not in FORMATS:
        raise InvalidInput(f"one of {', '.join(FORMATS)} is needed.", option="source_format")
    if delimiter is not None and source_format != "csv":
        raise InvalidInput("goes with CSV only.", option="delimiter")
    _check_delimiter(delimiter)
    mapping = Columns(columns, ignore_unmapped, known_fields)
    if not text_lines.is_encoding(encoding):
        raise InvalidInput(f"there is no text encoding {encoding}.", option="encoding")
    meter = Meter()
    return Rows(_read(src, source_format, mapping, delimiter, encoding, meter), meter.part)


def csv_rows(lines: Iterable[str], columns: Columns, delimiter: str | None = None) -> Iterator[Row]:
    """The rows of CSV with a header, from its lines; empty lines are no rows.

    Raises InvalidInput where the columns do not fit; BrokenSource for a broken quote, a row that is shorter or longer
    than the header, and a field of more than ``csv.field_size_limit()`` characters.
    """
    records = _csv_records(lines, delimiter or ",")
    first = next(records, None)
    if first is None:
        raise BrokenSource("this is empty: a first line with the names of the columns is needed.", option="src")
    header = first[1]
    _check_header(header)
    fields_of = _fields_of(header, columns, "src")
    width = len(header)
    for line, record in records:
        if len(record) != width:
            raise BrokenSource(
                f"line {line}: {width} fields are expected, as in the header, and {len(record)} came."
                " Look for a quote that is missing, or a delimiter that is not quoted.",
                option="src",
            )
        yield Row(f"line {line}", fields_of(record))


def jsonl_rows(lines: Iterable[str], columns: Columns) -> Iterator[Row]:
    """The rows of JSON Lines: one object a line, empty lines are no rows.

    Raises InvalidInput where the names of a row do not fit; BrokenSource for a line that is no object, names a key
    twice, or holds NaN or Infinity, which JSON does not have.
    """
    decoder = json.JSONDecoder(object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    for number, line in enumerate(lines, 1):
        text = line.strip(" \t\r\n")
        if text:
            place = f"line {number}"
            yield Row(place, columns.fields_of(_json_object(decoder, text, place), "src", place))


def table_rows(
    names: Sequence[str],
    records: Iterable[Sequence[FieldValue]],
    option: str,
    *,
    columns: Mapping[str, str] | None = None,
    ignore_unmapped: bool = False,
    known_fields: Collection[str] | None = None,
) -> Rows:
    """The rows of a table that names its columns once, such as a query's result; counted from 1 (``row 4``).

    Raises InvalidInput, naming ``option``, before the first row where the columns do not fit.
    """
    mapping = Columns(columns, ignore_unmapped, known_fields)

    def rows() -> Generator[Row, None, None]:
        _check_names(names, option)
        fields_of = _fields_of(names, mapping, option)
        for number, record in enumerate(records, 1):
            yield Row(f"row {number}", fields_of(record))

    return Rows(rows(), lambda: None)


def given_rows(
    rows: Iterable[Mapping[str, FieldValue]],
    option: str = "contacts",
    *,
    columns: Mapping[str, str] | None = None,
    ignore_unmapped: bool = False,
    known_fields: Collection[str] | None = None,
) -> Rows:
    """Rows that are here already: of a list (``contacts[3]``), or of any iterable (``row 4``, counted from 1)."""
    mapping = Columns(columns, ignore_unmapped, known_fields)
    meter = Meter(size=len(rows) if isinstance(rows, Sequence) else None)
    return Rows(_given(rows, option, mapping, meter), meter.part)


def _given(
    rows: Iterable[Mapping[str, FieldValue]], option: str, mapping: Columns, meter: Meter
) -> Generator[Row, None, None]:
    in_list = isinstance(rows, Sequence)
    for index, row in enumerate(rows):
        place = f"{option}[{index}]" if in_list else f"row {index + 1}"
        if not isinstance(row, Mapping):
            raise InvalidInput("a mapping of field names to values is needed.", option=place)
        meter.read = index + 1
        yield Row(place, mapping.fields_of(row, place))


def _fields_of(names: Sequence[str], columns: Columns, option: str) -> Callable[[Sequence[FieldValue]], Contact]:
    """What makes fields of a record. Raises InvalidInput where the columns do not fit."""
    fields, taken = columns.fit_header(names, option)
    if taken is None:
        return lambda record: dict(zip(fields, record))
    pick = [at for at, is_taken in enumerate(taken) if is_taken]
    return lambda record: dict(zip(fields, [record[at] for at in pick]))


def _read(
    src: Source, source_format: str, columns: Columns, delimiter: str | None, encoding: str, meter: Meter
) -> Generator[Row, None, None]:
    try:
        opened = open(src, "rb") if isinstance(src, (str, os.PathLike)) else src.open("rb")  # noqa: SIM115
    except OSError as error:
        raise MissingSource(f"{src} cannot be read: {error.strerror or error}.", option="src") from None
    with opened as file:
        metered = MeteredFile(file, meter)
        lines = text_lines.lines(_unzipped(metered) if _is_gzip(str(src)) else metered, encoding)
        try:
            yield from csv_rows(lines, columns, delimiter) if source_format == "csv" else jsonl_rows(lines, columns)
        except text_lines.BrokenText as trouble:
            raise BrokenSource(str(trouble), option="src") from None


def _unzipped(file: MeteredFile) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=cast("IO[bytes]", file), mode="rb")


def _csv_records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records that are not empty, each with the line it begins in. Raises BrokenSource."""
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
        raise BrokenSource(
            _csv_trouble(text, end + 1, delimiter) or f"line {end + 1}: {error}.", option="src"
        ) from None


def _csv_trouble(text: str, first_line: int, delimiter: str) -> str:
    """What strict CSV refuses in a record, as far as it was read; empty if it is something else."""
    unquoted = re.compile(f"[^{re.escape(delimiter)}\r\n]*")
    limit = csv.field_size_limit()
    at = 0
    while at < len(text):
        line = first_line + len(_LINE_END.findall(text, 0, at))
        field = (_QUOTED if text[at] == '"' else unquoted).match(text, at)
        end = field.end() if field else at
        if text[at] == '"' and end == len(text):
            return f"line {line}: the field in quotes that begins here is not closed. Put a quote where it ends."
        if end - at > limit:
            return f"line {line}: the field that begins here is longer than {limit:,} characters."
        end += text[at] == '"'
        if text[end : end + 1] not in ("", delimiter, "\r", "\n"):
            return (
                f"line {line}: the field in quotes that begins here goes on after its closing quote."
                " Write a quote within a field twice."
            )
        at = end + 1
    return ""


def _check_header(header: Sequence[str]) -> None:
    if any(_ADDRESS_LIKE.search(name) for name in header):
        raise InvalidInput(
            "the first line holds an address, so it is no header. Put the names of the columns in a line before it.",
            option="src",
        )
    _check_names(header, "src")


def _check_names(names: Sequence[str], option: str) -> None:
    repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if repeated:
        raise InvalidInput(f"the column {listed(repeated)} is there more than once.", option=option)


def _json_object(decoder: json.JSONDecoder, text: str, place: str) -> dict[str, Any]:
    why = "it is something else"
    try:
        found = decoder.decode(text)
        if isinstance(found, dict):
            return found
    except json.JSONDecodeError as error:
        why = f"{error.msg} at character {error.colno}"
    except ValueError as error:
        why = str(error)
    except RecursionError:
        why = "it is nested too deeply"
    raise BrokenSource(f"{place} is no JSON object ({why}). One object a line is needed.", option="src")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _format_of(name: str) -> str:
    ending = os.path.splitext(name[:-3] if _is_gzip(name) else name)[1].lower()
    if ending[1:] not in FORMATS:
        raise InvalidInput(
            "the name ends in none of .csv, .jsonl, .csv.gz, .jsonl.gz; say by source_format what"
            f" {redact.text(name, 100)} is.",
            option="src",
        )
    return ending[1:]


def _is_gzip(name: str) -> bool:
    return name.lower().endswith(".gz")


def _check_delimiter(delimiter: str | None) -> None:
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\0'):
        raise InvalidInput("one character is needed, and neither a quote nor a line break.", option="delimiter")
