# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Files as people have them, imported: no row stops another one, and nobody is imported under a wrong address."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.rows.row import Rows
from airflow_provider_sentori.core.rows.sources import open_source, table_rows
from airflow_provider_sentori.core.runs.outcome import Outcome
from airflow_provider_sentori.core.runs.result import RunResult
from run_import import import_from
from run_many import into
from sentori_sandbox import Sandbox

CASES = Path(__file__).parents[1] / "rows" / "cases"
# The first names of the people who are imported from each case, and the lines that are refused.
IMPORTED: dict[str, tuple[dict[str, str], list[str]]] = {
    "address-decorations.csv": ({}, ["line 2", "line 3", "line 4"]),
    "array.json": ({"ann": "Ann", "bob": "Bob"}, []),
    "crlf-in-cell.csv": ({"ann": ""}, []),
    "gzip-without-the-name.csv": ({"ann": "Ann"}, []),
    "header-with-blanks.csv": ({"ann": "Ann"}, []),
    "misspelt-column.csv": ({"ann": ""}, []),
    "one-short-row.csv": ({"ann": "Ann", "cid": "Cid"}, ["line 3"]),
    "padded-cells.csv": ({"ann": "Ann"}, []),
    "rows-of-commas.csv": ({"ann": "Ann"}, []),
    "scientific-phone.csv": ({"ann": ""}, []),
    "semicolons.csv": ({"ann": "Ann"}, []),
    "separator-line.csv": ({"ann": "Ann"}, []),
    "trailing-empty-columns.csv": ({"ann": "Ann", "bob": "Bob"}, []),
    "unquoted-comma.csv": ({"cid": "Cid"}, ["line 2"]),
    "utf-16.csv": ({"ann": "Zoë"}, []),
    "zero-width-space.csv": ({"ann": "Ann"}, ["line 3"]),
}
REFUSED = {"cp1252.csv": "set encoding: cp1252", "workbook.csv": "this is an Excel workbook. Save it as CSV"}


def imported(api: SentoriApi, name: str, **options: Any) -> tuple[RunResult, list[Outcome]]:
    outcomes: list[Outcome] = []

    def opened(schema: Any) -> Rows:
        return open_source(CASES / name, schema=schema, ignore_unmapped=True)

    return import_from(api, opened, ImportOptions(**options), sink=into(outcomes)), outcomes


@pytest.mark.parametrize("name", IMPORTED)
def test_a_case_imports_its_good_rows_and_the_second_run_sends_nothing(
    api: SentoriApi, sentori_sandbox: Sandbox, name: str
) -> None:
    result, outcomes = imported(api, name)
    names, refused = IMPORTED[name]
    contacts = {one["EmailAddress"]: one["FirstName"] or "" for one in sentori_sandbox.contacts()}
    assert contacts == {f"{who}@example.com": first for who, first in names.items()}
    assert [one.place for one in outcomes if one.action == "invalid"] == refused
    assert "EmailAddress" in result.columns.mapped

    sent = len(sentori_sandbox.writes())
    again, _ = imported(api, name)
    assert len(sentori_sandbox.writes()) == sent and not again.changed


@pytest.mark.parametrize("name", REFUSED)
def test_a_case_that_cannot_be_read_says_what_to_do(api: SentoriApi, sentori_sandbox: Sandbox, name: str) -> None:
    with pytest.raises(InvalidInput, match=REFUSED[name]):
        imported(api, name)
    assert sentori_sandbox.writes() == []


def test_every_case_is_tested() -> None:
    assert {path.name for path in CASES.iterdir()} == {*IMPORTED, *REFUSED}


