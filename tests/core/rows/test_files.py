# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Files as people have them: what spreadsheets, mail programs and exports make of a table."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.rows.row import BrokenSource, Row, Rows
from airflow_provider_sentori.core.rows.sources import open_source
from stored import Names, Stored

CASES = Path(__file__).parent / "cases"
ACCOUNT = Names("EmailAddress", "FirstName", "LastName", "CompanyName", "PhoneNumber", "PostalCode")
ANN = {"EmailAddress": "ann@example.com", "FirstName": "Ann"}
BOB = {"EmailAddress": "bob@example.com", "FirstName": "Bob"}
ZOE = {"EmailAddress": "ann@example.com", "FirstName": "Zoë"}


def opened(data: bytes | str, name: str = "people.csv", **options: Any) -> Rows:
    return open_source(Stored(name, data), **{"schema": ACCOUNT, **options})


def fields(data: bytes | str, name: str = "people.csv", **options: Any) -> list[Any]:
    """The fields of each row, or its error."""
    return [row.fields if row.error is None else str(row.error) for row in opened(data, name, **options)]


def refusal(data: bytes | str, name: str = "people.csv", **options: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        list(opened(data, name, **options))
    return str(refused.value)


READ = {
    "array.json": [ANN, BOB],
    "gzip-without-the-name.csv": [ANN],
    "header-with-blanks.csv": [ANN],
    "padded-cells.csv": [ANN],
    "rows-of-commas.csv": [ANN],
    "semicolons.csv": [ANN],
    "separator-line.csv": [ANN],
    "trailing-empty-columns.csv": [ANN, BOB],
    "utf-16.csv": [ZOE],
}


@pytest.mark.parametrize("name", READ)
def test_a_file_that_a_spreadsheet_or_a_program_has_written_is_read(name: str) -> None:
    assert [row.fields for row in open_source(CASES / name, schema=ACCOUNT)] == READ[name]


@pytest.mark.parametrize(("name", "line"), [("one-short-row.csv", 3), ("unquoted-comma.csv", 2)])
def test_a_row_that_does_not_fit_the_header_is_refused_alone(name: str, line: int) -> None:
    rows = list(open_source(CASES / name, schema=ACCOUNT))
    assert [row.place for row in rows if row.error] == [f"line {line}"]
    assert len([row for row in rows if row.fields]) == len(rows) - 1


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("given", [None, "cp1252"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str, given: str | None) -> None:
    data = MARKS.get(encoding, b"") + "EmailAddress,FirstName\r\nann@example.com,Zoë\r\n".encode(encoding)
    options = {"encoding": given} if given and encoding != "utf-8" else {}
    assert fields(data, **options) == [ZOE]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_named_and_read_when_it_is_given(encoding: str) -> None:
    data = "EmailAddress,FirstName\r\nann@example.com,Zoë\r\n".encode(encoding)
    assert refusal(data).endswith(f"Set encoding: {encoding}.")
    assert fields(data, encoding=encoding) == [ZOE]


LIKE_WINDOWS = ["Zoë", "Müller & Söhne", "Renée", "Ann\u2019s", "10 €", "Straße", "Ørsted"]


@pytest.mark.parametrize("value", LIKE_WINDOWS)
def test_windows_1252_is_named_as_the_encoding(value: str) -> None:
    data = f"EmailAddress,FirstName\nann@example.com,{value}\n".encode("cp1252")
    assert "line 2 is not utf-8. It looks like Windows-1252: set encoding: cp1252." in refusal(data)
    assert fields(data, encoding="cp1252") == [{**ANN, "FirstName": value}]


@pytest.mark.parametrize(("value", "encoding"), [("Иван", "cp1251"), ("名前", "shift_jis"), ("שלום", "cp1255")])
def test_another_encoding_is_not_taken_for_windows_1252(value: str, encoding: str) -> None:
    data = f"EmailAddress,FirstName\nann@example.com,{value}\n".encode(encoding)
    assert "If the file has another encoding, give that as encoding." in refusal(data)


def test_the_case_of_windows_1252_names_it() -> None:
    with pytest.raises(BrokenSource, match="set encoding: cp1252"):
        list(open_source(CASES / "cp1252.csv", schema=ACCOUNT))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line", ["", "sep={}\r\n", '"sep={}"\n', "SEP={}\n"])
def test_the_delimiter_is_found(delimiter: str, line: str) -> None:
    rows = ["FirstName", "mail"], ["Ann", "ann@example.com"]
    data = line.format(delimiter) + "".join(delimiter.join(row) + "\r\n" for row in rows)
    found = opened(data, columns={"mail": "EmailAddress"})
    (row,) = found
    assert row == Row(f"line {2 + bool(line)}", ANN, rows[1]) and found.layout.delimiter == delimiter


def test_a_given_delimiter_counts_more_than_a_line_of_the_file() -> None:
    assert fields("sep=,\nEmailAddress;FirstName\nann@example.com;Ann\n", delimiter=";") == [ANN]


def test_the_delimiter_is_found_by_a_header_with_quoted_names_in_several_lines() -> None:
    data = '"First;\nname";"EmailAddress"\n"Ann";"ann@example.com"\n'
    (row,) = opened(data, columns={"First;\nname": "FirstName"})
    assert row.fields == ANN and row.place == "line 3"


def workbook(first: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(first, "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


KINDS = {
    "an Excel workbook": (CASES / "workbook.csv").read_bytes(),
    "an Excel workbook.": workbook("[Content_Types].xml"),
    "an Excel workbook (.xls).": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "an OpenDocument spreadsheet.": workbook("mimetype"),
    "a ZIP archive.": workbook("people.csv"),
    "an Excel workbook (XML).": b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns='
    b'"urn:schemas-microsoft-com:office:spreadsheet">',
    "an XML document.": b"<?xml version='1.0'?><people/>",
    "a PDF document.": b"%PDF-1.7\n%\xe2\xe3",
    "an HTML page.": b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html><body>Please log in</body></html>",
    "an HTML page. If": b"<table><tr><td>EmailAddress</td></tr></table>",
    "an RTF document.": b"{\\rtf1\\ansi ann@example.com}",
    "a Parquet file.": b"PAR1\x15\x04",
    "an SQLite database.": b"SQLite format 3\0",
    "a Zstandard archive.": b"\x28\xb5\x2f\xfd\x00",
    "compressed twice.": gzip.compress(gzip.compress(b"EmailAddress\n")),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["people.csv", "people.json", "people.txt", "people.dat"])
def test_a_file_of_another_kind_is_named_with_what_to_do(kind: str, name: str) -> None:
    source_format = "csv" if name == "people.dat" else None
    for data in (KINDS[kind], gzip.compress(KINDS[kind]) if "twice" not in kind else KINDS[kind]):
        assert refusal(data, name, source_format=source_format).startswith(f"src: this is {kind}")


@pytest.mark.parametrize("name", ["people.csv", "people.csv.gz"])
def test_compression_is_told_by_the_first_bytes_and_not_by_the_name(name: str) -> None:
    data = b"EmailAddress,FirstName\nann@example.com,Ann\n"
    assert fields(data, name) == fields(gzip.compress(data), name) == [ANN]


EMPTY_COLUMNS = [
    "EmailAddress,FirstName,,\nann@example.com,Ann,,\n",
    "EmailAddress,FirstName,,\nann@example.com,Ann\n",
    "EmailAddress,FirstName\nann@example.com,Ann,,,\n",
    ",EmailAddress,,FirstName\n,ann@example.com,,Ann\n",
    " ,EmailAddress,\xa0,FirstName\n ,ann@example.com, ,Ann\n",
    'EmailAddress,FirstName,""\n"ann@example.com","Ann",""\n',
]


@pytest.mark.parametrize("data", EMPTY_COLUMNS)
def test_columns_without_a_name_and_without_a_value_are_left_out(data: str) -> None:
    found = opened(data)
    assert [row.fields for row in found] == [ANN]
    assert found.use.mapped == {name: name for name in ANN} and found.use.ignored == []


def test_a_value_in_a_column_without_a_name_refuses_the_row_unless_columns_may_be_ignored() -> None:
    data = "EmailAddress,FirstName,\nann@example.com,Ann,x\nbob@example.com,Bob,\n"
    refused, bob = fields(data)
    assert refused == "line 2: this row has a value in column 3, which has no name. Name it in the header."
    assert bob == BOB and fields(data, ignore_unmapped=True) == [ANN, BOB]


@pytest.mark.parametrize("row", [",", ",,,", " , ", '"",""', "\u200b,\xa0", '"\n",'])
def test_a_row_of_empty_cells_is_no_row(row: str) -> None:
    assert fields(f"EmailAddress,FirstName\n{row}\nann@example.com,Ann\n{row}") == [ANN]


EDGES = [" ", "  ", "\t", "\xa0", "\u200b", "\ufeff", "\u2060", "\u202a", "\r\n", "\x0b", "\u3000 "]


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_names_and_cells_are_stripped_of_blanks_and_invisible_characters(edge: str, delimiter: str) -> None:
    rows = ["EmailAddress", "FirstName"], ["ann@example.com", "Ann"]
    for before, after in ((edge, ""), ("", edge)):
        data = "".join(delimiter.join(f'"{before}{cell}{after}"' for cell in row) + "\n" for row in rows)
        assert fields(data) == [ANN]
        cells = [row.given for row in opened(data)]
        assert cells == [[f"{before}{cell}{after}" for cell in rows[1]]]


def test_strip_false_keeps_cells_as_they_are() -> None:
    data = 'EmailAddress,FirstName,CompanyName\nann@example.com, Ann ,"=""0012"""\n'
    assert fields(data, strip=False) == [{**ANN, "FirstName": " Ann ", "CompanyName": '="0012"'}]
    assert fields(data) == [{**ANN, "CompanyName": "0012"}]


def test_a_header_below_a_title_is_named() -> None:
    data = "Our customers\n\nEmailAddress;FirstName\nann@example.com;Ann\n"
    assert refusal(data).endswith("Line 3 looks like the header: remove the lines above it.")


ERRORS = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#BEZUG!", "########"]


@pytest.mark.parametrize("value", ERRORS)
def test_an_error_of_a_spreadsheet_refuses_its_row_alone(value: str) -> None:
    data = f"EmailAddress,FirstName,Note\nann@example.com,Ann,{value}\ncid@example.com,{value},\nbob@example.com,Bob,\n"
    sentence = f"line 3.FirstName: {value} is what a spreadsheet writes where it has no value. Correct the cell."
    assert fields(data, ignore_unmapped=True) == [ANN, sentence, BOB]
    assert fields(data.replace(value, "We are #1"), ignore_unmapped=True)[1]["FirstName"] == "We are #1"


def warnings(data: str) -> list[str]:
    found = opened(data, ignore_unmapped=True)
    assert all(row.error is None for row in found)
    return found.use.warnings


@pytest.mark.parametrize(("value", "warns"), [("4.47912E+11", True), ("4,47912E+11", True), ("E+11 GmbH", False)])
def test_a_column_with_scientific_notation_is_a_warning_once(value: str, warns: bool) -> None:
    rows = "".join(f'p{number}@example.com,"{value}"\n' for number in range(5000))
    found = warnings(f"EmailAddress,PhoneNumber\n{rows}")
    sentence = "Column PhoneNumber: the value in line 2 is in scientific notation, which has cut digits."
    assert found == ([f"{sentence} Export the column as text."] if warns else [])


@pytest.mark.parametrize(("value", "warns"), [("ZoÃ«", True), ("Zo\ufffd", True), ("SÃO PAULO", False)])
def test_damaged_letters_are_a_warning(value: str, warns: bool) -> None:
    assert [one[:17] for one in warnings(f"EmailAddress,FirstName\na@b.de,{value}\n")] == ["Column FirstName:"] * warns


@pytest.mark.parametrize(
    ("codes", "warns"), [(["89077", "1067"], True), (["89077", "01067"], False), (["1067", "1068"], False)]
)
def test_postcodes_that_have_lost_a_zero_are_a_warning(codes: list[str], warns: bool) -> None:
    rows = "".join(f"p{at}@example.com,{code}\n" for at, code in enumerate([codes[0], *codes]))
    assert bool(warnings(f"EmailAddress,PostalCode\n{rows}")) is warns


def test_a_misspelt_column_that_is_ignored_is_a_warning_and_each_column_has_a_fate() -> None:
    found = open_source(CASES / "misspelt-column.csv", ignore_unmapped=True, schema=ACCOUNT)
    assert [row.fields for row in found] == [{"EmailAddress": "ann@example.com"}]
    assert found.use.mapped == {"EmailAddress": "EmailAddress"}
    assert found.use.ignored == ["Firstname", "Last Name", "Notes"]
    assert found.use.warnings == [
        "Column Firstname is ignored. Did you mean the field FirstName? Map it: columns: {Firstname: FirstName}.",
        "Column Last Name is ignored. Did you mean the field LastName? Map it: columns: {Last Name: LastName}.",
    ]


def test_only_addresses_are_read_where_only_addresses_are_used() -> None:
    data = "mail,FirstName,Shoe\nann@example.com,#N/A,42\n"
    found = opened(data, columns={"mail": "EmailAddress"}, addresses_only=True, schema=None)
    assert [row.fields for row in found] == [{"EmailAddress": "ann@example.com"}]
    assert found.use.mapped == {"mail": "EmailAddress"} and found.use.ignored == ["FirstName", "Shoe"]
    assert found.use.warnings == []


TEXTS = ["ann@example.com\n", "Email\nann@example.com\n", "\ufeffE-Mail-Adresse\r\n\u200bann@example.com \r\n"]


@pytest.mark.parametrize("data", TEXTS)
def test_a_text_file_may_begin_with_the_name_of_its_column(data: str) -> None:
    assert fields(data, "people.txt") == [{"EmailAddress": "ann@example.com"}]


def test_a_table_with_the_name_of_a_text_file_is_named() -> None:
    data = "Email\tFirstName\r\nann@example.com\tAnn\r\n".encode("utf-16")
    assert (
        refusal(data, "people.txt") == "src: the first line has the names of several columns. Set source_format: csv."
    )
    assert fields(data, "people.txt", source_format="csv", columns={"Email": "EmailAddress"}) == [ANN]
    assert fields(data, "people.tsv", columns={"Email": "EmailAddress"}) == [ANN]


PEOPLE = [ANN, BOB, {**ANN, "LastName": 'a "quoted" \\ [{,}] name\u2028'}]


@pytest.mark.parametrize("name", ["people.json", "people.jsonl", "people.ndjson"])
@pytest.mark.parametrize("step", [1, 7, 64 * 1024])
def test_an_array_and_lines_of_json_are_told_apart_by_their_first_character(name: str, step: int) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in PEOPLE)
    arrays = [json.dumps(PEOPLE), "\n " + json.dumps(PEOPLE, indent=1) + "\n", json.dumps(PEOPLE, ensure_ascii=False)]
    for data in (lines, *arrays):
        rows = list(open_source(Stored(name, data, step), schema=ACCOUNT))
        assert [row.fields for row in rows] == PEOPLE
    assert [row.place for row in rows] == ["object 1", "object 2", "object 3"]
    assert fields("[]", name) == fields(" [ ] ", name) == []


ELEMENTS = {
    "null": "it is of another type",
    "123456789": "it is of another type",
    '["ann@example.com"]': "it is of another type",
    '{"EmailAddress": "x", "EmailAddress": "y"}': "a key appears twice",
    '{"EmailAddress": "x", "FirstName": NaN}': "NaN is not JSON",
    '{"FirstName": "Ann"}': "no column holds EmailAddress",
}


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("step", [1, 64 * 1024])
def test_an_element_that_is_no_row_is_refused_alone(element: str, step: int) -> None:
    data = f"[{json.dumps(ANN)},\n{element},\n{json.dumps(BOB)}]"
    ann, refused, bob = open_source(Stored("people.json", data, step), schema=ACCOUNT)
    assert (ann.fields, bob.fields, bob.place) == (ANN, BOB, "object 3")
    assert str(refused.error).startswith("object 2: ") and ELEMENTS[element] in str(refused.error)


ONE = json.dumps(ANN)
BROKEN_ARRAYS = {
    "cut in an object": (f"[{ONE},\n{ONE[:20]}", 1, "line 2: the array ends too early"),
    "cut after an object": (f"[{ONE},\n{ONE}\n", 2, "line 3: the array ends too early"),
    "cut at the start": ("[", 0, "line 1: the array ends too early"),
    "no comma": (f"[{ONE}\n  {ONE}]", 1, "line 2, character 3: .* A comma, or ] at the end of the array, is needed"),
    "a comma at the end": (f"[{ONE},\n]", 1, "line 2, character 1: .* Object 2 is not JSON"),
    "an error inside": (f"[{ONE},\n" + '{"EmailAddress": ann}' + " " * 50 + "]", 1, "line 2, character 18: .*Object 2"),
    "more": (f"[{ONE}]\n{ONE}", 1, "line 2, character 1: .* Nothing may follow the array"),
    "a NUL": (f"[{ONE},\n\0]", 1, "line 2 contains a NUL character"),
    "too long": (f"[{ONE},\n" + '{"EmailAddress": "' + "a" * 1_200_000, 1, "line 2, .* Object 2 is longer than"),
}


@pytest.mark.parametrize("name", BROKEN_ARRAYS)
@pytest.mark.parametrize("step", [5000, 64 * 1024])
def test_a_broken_array_is_refused_with_its_line_after_the_rows_before_it(name: str, step: int) -> None:
    data, whole, sentence = BROKEN_ARRAYS[name]
    found: list[Row] = []
    with pytest.raises(BrokenSource, match=f"^src: {sentence}"):
        found.extend(open_source(Stored("people.json", data, step), schema=ACCOUNT))
    assert [row.fields for row in found] == [ANN] * whole


def test_an_object_over_several_lines_is_named() -> None:
    data = json.dumps({"contacts": PEOPLE}, indent=1)
    assert refusal(data, "people.json").startswith("src: line 1: this is not a JSON object")
