# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An import as the tests of it run one: rows in, outcomes in their order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from airflow_provider_sentori.core.api import SentoriApi
from airflow_provider_sentori.core.import_plan import RowOutcome
from airflow_provider_sentori.core.imports import Import, ImportResult, Options
from sentori_sandbox import Sandbox

STRUCTURE = {"IsMember": False, "LoyaltyPoints": 0}


class Row(NamedTuple):
    place: str
    fields: dict[str, Any]


class Ran(NamedTuple):
    result: ImportResult
    outcomes: list[RowOutcome]

    @property
    def actions(self) -> list[str]:
        """In the order of the rows."""
        by_place = {outcome.place: outcome.action for outcome in self.outcomes}
        return [by_place[place] for place in sorted(by_place, key=lambda place: int(place.split()[1]))]


def run(api: SentoriApi, rows: Iterable[dict[str, Any]], *, dry_run: bool = False, **options: Any) -> Ran:
    outcomes: list[RowOutcome] = []
    placed = (Row(f"row {number}", fields) for number, fields in enumerate(rows, 1))
    engine = Import(api, lambda sent: api.import_contacts(sent, "Test"), api.contact_structure, Options(**options))
    result = engine.run(placed, outcomes.append, dry_run=dry_run)
    return Ran(result, outcomes)


def imports(sandbox: Sandbox) -> list[Any]:
    return [entry.body["Contacts"] for entry in sandbox.writes()]


def people(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"EmailAddress": f"p{number}@example.com", **fields} for number in range(count)]
