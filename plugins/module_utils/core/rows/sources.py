# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Sources of rows: a file of CSV, JSON or addresses, a list, or a table; one row at a time.

Ansible compiles each file that a task imports: what reads files, and each of their formats, is imported by its reader.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, Callable, NamedTuple, Protocol, Union, cast

from .. import redaction
from ..errors import InvalidInput, MissingSource
from ..fields import ADDRESS, FieldValue
from ._meter import Meter, MeteredFile
from .columns import Columns, FieldNames, check_names
from .row import BrokenSource, Layout, Page, Row, Rows, Table

FORMATS = ("csv", "jsonl", "json", "txt")
# Other endings of names that show a format.
_ENDINGS = {"tsv": "csv", "tab": "csv", "ndjson": "jsonl"}
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
DEFAULT_ENCODING = "utf-8-sig"
# Records of a table that are read ahead.
_PAGE = 1000


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
    strip: bool = True,
    addresses_only: bool = False,
) -> Rows:
    """The rows of a file, ``.csv``, ``.jsonl``, ``.json`` (an array), or ``.txt`` (an address a line).

    It is read uncompressed or compressed by gzip, which its first bytes tell, and closed at its end.

    ``columns``: column name -> field name; ``schema``: the names of the account's fields; ``addresses_only``: see
    ``Columns``. ``delimiter``: of CSV, if it is not to be found. ``encoding``: if no byte order mark tells it.
    ``source_format``: one of FORMATS, if the name does not tell it. ``strip``: whether blanks and characters without a
    width are removed at the ends of names and cells of CSV, and a formula ``="0012"`` is read as what it shows.
    Raises InvalidInput at once for an impossible option; before the first row MissingSource if the file cannot be
    opened, and InvalidInput if its columns do not fit; BrokenSource where the file is broken.
    """
    from ._text_lines import is_encoding

    if source_format is None:
        source_format = format_of(str(src))
        if source_format is None:
            raise InvalidInput(_unknown_format(str(src)), option="src")
    if source_format not in FORMATS:
        raise InvalidInput(f"{source_format!r} is not one of {', '.join(FORMATS)}.", option="source_format")
    if delimiter is not None and source_format != "csv":
        raise InvalidInput("can only be used with CSV.", option="delimiter")
    if not strip and source_format != "csv":
        raise InvalidInput("can only be used with CSV.", option="strip")
    _check_delimiter(delimiter)
    mapping = Columns(columns, ignore_unmapped, schema, addresses_only=addresses_only)
    if not is_encoding(encoding):
        raise InvalidInput(f"there is no text encoding named {encoding}.", option="encoding")
    meter = Meter()
    layout = Layout(source_format, None, delimiter or ",", encoding, is_file=True)
    reading = _Reading(mapping, layout, delimiter, strip)

    def count() -> int:
        if isinstance(src, (str, os.PathLike)) and os.path.exists(src) and not os.path.isfile(src):
            raise InvalidInput(
                f"{src} can be read only once, and its rows are counted first. Give a file.", option="src"
            )
        again = _Reading(Columns(columns, ignore_unmapped, schema, addresses_only=addresses_only), *reading[1:])
        return sum(map(len, _read(src, again, Meter())))

    return Rows(_read(src, reading, meter), meter.part, layout, mapping.use, count=count)


def table_rows(
    names: Sequence[str],
    records: Iterable[Sequence[FieldValue]],
    option: str,
    *,
    columns: Mapping[str, str] | None = None,
    ignore_unmapped: bool = False,
    schema: FieldNames | None = None,
    addresses_only: bool = False,
    count: Callable[[], int] | None = None,
) -> Rows:
    """The rows of a table that names its columns once, such as a query's result; counted from 1 (``row 4``).

    ``count``: how many records there are, if that can be known before they are read.
    Raises InvalidInput, naming ``option``, before the first row if the columns do not fit.
    """
    mapping = Columns(columns, ignore_unmapped, schema, addresses_only=addresses_only)

    def rows() -> Generator[Page, None, None]:
        check_names(names, option)
        if "" in names:
            raise InvalidInput("the name of a column is empty. Name it in the query.", option=option)
        fields, cells_of = mapping.table(names, option)
        stream = iter(records)
        number = 1
        failure: Exception | None = None
        while True:
            page: list[Sequence[FieldValue]] = []
            try:
                page.extend(islice(stream, _PAGE))
            except Exception as error:  # of any database, after the rows that it returned before
                failure = error
            if page:
                yield Table(fields, cells_of(page), page, "row", range(number, number + len(page)))
            if failure is not None:
                raise failure
            if not page:
                return
            number += len(page)

    return Rows(rows(), lambda: None, Layout("csv", names), mapping.use, count=count or _not_countable(option))


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
    count = rows.__len__ if isinstance(rows, Sequence) else _not_countable(option)
    return Rows(_given(rows, option, mapping, meter), meter.part, Layout("jsonl"), mapping.use, count=count)


