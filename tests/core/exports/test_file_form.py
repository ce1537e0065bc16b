# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A snapshot as the bytes of a file."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.exports.file_form import FileForm, form_of
from airflow_provider_sentori.core.exports.snapshot import Snapshot
from hypothesis import given
from hypothesis import strategies as st

COLUMNS = ["SystemID", "EmailAddress", "Note"]
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {"SystemID": st.integers(1, 10**12), "EmailAddress": TEXT},
        optional={"Note": st.one_of(TEXT, st.booleans(), st.none(), st.integers(), FLOATS)},
    ),
    unique_by=lambda record: record["SystemID"],
    max_size=6,
)


def content(records: list[dict[str, Any]], form: FileForm, *, takes_more: bool = False) -> str:
    with Snapshot(COLUMNS, takes_more=takes_more) as snapshot:
        snapshot.add(records)
        return b"".join(form.parts(snapshot)).decode()


@given(RECORDS)
def test_json_lines_parse_back_to_the_records(records: list[dict[str, Any]]) -> None:
    lines = [json.loads(line) for line in content(records, FileForm("jsonl")).split("\n")[:-1]]
    expected = sorted(records, key=lambda record: record["SystemID"])
    assert lines == [{**dict.fromkeys(COLUMNS), **record} for record in expected]


@given(RECORDS)
def test_csv_parses_back_to_the_same_texts(records: list[dict[str, Any]]) -> None:
    rows = list(csv.DictReader(io.StringIO(content(records, FileForm("csv")), newline="")))
    expected = sorted(records, key=lambda record: record["SystemID"])
    assert [row["EmailAddress"] for row in rows] == [record["EmailAddress"] for record in expected]
    notes = [record.get("Note") for record in expected]
    shown = ["" if note is None else note if isinstance(note, str) else json.dumps(note) for note in notes]
    assert [row["Note"] for row in rows] == shown


@given(RECORDS, st.randoms())
def test_the_order_of_the_records_does_not_matter(records: list[dict[str, Any]], random: Any) -> None:
    shuffled = random.sample(records, len(records))
    for form in (FileForm("csv"), FileForm("jsonl")):
        assert content(records, form) == content(shuffled, form)


@given(RECORDS)
def test_no_cell_is_a_formula_if_the_file_is_for_spreadsheets(records: list[dict[str, Any]]) -> None:
    rows = csv.reader(io.StringIO(content(records, FileForm("csv", safe_for_spreadsheets=True)), newline=""))
    texts = {str(record.get("Note")) for record in records if not isinstance(record.get("Note"), str)}
    assert not any(cell[:1] in tuple("=+-@\t\r") for row in rows for cell in row if cell and cell not in texts)


def test_records_without_a_system_id_come_last_and_half_characters_are_escaped() -> None:
    records = [
        {"email": "B@example.com"},
        {"email": "a@example.com"},
        {"SystemID": 9, "EmailAddress": "z@example.com", "Note": "\ud800"},
        {"SystemID": 10**30, "EmailAddress": "y@example.com"},
    ]
    lines = content(records, FileForm("jsonl"), takes_more=True).splitlines()
    assert [json.loads(line).get("email") or json.loads(line)["SystemID"] for line in lines] == [
        9, "a@example.com", "B@example.com", 10**30
    ]  # fmt: skip
    assert json.loads(lines[0])["Note"] == "\ud800"


def test_only_csv_can_be_made_safe_for_spreadsheets() -> None:
    assert form_of("x.CSV.gz", safe_for_spreadsheets=True) == FileForm("csv", True, True)
    with pytest.raises(InvalidInput, match="safe_for_spreadsheets: can only be used with CSV"):
        form_of("x.jsonl", safe_for_spreadsheets=True)
