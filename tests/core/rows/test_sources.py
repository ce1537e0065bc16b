# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows from files and lists: values are read unchanged, and errors name the line."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import itertools
import json
import pickle
import re
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core.errors import InvalidInput, MissingSource
from airflow_provider_sentori.core.rows.row import BrokenSource, Row
from airflow_provider_sentori.core.rows.sources import given_rows, open_source
from hypothesis import given
from hypothesis import strategies as st
from stored import Names, SlowFile, Stored

NAMES = ["EmailAddress", "FirstName", 'odd "name",\nin two lines']

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(st.sampled_from('",;\t\r\n \x0b\x85\u2028é😀@a') | characters, max_size=8)
tables = st.lists(st.lists(texts, min_size=3, max_size=3), max_size=6)
steps = st.sampled_from([1, 2, 3, 7, 64 * 1024])


def read_csv(data: bytes | str, **options: Any) -> list[Row]:
    return list(open_source(Stored("people.csv", data), **options))


def read_jsonl(data: bytes | str, **options: Any) -> list[Row]:
    return list(open_source(Stored("people.jsonl", data), **options))


def plain(rows: Iterable[Row]) -> list[Row]:
    """The places and fields alone."""
    return [Row(row.place, row.fields) for row in rows]


def rows_before_refusal(rows: Iterable[Row]) -> tuple[list[Row], InvalidInput | None]:
    found: list[Row] = []
    try:
        for row in rows:
            found.append(row)
    except InvalidInput as refusal:
        return found, refusal
    return found, None