def given_addresses(emails: Sequence[object], option: str = "emails") -> Rows:
    """The addresses of a list (``emails[3]``), each a row with EmailAddress alone."""
    meter = Meter(size=len(emails))

    def rows() -> Generator[Row, None, None]:
        for index, email in enumerate(emails):
            meter.read = index + 1
            # Anything but a text is refused with the address, by its place.
            yield Row(f"{option}[{index}]", {ADDRESS: cast("FieldValue", email)}, email)

    return Rows(rows(), meter.part, Layout("txt"), count=lambda: len(emails))


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


def _not_countable(option: str) -> Callable[[], int]:
    def count() -> int:
        raise InvalidInput("these rows cannot be counted before they are read. Give a list or a file.", option=option)

    return count


class _Reading(NamedTuple):
    """How a file is read."""

    columns: Columns
    layout: Layout
    delimiter: str | None
    strip: bool


def _read(src: Source, reading: _Reading, meter: Meter) -> Generator[Page, None, None]:
    from ._formats import encoding_of, opened
    from ._text_lines import BrokenText, texts

    try:
        file = open(src, "rb") if isinstance(src, (str, os.PathLike)) else src.open("rb")  # noqa: SIM115
    except OSError as error:
        raise MissingSource(f"{src} cannot be read: {error.strerror or error}.", option="src") from None
    with file:
        stream = opened(MeteredFile(file, meter))
        reading.layout.encoding = encoding_of(stream.start, reading.layout.encoding)
        try:
            yield from _pages_of(texts(stream, reading.layout.encoding), reading)
        except BrokenText as broken:
            raise BrokenSource(str(broken), option="src") from None


def _pages_of(texts: Iterator[str], reading: _Reading) -> Iterator[Page]:
    from ._text_lines import blocks, lines, peeked

    columns, layout, delimiter, strip = reading
    if layout.source_format == "csv":
        from ._csv import csv_rows

        return csv_rows(blocks(texts), columns, layout, delimiter=delimiter, strip=strip)
    if layout.source_format == "txt":
        from ._address_lines import address_rows

        return _single(address_rows(lines(texts)))
    start, texts = peeked(texts)
    if start == "[":
        from ._json_array import array_rows

        return _single(array_rows(texts, columns))
    from ._json_lines import jsonl_rows

    return _single(jsonl_rows(lines(texts), columns))


def _single(rows: Iterable[Row]) -> Iterator[Page]:
    return ([row] for row in rows)


def format_of(name: str) -> str | None:
    """The format that the ending of a file's name shows, one of FORMATS, or None."""
    ending = os.path.splitext(name[:-3] if is_gzip(name) else name)[1].lower()[1:]
    return ending if ending in FORMATS else _ENDINGS.get(ending)


def is_gzip(name: str) -> bool:
    """Whether a file's name says that it is compressed."""
    return name.lower().endswith(".gz")


def _unknown_format(name: str) -> str:
    if name.lower().endswith(_WORKBOOKS):
        return f"{redaction.text(name, 100)} is a workbook. Save it as CSV (UTF-8)."
    endings = ", ".join(f".{one}" for one in (*FORMATS, *_ENDINGS))
    known = f"{endings}, or one of these with .gz"
    return f"the name {redaction.text(name, 100)} does not end in {known}. Give its format as source_format."


def _check_delimiter(delimiter: str | None) -> None:
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\0'):
        raise InvalidInput("this is not a single character other than a quote or a line break.", option="delimiter")
