# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Apply the rows of a query to Sentori, page by page, from SQLite and PostgreSQL."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException
from airflow_provider_sentori._internal.bulk import queries
from airflow_provider_sentori._internal.bulk.queries import open_query
from airflow_provider_sentori.core.runs import pages
from airflow_provider_sentori.transfers.sql_to_sentori import (
    SqlToSentoriContactsOperator,
    SqlToSentoriImportOperator,
    SqlToSentoriSubscribersOperator,
)
from postgresql import USER, served
from sentori_sandbox import Sandbox

NEWS = {"ExternalID": "NEWS2026", "Name": "News", "subscribers": ["left@example.com"]}
COLUMNS = {"email": "EmailAddress", "first": "FirstName", "points": "LoyaltyPoints"}
PEOPLE = "SELECT email, first, points FROM people ORDER BY id"


@pytest.fixture(autouse=True)
def account(sentori: Sandbox) -> None:
    sentori.reset(
        seed={
            "structure": {"LoyaltyPoints": 0},
            "contacts": [{"EmailAddress": "left@example.com"}],
            "mailing_lists": [NEWS],
        }
    )


@pytest.fixture(params=["sqlite", "postgres"])
def crm(request: pytest.FixtureRequest) -> Iterator[str]:
    """The connection of a database with a table of 25 people; one of them has no first name."""
    yield request.getfixturevalue(request.param)


@pytest.fixture
def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with sqlite3.connect(tmp_path / "crm.db") as db:
        db.execute("CREATE TABLE people (id INTEGER, email TEXT, first TEXT, points NUMERIC)")
        db.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", people())
    connection = {"conn_type": "sqlite", "host": str(tmp_path / "crm.db")}
    monkeypatch.setenv("AIRFLOW_CONN_CRM", json.dumps(connection))
    return "crm"


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Path]:
    with served() as socket:
        yield socket