def as_csv(table: list[list[str]], **dialect: Any) -> tuple[str, list[Row]]:
    """The table as csv.writer writes it, and the rows that are expected from it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, **dialect)
    writer.writerow(NAMES)
    rows = []
    for record in table:
        line = len(re.findall("\r\n|\r|\n", file.getvalue())) + 1
        if any(record):
            rows.append(Row(f"line {line}", dict(zip(NAMES, record, strict=True))))
        writer.writerow(record)
    return file.getvalue(), rows


DIALECTS = [
    {"quoting": csv.QUOTE_ALL, "lineterminator": "\n"},
    {"quoting": csv.QUOTE_ALL, "lineterminator": "\r"},
    {"quoting": csv.QUOTE_MINIMAL, "lineterminator": "\r\n"},
]
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])


@given(tables, st.sampled_from(DIALECTS), st.sampled_from(",;\t|é"), ENCODINGS, steps)
def test_csv_rows_are_read_unchanged_with_the_line_of_each(
    table: list[list[str]], dialect: dict[str, Any], delimiter: str, encoding: str, step: int
) -> None:
    text, rows = as_csv(table, delimiter=delimiter, **dialect)
    stored = Stored("people.csv", text.encode(encoding), step)
    found = list(open_source(stored, delimiter=delimiter, encoding=encoding, strip=False))
    assert plain(found) == rows
    assert [row.given for row in found] == [list(row.fields.values()) for row in rows]


@given(tables, st.sampled_from(DIALECTS[:2]), st.data())
def test_a_truncated_quoted_file_gives_its_first_rows_or_is_broken(
    table: list[list[str]], dialect: dict[str, Any], data: Any
) -> None:
    # A cut between two quotes that stand for one looks like the end of the field.
    text, rows = as_csv([["x" + value.replace('"', "'") for value in record] for record in table], **dialect)
    part = text[: data.draw(st.integers(0, len(text) - 1))]
    found, refusal = rows_before_refusal(open_source(Stored("people.csv", part), strip=False))
    if found and found[-1].error:
        refusal = found.pop().error

    begun = [row for row in rows if int(row.place.split()[1]) <= len(io.StringIO(part, newline="").readlines())]
    if part.endswith('",') and not refusal and begun:
        # A cut before the last field looks like a blank last field.
        begun[-1].fields[NAMES[-1]] = ""
    assert plain(found) == begun[: len(found)]
    assert refusal or len(found) == len(begun)


json_values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
json_rows = st.lists(st.dictionaries(texts.filter(str.strip), json_values, max_size=3), max_size=6)


@given(json_rows, st.booleans(), st.sampled_from(["\n", "\r\n", "\n \n"]), steps)
def test_json_lines_are_read_unchanged_with_the_line_of_each(
    rows: list[dict[str, Any]], ascii_only: bool, line_end: str, step: int
) -> None:
    rows = [{**row, "EmailAddress": "joe@example.com"} for row in rows]
    text = "".join(json.dumps(row, ensure_ascii=ascii_only) + line_end for row in rows)
    apart = line_end.count("\n")
    found = list(open_source(Stored("people.jsonl", text.encode(), step)))
    assert found == [Row(f"line {1 + apart * at}", row, row) for at, row in enumerate(rows)]


def test_csv_with_a_bom_semicolons_and_empty_lines_is_read() -> None:
    data = b"\xef\xbb\xbfmail;Vorname\r\n\r\na@example.com;Zo\xc3\xab\r\n\r\n;\r\n"
    for encoding in ("utf-8-sig", "utf-8", "UTF8"):
        rows = read_csv(
            data, delimiter=";", encoding=encoding, columns={"mail": "EmailAddress", "Vorname": "FirstName"}
        )
        assert plain(rows) == [
            Row("line 3", {"EmailAddress": "a@example.com", "FirstName": "Zoë"}),
        ]


HEADER = "EmailAddress,Note\n"
NOT_CLOSED = "a quoted field begins here and is never closed"
BROKEN_CSV = {
    "open at the end": ('a@b.de,"x\ny"\nb@b.de,"open\nc@b.de,z\n', 1, f"line 4: {NOT_CLOSED}"),
    "open after another field": ('a@b.de,x\n"b\n@b.de","open\n', 1, f"line 4: {NOT_CLOSED}"),
    "open in the last character": ('a@b.de,"', 0, f"line 2: {NOT_CLOSED}"),
    "open for very long": ('a@b.de,"open' + "\nb@b.de,z" * 50_000, 0, f"line 2: {NOT_CLOSED}"),
    "text after a quote": ('a@b.de,"x\ny"\n"b"@b.de,z\n', 1, "line 4: .* continues after its closing quote"),
    "a long field": ("a@b.de,x\n\na@b.de," + "z" * 140_000, 1, "line 4: .* longer than 131,072 characters"),
    "a long field in quotes": ('"a\nb","' + "z" * 140_000 + '"', 0, "line 3: .* longer than 131,072 characters"),
    "a NUL": ("a@b.de,x\nb@b.de,\0\n", 1, "line 3 contains a NUL character"),
    "a line without end": ("a@b.de,x\n" + "a" * 3_000_000, 1, "line 3 is longer than 1,048,576 characters"),
    "another encoding": (b"a@b.de,x\rb@b.de,Zo\xeb\n", 1, "line 3 is not utf-8. It looks .*cp1252"),
    "another encoding after a bare return": (b"a@b.de,x\r\xeb\n", 1, "line 3 is not utf-8"),
    "half a character": (b"a@b.de,x\nb@b.de,Zo\xc3", 1, "line 3 is not utf-8"),
}


@pytest.mark.parametrize("step", [1000, 64 * 1024])
@pytest.mark.parametrize(("data", "whole", "sentence"), BROKEN_CSV.values(), ids=BROKEN_CSV)
def test_broken_csv_is_refused_with_its_line_after_the_rows_before_it(
    data: bytes | str, whole: int, sentence: str, step: int
) -> None:
    table = HEADER.encode() + (data if isinstance(data, bytes) else data.encode())
    found, refusal = rows_before_refusal(open_source(Stored("people.csv", table, step)))
    assert len(found) == whole
    assert isinstance(refusal, BrokenSource) and re.match(f"src: {sentence}", str(refusal))


def test_a_row_of_another_width_does_not_stop_the_others() -> None:
    rows = read_csv(HEADER + 'a@b.de,"x\ny"\nb@b.de\nc@b.de,x,y\nd@b.de,z\n')
    assert [(row.place, str(row.error)[:60]) for row in rows] == [
        ("line 2", "None"),
        ("line 4", "line 4: the header has 2 fields, this row has 1. Look for a "),
        ("line 5", "line 5: the header has 2 fields, this row has 3. Look for a "),
        ("line 6", "None"),
    ]
    assert [row.given for row in rows[1:3]] == [["b@b.de"], ["c@b.de", "x", "y"]]


@given(
    st.lists(st.text("aあい", max_size=4), max_size=4),
    st.sampled_from(["utf-8", "gb18030", "shift_jis", "iso2022_jp"]),
    st.integers(1, 70),
)
def test_the_line_in_another_encoding_is_named(notes: list[str], encoding: str, step: int) -> None:
    lines = HEADER + "".join(f"a@b.de,{note}\n" for note in notes)
    data = lines.encode(encoding) + "b@b.de,い".encode(encoding) + b"\xff\n"
    found, refusal = rows_before_refusal(open_source(Stored("people.csv", data, step), encoding=encoding))
    assert [row.fields["Note"] for row in found] == notes
    assert str(refusal).startswith(f"src: line {len(notes) + 2} is not {encoding}.")


BROKEN_HEADERS = [
    ("", "the file is empty. Its first line must contain the names"),
    ("\r\n\n", "the file is empty. Its first line must contain the names"),
    ('EmailAddress,"Note\na@b.de,x\n', f"line 1: {NOT_CLOSED}"),
]


@pytest.mark.parametrize(("data", "sentence"), BROKEN_HEADERS)
def test_a_file_without_a_complete_header_is_broken(data: str, sentence: str) -> None:
    with pytest.raises(BrokenSource, match=sentence):
        read_csv(data)


BROKEN_JSON = {
    "half an object": ('{"EmailAddress": "joe@example.com"', "Expecting ',' delimiter at character 35"),
    "a list": ('["joe@example.com"]', "it is of another type"),
    "a key twice": ('{"EmailAddress": "joe@example.com", "EmailAddress": ""}', "a key appears twice"),
    "NaN": ('{"EmailAddress": "joe@example.com", "Points": NaN}', "NaN is not JSON"),
    "endless nesting": ('{"EmailAddress": ' + "[" * 200_000, "nested too deeply"),
}


@pytest.mark.parametrize(("line", "sentence"), BROKEN_JSON.values(), ids=BROKEN_JSON)
def test_a_line_that_is_not_an_object_is_named_without_its_content(line: str, sentence: str) -> None:
    ann, zoe = ('{"EmailAddress": "%s@example.com"}' % name for name in ("ann", "zoe"))  # noqa: UP031
    found = read_jsonl(f"{ann}\n\n{line}\n{zoe}\n")
    assert [row.email for row in found] == ["ann@example.com", "", "zoe@example.com"]
    assert re.match(f"line 3: this is not a JSON object .*{sentence}", str(found[1].error))
    assert "joe@" not in str(found[1].error)
    with pytest.raises(BrokenSource, match=r"^src: line [12].* this is not a JSON (object|array)"):
        read_jsonl(f"{line}\n{zoe}\n")


@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda data: data[:5], lambda data: data + b"more"])
def test_damaged_compressed_data_are_broken(spoil: Any) -> None:
    data = spoil(gzip.compress((HEADER + "a@b.de,x\n").encode()))
    with pytest.raises(BrokenSource, match=r"line [0-9] cannot be read: the compressed data are damaged or cut off"):
        list(open_source(Stored("people.csv.gz", data)))


def test_a_read_error_is_reported_with_its_line() -> None:
    class Failing(SlowFile):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    stored = Stored("people.csv", "")
    stored.file = Failing()
    with pytest.raises(BrokenSource, match="line 1 cannot be read: Input/output error"):
        list(open_source(stored))


def test_a_broken_source_survives_pickling() -> None:
    broken = pickle.loads(pickle.dumps(BrokenSource("line 3 is not utf-8.", option="src")))
    assert str(broken) == "src: line 3 is not utf-8."


COLUMNS = [
    ("email,Note", {}, "src: no column holds EmailAddress. Map it: columns: {email: EmailAddress}."),
    ("Note,E-Mail", {}, "src: no column holds EmailAddress. Map it: columns: {E-Mail: EmailAddress}."),
    ("emailaddress,Note", {}, "src: no column holds EmailAddress. Map it: columns: {emailaddress: EmailAddress}."),
    ("Name,Note", {}, "The columns: Name, Note."),
    ('[{"EmailAddress": "x"},', {}, "This looks like JSON: set source_format: json."),
    ("EmailAddress,Shoe,City", {}, "this account has no field named Shoe, City. Map the columns"),
    ("E-Mail:;Note", {}, 'columns: {"E-Mail:": EmailAddress}'),
    ("EmailAddress, Notte", {}, "no field named Notte. Did you mean Note? Map"),
    ("EmailAddress,Note,Note", {}, "src: column Note appears twice."),
    ("joe@example.com,Joe", {}, "src: the first line contains an address, so it is not a header."),
    (
        "EmailAddress,Text",
        {"Texxt": "Note"},
        "columns: the source has no column Texxt. Its columns: EmailAddress, Text.",
    ),
    ("EmailAddress,Text", {"Text": "Noote"}, "columns.Text: this account has no field named Noote. Did you mean Note?"),
    ("EmailAddress,Text,Note", {"Text": "Note"}, "src: several columns are mapped to field Note: Text, Note."),
    (
        "EmailAddress,mail",
        {"mail": "EmailAddress"},
        "several columns are mapped to field EmailAddress: EmailAddress, mail.",
    ),
    ("EmailAddress,Text", {"Text": ""}, "columns.Text: the name of the field is missing."),
    ("EmailAddress,Text", ["Text"], "columns: this is not a mapping of column names to field names."),
]


@pytest.mark.parametrize(("header", "columns", "sentence"), COLUMNS)
def test_a_header_that_does_not_fit_is_refused_before_any_row(header: str, columns: Any, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        next(iter(open_source(Stored("people.csv", header + "\n"), columns=columns, schema=Names("Note"))))
    assert sentence in str(refused.value) and "joe@" not in str(refused.value)


def test_ignore_unmapped_leaves_out_unmapped_columns() -> None:
    data = "Shoe,mail,City,Text\n42,a@b.de,Ulm,x\n"
    options: dict[str, Any] = {"columns": {"mail": "EmailAddress", "Text": "Note"}, "schema": Names("Note")}
    expected = {"EmailAddress": "a@b.de", "Note": "x"}
    assert plain(read_csv(data, ignore_unmapped=True, **options)) == [Row("line 2", expected)]
    row = {"Shoe": 42, "mail": "a@b.de", "City": "Ulm", "Text": "x"}
    assert read_jsonl(json.dumps(row), ignore_unmapped=True, **options) == [Row("line 1", expected, row)]
    assert list(given_rows([row], ignore_unmapped=True, **options)) == [Row("contacts[0]", expected, row)]


def test_the_column_of_reasons_is_never_a_field() -> None:
    options: dict[str, Any] = {"schema": Names("Note")}
    expected = {"EmailAddress": "a@b.de", "Note": "x"}
    assert read_csv("_reason,EmailAddress,Note\nwhy,a@b.de,x\n", **options)[0].fields == expected
    assert read_jsonl(json.dumps({**expected, "_reason": "why"}), **options)[0].fields == expected


def test_a_text_file_has_an_address_a_line_and_comments() -> None:
    rows = list(open_source(Stored("people.txt", "\ufeffann@example.com\n\n# why: none\n #joe@example.com \n")))
    assert plain(rows) == [
        Row("line 1", {"EmailAddress": "ann@example.com"}),
        Row("line 4", {"EmailAddress": "#joe@example.com"}),
    ]


GOOD = {"mail": "a@b.de", "Text": "x"}
NOT_FITTING = [
    ({"Text": "x"}, "no column holds EmailAddress"),
    ({**GOOD, "Shoe": 42}, "this account has no field named Shoe"),
    ({**GOOD, "Note": "y"}, "several columns are mapped to field Note: Text, Note"),
    ({**GOOD, "": "y"}, "the name of a column is empty"),
]


@pytest.mark.parametrize(("row", "sentence"), NOT_FITTING)
def test_a_row_with_unknown_or_missing_names_is_refused_with_its_place(row: dict[str, Any], sentence: str) -> None:
    options: dict[str, Any] = {"columns": {"mail": "EmailAddress", "Text": "Note"}, "schema": Names("Note")}
    rows = [GOOD, {"mail": "b@b.de"}, row]
    lines = "\n".join(map(json.dumps, rows))
    for source, place in (
        (open_source(Stored("people.jsonl", lines), **options), "line 3"),
        (given_rows(rows, **options), "contacts[2]"),
        (given_rows(iter(rows), **options), "row 3"),
    ):
        *found, refused = source
        assert [row.fields for row in found] == [{"EmailAddress": "a@b.de", "Note": "x"}, {"EmailAddress": "b@b.de"}]
        assert str(refused.error).startswith(f"{place}: {sentence}") and refused.given == row


@pytest.mark.parametrize("row", [None, "a@b.de", ["a@b.de"], {1: "a@b.de"}])
def test_a_given_row_that_is_not_a_mapping_of_names_is_refused(row: Any) -> None:
    _, refused = given_rows([{"EmailAddress": "a@b.de"}, row], "rows")
    assert re.match(r"rows\[1\]: (this is not a mapping of field names|the name of a column)", str(refused.error))


def test_given_rows_are_read_one_at_a_time_and_not_modified() -> None:
    row = {"EmailAddress": "a@b.de", "Points": 3}
    (first,) = itertools.islice(given_rows(itertools.repeat(row)), 1)
    assert first == Row("row 1", row, row) and first.fields is not row


@pytest.mark.parametrize("name", ["people.csv", "PEOPLE.CSV.GZ", "people.jsonl", "people.jsonl.gz", "people.dat"])
def test_the_format_follows_from_the_file_name_or_the_option(tmp_path: Path, name: str) -> None:
    data = b'{"EmailAddress": "a@b.de"}' if "jsonl" in name else b"EmailAddress\na@b.de"
    (tmp_path / name).write_bytes(gzip.compress(data) if name.lower().endswith("gz") else data)
    source_format = "csv" if name == "people.dat" else None
    for src in (tmp_path / name, str(tmp_path / name)):
        (row,) = open_source(src, source_format=source_format)
        assert row.fields == {"EmailAddress": "a@b.de"}


OPTIONS = [
    ("people.dat", {}, "src: the name people.dat does not end in .csv, .jsonl"),
    ("people.csv", {"source_format": "xml"}, "source_format: 'xml' is not one of csv, jsonl, json, txt."),
    ("people.csv", {"delimiter": ";;"}, "delimiter: this is not a single character"),
    ("people.csv", {"delimiter": '"'}, "delimiter: this is not a single character"),
    ("people.jsonl", {"delimiter": ";"}, "delimiter: can only be used with CSV."),
    ("people.json", {"strip": False}, "strip: can only be used with CSV."),
    ("people.xlsx", {}, "src: people.xlsx is a workbook. Save it as CSV (UTF-8)."),
    ("people.csv", {"encoding": "utf-88"}, "encoding: there is no text encoding named utf-88."),
    ("people.csv", {"encoding": "base64"}, "encoding: there is no text encoding named base64."),
]


@pytest.mark.parametrize(("name", "options", "sentence"), OPTIONS)
def test_an_invalid_option_is_refused_before_the_file_is_read(
    name: str, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        open_source(name, **options)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("name", ["nowhere.csv", "folder.csv"])
def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(MissingSource, match=rf"src: .*{name} cannot be read: ") as missing:
        next(iter(open_source(tmp_path / name)))
    assert missing.value.retryable


def test_the_file_is_closed_after_the_last_row_a_close_or_an_error() -> None:
    ended, closed, broken = (Stored("people.csv", HEADER + "a@b.de,x\n" + more) for more in ("", "", 'b@b.de,"'))
    list(open_source(ended))
    with contextlib.closing(open_source(closed)) as rows:
        next(iter(rows))
        assert not closed.file.closed
    with pytest.raises(BrokenSource):
        list(open_source(broken))
    assert ended.file.closed and closed.file.closed and broken.file.closed


def lines_of(row: str) -> Iterator[str]:
    return itertools.repeat(row, 200_000)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("people.csv", HEADER + "".join(lines_of('a@b.de,"in\ntwo lines"\n'))),
        ("people.jsonl.gz", gzip.compress("".join(lines_of('{"EmailAddress": "a@b.de"}\n')).encode(), 1)),
    ],
)
def test_memory_does_not_grow_with_the_file(name: str, data: bytes | str) -> None:
    stored = Stored(name, data)
    tracemalloc.start()
    try:
        assert sum(1 for _ in open_source(stored)) == 200_000
        assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_column_names() -> None:
    rows = ({"EmailAddress": "a@b.de", f"Column{number}": number} for number in range(20_000))
    tracemalloc.start()
    try:
        assert sum(1 for _ in given_rows(rows)) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    finally:
        tracemalloc.stop()
