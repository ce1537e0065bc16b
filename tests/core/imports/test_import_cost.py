# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What an import costs: requests, and statements of SQL, which are exact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.rows.sources import open_source
from airflow_provider_sentori.core.runs.result import RunResult
from counting import CountingPlace, routes
from run_import import import_from
from sentori_sandbox import Sandbox

CHUNK = 10
ROWS = 35


def write(file: Path, first_name: str) -> None:
    lines = [f"p{number}@example.com,{first_name}" for number in range(ROWS)]
    file.write_text("\n".join(["EmailAddress,FirstName", *lines]))


@pytest.fixture
def place(tmp_path: Path) -> CountingPlace:
    return CountingPlace(tmp_path / "state")


def run(api: SentoriApi, file: Path, place: CountingPlace | None, **options: Any) -> RunResult:
    if place is not None:
        place.statements.clear()
    wanted = ImportOptions(chunk_size=CHUNK, memory=place, **options)
    return import_from(api, lambda schema: open_source(str(file), schema=schema), wanted)


@pytest.mark.parametrize("version", ["v2.0", "v1"])
def test_an_import_without_reads_sends_a_request_for_each_chunk(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, version: str
) -> None:
    write(tmp_path / "people.csv", "Ann")
    done = run(api, tmp_path / "people.csv", None, compare=False, api_version=version)
    assert done.summary["created"] == ROWS
    assert sorted(routes(sentori_sandbox).values()) == [1, 4]


def test_each_chunk_takes_one_statement_of_sql_to_ask_one_to_forget_and_one_to_remember(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, place: CountingPlace
) -> None:
    file = tmp_path / "people.csv"
    write(file, "Ann")
    assert run(api, file, place, compare=False).summary["created"] == ROWS
    assert place.statements == {"SELECT": 4, "INSERT": 4}
    assert sorted(routes(sentori_sandbox).values()) == [1, 4]
    assert run(api, file, place).summary["unchanged"] == ROWS
    assert place.statements == {"SELECT": 4} and not routes(sentori_sandbox)
    write(file, "Bea")
    assert run(api, file, place, compare=False).summary["updated"] == ROWS
    assert place.statements == {"SELECT": 4, "DELETE": 4, "INSERT": 4}
    assert sorted(routes(sentori_sandbox).values()) == [1, 4]