@pytest.fixture
def postgres(postgresql: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    import psycopg2

    with psycopg2.connect(host=str(postgresql), user=USER, dbname="postgres") as db, db.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS people")
        cursor.execute("CREATE TABLE people (id INTEGER, email TEXT, first TEXT, points NUMERIC)")
        cursor.executemany("INSERT INTO people VALUES (%s, %s, %s, %s)", people())
    db.close()
    connection = {"conn_type": "postgres", "host": str(postgresql), "login": USER, "schema": "postgres"}
    monkeypatch.setenv("AIRFLOW_CONN_CRM", json.dumps(connection))
    return "crm"


def people() -> list[tuple[int, str, str | None, Any]]:
    return [(n, f"p{n}@example.com", None if n == 7 else "P", n * 1.5) for n in range(25)]


OPERATORS: dict[str, Any] = {
    "import": SqlToSentoriImportOperator,
    "contacts": SqlToSentoriContactsOperator,
    "subscribers": SqlToSentoriSubscribersOperator,
}


def execute(into: str = "import", **arguments: Any) -> dict[str, Any]:
    given = {"sql_conn_id": "crm", "sql": PEOPLE, "columns": COLUMNS, **arguments}
    result: dict[str, Any] = OPERATORS[into](task_id="people", **given).execute({})
    return result


def counts(result: dict[str, Any]) -> dict[str, int]:
    return {action: count for action, count in result["summary"].items() if count and action != "total"}


@pytest.mark.parametrize("into", ["import", "contacts"])
def test_a_query_is_predicted_applied_and_the_second_run_sends_no_write(sentori, crm: str, into: str) -> None:
    predicted = execute(into=into, plan_only=True)
    assert sentori.writes() == []
    done = execute(into=into)
    sentori.clear_requests()
    again = execute(into=into)

    assert counts(predicted) == counts(done) == {"created": 25}
    assert (counts(again), sentori.writes()) == ({"unchanged": 25}, [])
    seventh = sentori.contact("p7@example.com")
    assert (seventh["FirstName"], seventh["LoyaltyPoints"]) == (None, 10.5)


@pytest.mark.parametrize("into", ["import", "contacts"])
@pytest.mark.parametrize(("on_blank", "stored"), [("keep", "Kept"), ("clear", None)])
def test_null_clears_a_field_only_with_on_blank_clear(
    sentori, sqlite: str, into: str, on_blank: str, stored: str | None
) -> None:
    sentori.put_contact("p7@example.com", FirstName="Kept")
    execute(into=into, on_blank=on_blank)
    assert sentori.contact("p7@example.com")["FirstName"] == stored


VALUES = {
    "12.50::numeric": "12.50",
    "1e3::numeric": "1000",
    "date '2024-02-29'": "2024-02-29",
    "time '08:30'": "08:30:00",
    "timestamp '2024-02-29 08:30'": "2024-02-29T08:30:00",
    "'00000000-0000-0000-0000-000000000001'::uuid": "00000000-0000-0000-0000-000000000001",
    "'NaN'::numeric": None,
    "'NaN'::float8": None,
    "'Infinity'::float8": None,
    "'\\x00'::bytea": None,
    "ARRAY['a', 'b']": None,
    "'{\"a\": 1}'::jsonb": None,
    "interval '1 day'": None,
    "true": None,
}


@pytest.mark.parametrize("into", ["import", "contacts"])
def test_each_value_of_postgres_is_a_field_or_makes_its_row_invalid(sentori, postgres: str, into: str) -> None:
    for value, text in VALUES.items():
        people = f"SELECT 'ann@example.com' AS email, {value} AS company UNION ALL SELECT 'left@example.com', {value}"
        columns = {"email": "EmailAddress", "company": "CompanyName"}
        done = execute(into=into, sql=people, columns=columns, max_rejected=2)
        if text is None:
            assert counts(done) == {"invalid": 2}, value
        else:
            assert "invalid" not in counts(done), value
            assert sentori.contact("ann@example.com")["CompanyName"] == text


def test_the_result_tells_which_columns_of_a_query_are_used(sentori, sqlite: str) -> None:
    only_address = {"email": "EmailAddress"}
    done = execute(into="subscribers", mailing_list="NEWS2026", columns=only_address, max_rejected="100%")
    assert done["columns"] == {"mapped": only_address, "ignored": ["first", "points"]}
    assert execute(sql=PEOPLE)["columns"] == {"mapped": COLUMNS, "ignored": []}


def test_exact_list_has_the_addresses_of_the_query(sentori, crm: str) -> None:
    arguments: dict[str, Any] = {
        "sql": "SELECT email FROM people WHERE id < 3",
        "columns": {"email": "EmailAddress"},
        "into": "subscribers",
        "mailing_list": "News",
        "exact": True,
        "max_unsubscribes": 1,
        "create_missing": True,
    }
    done = execute(**arguments)
    again = execute(**arguments)

    assert (counts(done), done["added"], done["mailing_list"]) == ({"subscribed": 3, "unsubscribed": 1}, 3, "NEWS2026")
    assert (counts(again), again["changed"]) == ({"unchanged": 3}, False)
    assert sentori.subscribers("NEWS2026") == ["p0@example.com", "p1@example.com", "p2@example.com"]


def test_parameters_split_a_query_into_shards(sentori, sqlite: str) -> None:
    sql = "SELECT email FROM people WHERE id BETWEEN :low AND :high"
    shards = [
        execute(sql=sql, columns={"email": "EmailAddress"}, parameters={"low": low, "high": low + 9})
        for low in (0, 10, 20)
    ]
    assert [counts(shard)["created"] for shard in shards] == [10, 10, 5]


def test_postgres_keeps_the_result_on_the_server_and_sends_pages(postgres: str) -> None:
    endless = "SELECT n AS id, repeat('x', 1000) AS filler FROM generate_series(1, 100000000) AS n"
    with open_query("crm", endless, None, None, page=10) as table:
        assert table.names == ["id", "filler"]
        assert [record[0] for record, _ in zip(table.records, range(25), strict=False)] == list(range(1, 26))


def test_memory_does_not_grow_with_the_result(sentori, sqlite: str, tmp_path: Path) -> None:
    """The peak of a process that reads 100,000 rows is near that of one that reads 1,000."""
    program = (
        "import resource, sys; from airflow_provider_sentori._internal.bulk.queries import open_query;"
        "sql = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
        " SELECT i, hex(zeroblob(500)) AS x FROM n' % sys.argv[1];"
        "opened = open_query('crm', sql, None, None, page=1000); table = opened.__enter__();"
        "count = sum(1 for _ in table.records);"
        "print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = {}
    for rows in (1000, 100_000):
        done = subprocess.run(
            [sys.executable, "-P", "-c", program, str(rows)], capture_output=True, text=True, timeout=120, check=True
        )
        count, peak = done.stdout.split()[-2:]
        assert int(count) == rows
        peaks[rows] = int(peak)
    assert peaks[100_000] - peaks[1000] < 20 * 1024


@pytest.mark.parametrize("into", ["import", "contacts", "subscribers"])
def test_one_row_never_stops_the_rest(sentori, crm: str, into: str, tmp_path: Path) -> None:
    odd = "WHEN 3 THEN NULL WHEN 5 THEN 'no one' WHEN 13 THEN 'P4@example.com' WHEN 20 THEN 'a..b@example.com'"
    arguments: dict[str, Any] = {
        "into": into,
        "sql": f"SELECT CASE id {odd} ELSE email END AS email FROM people ORDER BY id",
        "columns": {"email": "EmailAddress"},
        "rejects": str(tmp_path / "rejects.csv"),
        **({"mailing_list": "News", "create_missing": True} if into == "subscribers" else {}),
    }
    with pytest.raises(AirflowFailException) as failure:
        execute(**arguments)

    message = str(failure.value)
    assert message.startswith("The data is at fault, and a retry does not help. Invalid or rejected rows: 3 of 25;")
    assert "row 4" in message and "row 6" in message and "row 21" in message
    assert len(sentori.contacts()) == 22
    written = (tmp_path / "rejects.csv").read_text().splitlines()
    assert [line.rpartition(",")[2] for line in written] == ["email", "", "no one", "a..b@example.com"]
    done = counts(execute(**arguments, max_rejected="12%"))
    assert done == {"unchanged": 21, "duplicate": 1, "invalid": 2, "rejected": 1}


def test_a_failed_contact_is_named_by_its_place(sentori, sqlite: str) -> None:
    sentori.fault("contact/add", kind="status", match="p1@", status=400, body='{"Code": -1, "Message": "No"}')
    sentence = r"^Failed rows: 1 of 25\. row 2: contact/add: .* \(created 24, failed 1\)$"
    with pytest.raises(AirflowFailException, match=sentence):
        execute(into="contacts")


BAD_ARGUMENTS = [
    (
        {"into": "subscribers", "mailing_list": "News", "columns": {}},
        "sql: no column holds EmailAddress. Map it: columns: {email: EmailAddress}.",
    ),
    ({"into": "subscribers", "mailing_list": "/"}, "mailing_list: '/' is not the ID or the name"),
    (
        {"columns": {"mail": "EmailAddress"}},
        "columns: the source has no column mail. Its columns: email, first, points.",
    ),
    ({"columns": {}}, "sql: no column holds EmailAddress. Map it: columns: {email: EmailAddress}."),
    ({"sql": "SELECT email, email FROM people"}, "sql: column email appears twice."),
    ({"sql": "DELETE FROM people WHERE 1 = 0"}, "sql: this statement returns no rows. Give a SELECT."),
    ({"sql_conn_id": "sentori_default"}, "sql_conn_id: a connection to an SQL database is needed."),
    ({"on_blank": "drop"}, "on_blank: 'drop' is not one of keep, clear, error."),
]


@pytest.mark.parametrize(("arguments", "sentence"), BAD_ARGUMENTS, ids=[sentence for _, sentence in BAD_ARGUMENTS])
def test_invalid_arguments_fail_without_retry_before_any_write(
    sentori, sqlite: str, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(AirflowFailException, match=f"^{re.escape(sentence)}"):
        execute(**arguments)
    assert sentori.writes() == []


def test_a_result_that_breaks_off_is_retried_and_its_message_shows_no_value(
    sentori, sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 10)
    monkeypatch.setattr(pages, "PAGE", 5)
    with sqlite3.connect(tmp_path / "crm.db") as db:
        db.execute("UPDATE people SET first = CAST(x'4d6172ff' AS TEXT) WHERE id = 22")
    report = tmp_path / "report.jsonl"

    for into in ("import", "contacts"):
        with pytest.raises(AirflowException) as failure:
            execute(into=into, report=str(report), **({"chunk_size": 5} if into == "import" else {}))
        assert type(failure.value) is AirflowException
        assert "the result of the query broke off: OperationalError." in str(failure.value)
        assert "Mar" not in str(failure.value)
        summary = json.loads(report.read_text().splitlines()[-1])["summary"]
        assert summary["created" if into == "import" else "unchanged"] == 20


def test_an_error_of_the_database_keeps_its_type_and_is_retried(sentori, sqlite: str) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table") as error:
        execute(sql="SELECT email FROM nobody")
    assert not isinstance(error.value, AirflowException)
