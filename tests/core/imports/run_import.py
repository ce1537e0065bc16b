# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run an import: rows in, outcomes in the order of the rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.imports.run import import_rows
from airflow_provider_sentori.core.rows.row import Row
from airflow_provider_sentori.core.runs.outcome import Outcome
from airflow_provider_sentori.core.runs.result import RunResult
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


def run(api: SentoriApi, rows: Iterable[dict[str, Any]], *, dry_run: bool = False, **options: Any) -> Ran:
    outcomes: list[Outcome] = []
    placed = (Row(f"row {number}", fields) for number, fields in enumerate(rows, 1))
    wanted = ImportOptions(name="Test", **options)
    result = import_rows(api, lambda schema: placed, wanted, sink=outcomes.append, dry_run=dry_run)
    return Ran(result, outcomes)


def imports(sandbox: Sandbox) -> list[Any]:
    return [entry.body["Contacts"] for entry in sandbox.writes()]


def people(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"EmailAddress": f"p{number}@example.com", **fields} for number in range(count)]
