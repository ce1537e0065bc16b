# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A query or a file that came empty or half: each operator sends nothing, and Airflow tries again."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException
from airflow_provider_sentori._internal.bulk.queries import count_rows
from airflow_provider_sentori.operators.sentori import (
    SentoriImportOperator,
    SentoriSubscribersOperator,
    SentoriSuppressionsOperator,
)
from airflow_provider_sentori.transfers.sql_to_sentori import (
    SqlToSentoriContactsOperator,
    SqlToSentoriImportOperator,
    SqlToSentoriSubscribersOperator,
    SqlToSentoriSuppressionsOperator,
)
from sentori_sandbox import Sandbox

QUERY: dict[str, Any] = {"sql": "SELECT EmailAddress FROM people;", "sql_conn_id": "crm"}
EXACT: dict[str, Any] = {"mailing_list": "NEWS", "exact": True, "max_unsubscribes": "100%", "create_missing": True}
OPERATORS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "import": (SentoriImportOperator, {"source": "people.csv"}),
    "subscribers": (SentoriSubscribersOperator, {"source": "people.csv", **EXACT}),
    "suppressions": (SentoriSuppressionsOperator, {"source": "people.csv", "max_suppressions": "100%"}),
    "query to import": (SqlToSentoriImportOperator, QUERY),
    "query to contacts": (SqlToSentoriContactsOperator, QUERY),
    "query to subscribers": (SqlToSentoriSubscribersOperator, {**QUERY, **EXACT}),
    "query to suppressions": (SqlToSentoriSuppressionsOperator, {**QUERY, "max_suppressions": "100%"}),
}


@pytest.fixture(autouse=True)
def crm(sentori: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sentori.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    connection = {"conn_type": "sqlite", "host": str(tmp_path / "crm.db")}
    monkeypatch.setenv("AIRFLOW_CONN_CRM", json.dumps(connection))
    monkeypatch.chdir(tmp_path)


def fill(count: int) -> None:
    emails = [f"p{number}@example.com" for number in range(count)]
    Path("people.csv").write_text("\n".join(["EmailAddress", *emails, ""]))
    with closing(sqlite3.connect("crm.db")) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS people (EmailAddress TEXT)")
        database.execute("DELETE FROM people")
        database.executemany("INSERT INTO people VALUES (?)", [(email,) for email in emails])


@pytest.mark.parametrize("name", OPERATORS)
def test_a_source_that_shrinks_sends_nothing_and_is_tried_again(sentori: Sandbox, name: str) -> None:
    operator, arguments = OPERATORS[name]
    if "source" in arguments:
        arguments = {**arguments, "source": str(Path("people.csv").absolute())}
    memory = {"state_file": "state.db", "max_source_drop": "{{ 10 }}%"}

    def run(**limits: Any) -> dict[str, Any]:
        task = operator(task_id="sync", **arguments, **limits)
        task.render_template_fields({})
        return task.execute({})

    fill(20)
    assert run(min_source_rows=20, **memory)["complete"]
    sent = len(sentori.writes())
    fill(10)
    with pytest.raises(AirflowException, match=r"a retry may help\. min_source_rows: the source has 10 rows"):
        run(min_source_rows=20)
    with pytest.raises(AirflowException, match=r"max_source_drop: the source has 10 rows, and had 20"):
        run(**memory)
    with pytest.raises(AirflowFailException, match="max_source_drop: can only be used with state_file"):
        run(max_source_drop=1)
    assert len(sentori.writes()) == sent


def test_a_query_that_the_database_cannot_count_is_read_once_more(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    fill(3)
    assert count_rows("crm", "SELECT EmailAddress FROM people -- all", None, None, 2) == 3
    assert "cannot count" not in caplog.text
    assert count_rows("crm", "PRAGMA table_info(people)", None, None, 2) == 1
    assert "The database cannot count the rows of the query (OperationalError)" in caplog.text
