# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The suppressions operators: many addresses suppressed for good, or people erased."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import DAG, AirflowFailException
from airflow_provider_sentori.operators.sentori import SentoriSuppressionsOperator
from airflow_provider_sentori.transfers.sql_to_sentori import SqlToSentoriSuppressionsOperator
from sentori_sandbox import Sandbox
from versions import serialized

PEOPLE = [f"person{number}@example.com" for number in range(6)]


@pytest.fixture(autouse=True)
def people(sentori: Sandbox) -> None:
    sentori.reset(seed={"contacts": [{"EmailAddress": email} for email in PEOPLE]})


@pytest.fixture
def crm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(tmp_path / "crm.db")) as database, database:
        database.execute("CREATE TABLE opted_out (email TEXT)")
        rows = [*PEOPLE[:2], "new@example.com", None, PEOPLE[0].upper()]
        database.executemany("INSERT INTO opted_out VALUES (?)", [(email,) for email in rows])
    monkeypatch.setenv("AIRFLOW_CONN_CRM", json.dumps({"conn_type": "sqlite", "host": str(tmp_path / "crm.db")}))


def execute(**arguments: Any) -> dict[str, Any]:
    result: dict[str, Any] = SentoriSuppressionsOperator(task_id="opt_outs", **arguments).execute({})
    return result


def counts(result: dict[str, Any]) -> dict[str, int]:
    return {action: count for action, count in result["summary"].items() if count and action != "total"}


def test_a_query_is_predicted_applied_and_the_second_run_sends_nothing(
    sentori: Sandbox, crm: None, tmp_path: Path
) -> None:
    def run(**arguments: Any) -> dict[str, Any]:
        query = {"sql": "SELECT email FROM opted_out", "sql_conn_id": "crm", "columns": {"email": "EmailAddress"}}
        limits = {"max_suppressions": "60%", "max_rejected": 1, "state_file": str(tmp_path / "state.db")}
        task = SqlToSentoriSuppressionsOperator(task_id="opt_outs", **query, **limits, **arguments)
        result: dict[str, Any] = task.execute({})
        return result

    expected = {"suppressed": 2, "unverifiable": 1, "invalid": 1, "duplicate": 1}
    assert counts(run(plan_only=True)) == expected
    assert sentori.writes() == []
    done = run()
    assert (counts(done), done["changed"], done["complete"]) == (expected, True, True)
    assert sentori.suppression_list() == ["new@example.com", *PEOPLE[:2]]
    sentori.clear_requests()
    assert counts(run()) == {"unchanged": 3, "invalid": 1, "duplicate": 1}
    assert sentori.requests() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"emails": PEOPLE}, "max_suppressions: is needed for the addresses of a file or a query"),
        ({"emails": PEOPLE, "max_suppressions": "50%"}, "max_suppressions: 6 of 6 addresses would be newly suppressed"),
        ({"emails": PEOPLE, "max_suppressions": "all"}, "max_suppressions: 'all' is neither a number"),
        ({"emails": PEOPLE[:1], "state": "forgotten"}, "state: 'forgotten' is not one of suppressed, erased."),
        ({}, "emails: give either emails or source."),
    ],
)
def test_invalid_arguments_fail_without_retry_before_any_write(
    sentori: Sandbox, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(AirflowFailException) as failure:
        execute(**arguments)
    assert str(failure.value).startswith(sentence)
    assert sentori.writes() == []


def test_a_file_of_people_is_erased_and_the_report_has_no_address(sentori: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "erase.txt").write_text("\n".join(PEOPLE[:2]))
    report = tmp_path / "report.jsonl"
    files = {"source": str(tmp_path / "erase.txt"), "report": str(report), "report_addresses": True}
    done = execute(**files, state="erased", max_suppressions=2)
    assert counts(done) == {"erased": 2}
    assert len(sentori.contacts()) == 4 and sentori.suppression_list() == PEOPLE[:2]
    assert "person0@" not in report.read_text() and report.read_text().count('"person"') == 2


def test_no_serialized_dag_contains_an_address() -> None:
    with DAG("serialized", schedule=None, start_date=datetime(2026, 1, 1)) as dag:
        SentoriSuppressionsOperator(task_id="opt_outs", emails=PEOPLE, max_suppressions=6)
    assert "person0" not in json.dumps(serialized(dag))