def test_each_decorated_address_has_its_own_reason(api: SentoriApi) -> None:
    _, outcomes = imported(api, "address-decorations.csv")
    reasons = [one.reason.partition(": ")[2] for one in outcomes]
    assert [reason[:20] for reason in reasons] == [
        "this begins with mai",
        "this has a name besi",
        "these are several ad",
    ]
    _, outcomes = imported(api, "zero-width-space.csv")
    assert "U+200B (ZERO WIDTH SPACE)" in outcomes[1].reason


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("misspelt-column.csv", "Did you mean the field FirstName?"), ("scientific-phone.csv", "Column PhoneNumber: ")],
)
def test_what_is_known_of_a_column_is_a_warning_of_the_result(api: SentoriApi, name: str, sentence: str) -> None:
    result, _ = imported(api, name)
    assert sentence in result.warnings[0]


@pytest.mark.parametrize("compare", [True, False])
def test_line_ends_in_a_cell_are_sent_in_xml_as_they_are(
    api: SentoriApi, sentori_sandbox: Sandbox, compare: bool
) -> None:
    result, _ = imported(api, "crlf-in-cell.csv", api_version="v1", compare=compare)
    assert result.counts["created"] == 1
    assert sentori_sandbox.contacts()[0]["CompanyName"] == "Example Ltd\r\nLondon"
    again, _ = imported(api, "crlf-in-cell.csv", api_version="v1")
    assert again.counts["unchanged"] == 1 and len(sentori_sandbox.writes()) == 1


# A value of a database -> the text that is imported, or the reason why its row is invalid; docs/files.md has the table.
VALUES: list[tuple[Any, Any]] = [
    ("Ann", "Ann"),
    (Decimal("12.50"), "12.50"),
    (Decimal("1E+3"), "1000"),
    (12, "12"),
    (12.5, "12.5"),
    (datetime.date(2024, 2, 29), "2024-02-29"),
    (datetime.datetime(2024, 2, 29, 8, 30, tzinfo=datetime.UTC), "2024-02-29T08:30:00+00:00"),
    (datetime.time(8, 30), "08:30:00"),
    (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (True, InvalidInput),
    (float("nan"), InvalidInput),
    (float("-inf"), InvalidInput),
    (Decimal("NaN"), InvalidInput),
    (Decimal("Infinity"), InvalidInput),
    (b"Ann", InvalidInput),
    (memoryview(b"Ann"), InvalidInput),
    (["Ann", "Bob"], InvalidInput),
    ({"name": "Ann"}, InvalidInput),
    ({"Ann"}, InvalidInput),
    (datetime.timedelta(hours=1), InvalidInput),
    ("\ud83d", InvalidInput),
    (object(), InvalidInput),
]


@pytest.mark.parametrize("with_memory", [False, True])
def test_each_value_of_a_query_is_a_field_or_makes_its_row_invalid(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, with_memory: bool
) -> None:
    records = [(f"p{at}@example.com", value) for at, (value, _) in enumerate(VALUES)]
    records += [(value, "Ann") for value, _ in VALUES[1:]]
    outcomes: list[Outcome] = []
    options = ImportOptions(memory=StateFile(str(tmp_path / "state")) if with_memory else None)
    import_from(
        api, lambda schema: table_rows(["EmailAddress", "CompanyName"], records, "sql", schema=schema), options,
        sink=into(outcomes),
    )  # fmt: skip
    stored = {one["EmailAddress"]: one["CompanyName"] for one in sentori_sandbox.contacts()}
    assert stored == {f"p{at}@example.com": text for at, (_, text) in enumerate(VALUES) if text is not InvalidInput}
    refused = [one for one in outcomes if one.action == "invalid"]
    assert len(refused) + len(stored) == len(outcomes) == len(records)
    assert all(one.place in one.reason for one in refused)


def test_rows_before_a_query_breaks_off_are_imported(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    def records() -> Any:
        yield from (("ann@example.com",), ("bob@example.com",))
        raise InvalidInput("the result broke off.", option="sql")

    rows = table_rows(["EmailAddress"], records(), "sql")
    found = []
    with pytest.raises(InvalidInput, match="broke off"):
        found.extend(rows)
    assert [row.email for row in found] == ["ann@example.com", "bob@example.com"]
