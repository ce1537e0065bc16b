# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run an import: rows in, outcomes in the order of the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.imports.run import import_rows
from airflow_provider_sentori.core.rows.row import Layout, Row, Rows
from airflow_provider_sentori.core.runs.outcome import OF_IMPORTS, Outcome
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.runs.report import Report
from airflow_provider_sentori.core.runs.result import Part, RunResult
from run_many import into, with_memory
from sentori_sandbox import Sandbox

STRUCTURE = {"IsMember": False, "LoyaltyPoints": 0}


class Ran(NamedTuple):
    result: RunResult
    outcomes: list[Outcome]

    @property
    def actions(self) -> list[str]:
        """In the order of the rows."""
        by_place = {outcome.place: outcome.action for outcome in self.outcomes}
        return [by_place[place] for place in sorted(by_place, key=lambda place: int(place.split()[1]))]


def import_from(
    api: SentoriApi,
    open_rows: Callable[[Any], Iterable[Row]],
    options: ImportOptions,
    *,
    sink: Callable[[Part], object] = lambda part: None,
    report: Report | None = None,
    **more: Any,
) -> RunResult:
    """Import the rows that ``open_rows`` returns, as a source of any kind."""

    def opened(schema: Any) -> Rows:
        rows = open_rows(schema)
        return (
            rows
            if isinstance(rows, Rows)
            else Rows((row for row in rows), lambda: None, Layout("jsonl"), count=lambda: 0)
        )

    return import_rows(api, opened, options, Recorder(OF_IMPORTS, sink=sink, report=report), **more)


def run(api: SentoriApi, rows: Iterable[dict[str, Any]], *, dry_run: bool = False, **options: Any) -> Ran:
    outcomes: list[Outcome] = []
    placed = (Row(f"row {number}", fields, fields) for number, fields in enumerate(rows, 1))
    wanted = ImportOptions(name="Test", **with_memory(options))
    return Ran(import_from(api, lambda schema: placed, wanted, sink=into(outcomes), dry_run=dry_run), outcomes)


def imports(sandbox: Sandbox) -> list[Any]:
    return [entry.body["Contacts"] for entry in sandbox.writes()]


def people(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"EmailAddress": f"p{number}@example.com", **fields} for number in range(count)]
