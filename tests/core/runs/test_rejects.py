# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The rejects of a source are a source with the same rows."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.rows.row import Row, Rows
from airflow_provider_sentori.core.rows.sources import given_addresses, given_rows, open_source, table_rows
from airflow_provider_sentori.core.runs.files import open_private
from airflow_provider_sentori.core.runs.outcome import OF_CONTACTS, Outcome
from airflow_provider_sentori.core.runs.rejects import Rejects
from airflow_provider_sentori.core.runs.report import Report
from airflow_provider_sentori.core.runs.result import Part, RunResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
tables = st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=5)


def rejected(rows: Rows, path: Path) -> list[Row]:
    """The rows, all written to rejects at ``path``."""
    with path.open("wb") as file:
        rejects = Rejects(file, str(path))
        rejects.begin(rows.layout)
        found = list(rows)
        outcomes = [Outcome(row.email, "rejected", row.place, 'Because, "it";\nis so.') for row in found]
        rejects.add(Part(outcomes, found))
        rejects.close()
    assert rejects.failure is None
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables, delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_rejects_of_csv_have_the_same_rows_even_those_of_another_width(
    tmp_path: Path, table: list[list[str]], delimiter: str, encoding: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["EmailAddress", "Note"])
    writer.writerows(table)
    (tmp_path / "people.csv").write_bytes(text.getvalue().encode(encoding))
    options: dict[str, Any] = {"delimiter": delimiter, "encoding": encoding}
    first = rejected(open_source(tmp_path / "people.csv", **options), tmp_path / "rejects.csv")
    again = list(open_source(tmp_path / "rejects.csv", **options))
    assert [(row.fields, row.error is None) for row in again] == [(row.fields, row.error is None) for row in first]
    rejected(open_source(tmp_path / "rejects.csv", **options), tmp_path / "twice.csv")
    assert [row.fields for row in open_source(tmp_path / "twice.csv", **options)] == [row.fields for row in first]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.dictionaries(st.sampled_from(["Note", "Points", "Shoe"]), cells | st.integers()), max_size=4))
def test_rejects_of_mappings_have_the_same_rows(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    given = [{"EmailAddress": "ann@example.com", **row} for row in rows]
    rejected(given_rows(given), tmp_path / "rejects.jsonl")
    assert [row.fields for row in open_source(tmp_path / "rejects.jsonl")] == given


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rejects_of_an_array_are_an_array_of_the_same_rows(tmp_path: Path, count: int) -> None:
    given = [{"EmailAddress": f"p{number}@example.com", "Note": "\n"} for number in range(count)]
    (tmp_path / "people.json").write_text(json.dumps(given))
    rejected(open_source(tmp_path / "people.json"), tmp_path / "rejects.json.gz")
    with gzip.open(tmp_path / "rejects.json.gz", "rt") as file:
        assert [row["EmailAddress"] for row in json.load(file)] == [row["EmailAddress"] for row in given]
    assert [row.fields for row in open_source(tmp_path / "rejects.json.gz")] == given


def test_rejects_of_stripped_cells_are_as_they_are_in_the_source(tmp_path: Path) -> None:
    text = "EmailAddress ;Note;\r\n ann@example.com ;\u200bx;\r\n"
    (tmp_path / "people.csv").write_bytes(text.encode("utf-16"))
    first = rejected(open_source(tmp_path / "people.csv"), tmp_path / "rejects.csv")
    with (tmp_path / "rejects.csv").open(encoding="utf-16", newline="") as file:
        header, row = csv.reader(file, delimiter=";")
    assert header == ["_reason", "EmailAddress ", "Note", ""] and row[1:] == [" ann@example.com ", "\u200bx", ""]
    assert [row.fields for row in open_source(tmp_path / "rejects.csv")] == [row.fields for row in first]


def test_rejects_of_addresses_a_query_and_broken_lines(tmp_path: Path) -> None:
    emails = ["ann@example.com", "no one", ""]
    rejected(given_addresses(emails), tmp_path / "rejects.txt")
    assert [row.email for row in open_source(tmp_path / "rejects.txt")] == ["ann@example.com", "no one"]
    rejected(given_addresses(emails), tmp_path / "rejects.jsonl")
    assert [row.email for row in open_source(tmp_path / "rejects.jsonl")] == emails

    table = table_rows(["EmailAddress", "Note"], [["ann@example.com", None]], "sql")
    rejected(table, tmp_path / "query.csv.gz")
    lines = gzip.decompress((tmp_path / "query.csv.gz").read_bytes()).decode().splitlines()
    assert lines[0] == "_reason,EmailAddress,Note" and lines[-1].endswith(",ann@example.com,")

    (tmp_path / "people.jsonl").write_text('{"EmailAddress": "ann@example.com"}\n{"EmailAddress": \n')
    rejected(open_source(tmp_path / "people.jsonl"), tmp_path / "lines.jsonl")
    broken = json.loads((tmp_path / "lines.jsonl").read_text().splitlines()[1])
    assert broken["_line"] == '{"EmailAddress":'
    assert [row.error is None for row in open_source(tmp_path / "lines.jsonl")] == [True, False]


def test_half_a_character_ends_neither_the_rejects_nor_the_report(tmp_path: Path) -> None:
    rows = [{"EmailAddress": "\ud800x@@example.com"}, {"EmailAddress": "no one"}]
    rejected(given_rows(rows), tmp_path / "rejects.jsonl")
    assert len((tmp_path / "rejects.jsonl").read_text().splitlines()) == 2
    rejected(given_addresses([row["EmailAddress"] for row in rows]), tmp_path / "rejects.txt")
    assert "no one" in (tmp_path / "rejects.txt").read_text()
    report = Report(open_private(str(tmp_path / "report.jsonl")), addresses=True)
    for row in rows:
        report.add(Outcome(row["EmailAddress"], "invalid", "contacts[0]", "No."))
    report.close(RunResult(OF_CONTACTS), None)
    assert report.failure is None and len((tmp_path / "report.jsonl").read_text().splitlines()) == 3


def test_a_name_that_promises_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("EmailAddress\n")
    with pytest.raises(InvalidInput, match=r"^rejects: .*a.jsonl has the format of the source, csv"):
        rejected(open_source(tmp_path / "people.csv"), tmp_path / "a.jsonl")
    with pytest.raises(InvalidInput, match=r"^rejects: these rows have no common columns"):
        rejected(given_rows([{"EmailAddress": "ann@example.com"}]), tmp_path / "a.csv")


def test_rejects_that_cannot_be_written_are_a_warning_and_unnamed_rows_are_counted() -> None:
    rejects = Rejects(open("/dev/full", "wb", buffering=0), "rejects.txt")  # noqa: SIM115
    rows = list(given_addresses(["ann@example.com"]))
    rejects.begin(given_addresses([]).layout)
    rejects.add(Part([Outcome("ann@example.com", "rejected", rows[0].place, "No.")], rows))
    rejects.close()
    assert rejects.failure is not None and rejects.failure.startswith("The rejects are not complete: ")

    rejects = Rejects(io.BytesIO(), "rejects.txt")
    rejects.begin(given_addresses([]).layout)
    unnamed = [Outcome("", "rejected", "one of emails[0] to emails[1]", "No.")] * 2
    rejects.add(Part([*unnamed, Outcome("", "invalid", "emails[0]", "No.")], rows))
    rejects.close()
    assert rejects.failure == "2 refused rows are not in rejects: Sentori does not say which ones they are."
