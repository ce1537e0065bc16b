# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What an import costs: requests, and statements of SQL, which are exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.memory.storage import Execute, Storage
from airflow_provider_sentori.core.rows.sources import open_source
from airflow_provider_sentori.core.runs.result import RunResult
from run_import import import_from
from sentori_sandbox import Sandbox

CHUNK = 10
ROWS = 35


class Counting(Storage):
    """A storage of SQLite that counts what is executed."""

    def __init__(self, inner: Any, statements: Counter[str]) -> None:
        self._inner = inner
        self._statements = statements
        self.now, self.memory, self.table, self.accounts = inner.now, inner.memory, inner.table, inner.accounts

    @contextmanager
    def _counted(self, execution: Any) -> Iterator[Execute]:
        with execution as inner:

            def execute(statement: str, parameters: Mapping[str, object] | None = None) -> Sequence[Sequence[Any]]:
                verb = statement.split()[0]
                if f" {self.table} " in f"{statement} ":
                    self._statements[verb] += 1
                found: Sequence[Sequence[Any]] = inner(statement, parameters)
                return found

            yield execute

    def reading(self) -> Any:
        return self._counted(self._inner.reading())

    def writing(self) -> Any:
        return self._counted(self._inner.writing())

    def unusable(self, reason: str) -> Any:
        return self._inner.unusable(reason)

    def close(self) -> None:
        self._inner.close()


class CountingPlace:
    option = "state_file"

    def __init__(self, path: Path) -> None:
        self._place = StateFile(str(path))
        self.statements: Counter[str] = Counter()

    def open(self, *, dry_run: bool) -> Storage | None:
        found = self._place.open(dry_run=dry_run)
        return None if found is None else Counting(found, self.statements)


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


def routes(sandbox: Sandbox) -> Counter[str]:
    found = Counter(entry.route for entry in sandbox.requests())
    sandbox.clear_requests()
    return found


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
