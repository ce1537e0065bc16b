# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""How many statements of SQL a memory and a table of an export cost in the user's database, which is exact."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from airflow_provider_sentori._internal.memory.state_table import StateTable
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.transfers.sentori_to_sql import SentoriToSqlOperator
from run_import import people, run
from sentori_sandbox import Sandbox
from sqlalchemy import event
from sqlalchemy.engine import Engine

CHUNK, ROWS = 10, 35
Table = Callable[..., StateTable]


@pytest.fixture
def executed() -> Iterator[Counter[str]]:
    """Every statement that SQLAlchemy executes."""
    found: Counter[str] = Counter()

    def count(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        found[statement] += 1

    event.listen(Engine, "before_cursor_execute", count)
    yield found
    event.remove(Engine, "before_cursor_execute", count)


def about(table: str, executed: Counter[str]) -> Counter[str]:
    """The statements that are about this table, by verb."""
    found: Counter[str] = Counter()
    for statement, times in executed.items():
        if f" {table} " in " ".join(statement.split()) + " ":
            found[statement.split()[0]] += times
    return found


def test_each_chunk_takes_one_statement_to_ask_one_to_forget_and_one_to_remember(
    api: SentoriApi, table: Table, executed: Counter[str]
) -> None:
    place = table()
    costs = []
    for name in ("Ann", "Ann", "Bea"):
        executed.clear()
        run(api, people(ROWS, FirstName=name), memory=place, chunk_size=CHUNK, compare=False)
        costs.append(about(place.table, executed))
    assert costs == [
        {"CREATE": 1, "SELECT": 4, "INSERT": 4},
        {"SELECT": 4},
        {"SELECT": 4, "DELETE": 4, "INSERT": 4},
    ]


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_an_export_asks_once_for_each_page_and_inserts_once(
    sentori: Sandbox, connections: None, executed: Counter[str], database: str
) -> None:
    emails = [person["EmailAddress"] for person in people(ROWS)]
    sentori.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    for email in emails:
        sentori.put_contact(email)
        sentori.subscribe(email, "NEWS")
    name = f"people_{uuid.uuid4().hex[:16]}"
    wanted = {"what": "subscribers", "mailing_list": "NEWS", "table": name, "sql_conn_id": database}
    costs = []
    for _ in range(2):
        executed.clear()
        SentoriToSqlOperator(task_id="export", **wanted).execute({})
        costs.append(about(name, executed))
    # The second run looks for rows to remove: two pages of keys, the last of which is empty, and rows without a key.
    assert costs == [{"CREATE": 1, "INSERT": 1}, {"SELECT": 4}]
