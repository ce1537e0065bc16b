# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What Sentori knows, in a table of SQLite and PostgreSQL: only what differs is written, in one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException
from airflow_provider_sentori.hooks.sentori import SentoriHook
from airflow_provider_sentori.transfers.sentori_to_sql import SentoriToSqlOperator
from postgresql import USER, served
from sentori_sandbox import Sandbox

PEOPLE = [f"p{number}@example.com" for number in range(3)]


class Database:
    """A database, reached by the connection ``warehouse``."""

    def __init__(self, connect: Any) -> None:
        self._connect = connect

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Execute a statement, and return its rows, if it has any."""
        connection = self._connect()
        try:
            cursor = connection.cursor()
            cursor.execute(sql)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
            return list(rows)
        finally:
            connection.close()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Path]:
    with served() as socket:
        yield socket


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    if request.param == "sqlite":
        path = str(tmp_path / "warehouse.db")
        connection = {"conn_type": "sqlite", "host": path}
        found = Database(lambda: sqlite3.connect(path))
    else:
        socket = str(request.getfixturevalue("postgresql"))
        connection = {"conn_type": "postgres", "host": socket, "login": USER, "schema": "postgres"}
        found = Database(lambda: psycopg2.connect(host=socket, user=USER, dbname="postgres"))
        found.run("DROP SCHEMA public CASCADE")
        found.run("CREATE SCHEMA public")
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(connection))
    return found


@pytest.fixture(autouse=True)
def account(sentori: Sandbox) -> None:
    sentori.reset(
        seed={"structure": {"Points": 0, "Note": "string"}, "mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]}
    )
    for number, email in enumerate(PEOPLE):
        sentori.put_contact(email, FirstName=f"P{number}", Points=number, CreatedTimestamp="2024-03-01T09:00:00.47")
        sentori.subscribe(email, "NEWS")


def run(**arguments: Any) -> dict[str, Any]:
    defaults = {"task_id": "export", "sql_conn_id": "warehouse", "table": "people"}
    return SentoriToSqlOperator(**{**defaults, **arguments}).execute({})


def delete(email: str) -> None:
    with SentoriHook() as hook:
        hook.get_conn().delete_contact(email)


def rows(inserted: int = 0, updated: int = 0, deleted: int = 0, unchanged: int = 0) -> dict[str, int]:
    return {"inserted": inserted, "updated": updated, "deleted": deleted, "unchanged": unchanged}


def crm(database: Database, emails: Sequence[str]) -> None:
    """A CRM's table of customers, with a column that is nobody else's business."""
    database.run("CREATE TABLE customers (email VARCHAR(200) PRIMARY KEY, opted_out BOOLEAN, notes TEXT)")
    for email in emails:
        database.run(f"INSERT INTO customers VALUES ('{email}', NULL, 'note of {email}')")


SUBSCRIBERS = {"what": "subscribers", "mailing_list": "NEWS"}
CONTACTS = {"what": "contacts", "people_sql": "SELECT email FROM customers"}


def test_replace_makes_the_table_and_then_writes_what_differs(database: Database, sentori: Sandbox) -> None:
    first = run(**SUBSCRIBERS)
    assert (first["changed"], first["rows"], first["table"]) == (True, rows(inserted=3), "people")
    second = run(**SUBSCRIBERS)
    assert (second["changed"], second["rows"]) == (False, rows(unchanged=3))

    sentori.put_contact(PEOPLE[0], IsSuppressed=True)
    sentori.put_contact("new@example.com")
    sentori.subscribe("new@example.com", "NEWS")
    predicted = run(**SUBSCRIBERS, plan_only=True)
    assert run(**SUBSCRIBERS)["rows"] == predicted["rows"] == rows(inserted=1, deleted=1, unchanged=2)
    found = database.run("SELECT email_address FROM people ORDER BY system_id")
    assert [email for (email,) in found] == [*PEOPLE[1:], "new@example.com"]


def test_plan_only_makes_no_table(database: Database) -> None:
    assert run(**SUBSCRIBERS, changes_table="feed", plan_only=True)["rows"] == rows(inserted=3)
    for table in ("people", "feed"):
        with pytest.raises(Exception, match=f'(?s)no such table: {table}|relation "{table}" does not exist'):
            database.run(f"SELECT * FROM {table}")


def test_columns_have_the_types_of_their_fields(database: Database) -> None:
    run(**SUBSCRIBERS, fields="all")
    assert run(**SUBSCRIBERS, fields="all")["changed"] is False
    query = "SELECT points + 1, first_name, created_timestamp FROM people WHERE NOT is_suppressed ORDER BY system_id"
    points, first_name, created = database.run(query)[1]
    assert (points, first_name, str(created)[:22]) == (2, "P1", "2024-03-01 09:00:00.47")


def test_upsert_marks_people_in_the_table_of_a_crm_and_touches_nothing_else(
    database: Database, sentori: Sandbox
) -> None:
    crm(database, [PEOPLE[0].upper(), PEOPLE[1], "nobody@example.com", "no address"])
    sentori.put_contact(PEOPLE[0], IsSuppressed=True)
    opt_outs = {**CONTACTS, "table": "customers", "mode": "upsert", "max_rejected": 1}
    columns = {"email": "email", "IsSuppressed": "opted_out"}
    done = run(**opt_outs, columns=columns)
    assert done["rows"] == rows(updated=2, unchanged=1)
    assert done["summary"]["missing"] == done["summary"]["invalid"] == 1
    assert run(**opt_outs, columns=columns)["changed"] is False
    assert database.run("SELECT email, opted_out, notes FROM customers WHERE opted_out") == [
        (PEOPLE[0].upper(), True, f"note of {PEOPLE[0].upper()}")
    ]


def test_append_keeps_a_history_with_the_time(database: Database) -> None:
    for _ in range(2):
        assert run(**SUBSCRIBERS, mode="append")["rows"] == rows(inserted=3)
    assert database.run("SELECT count(*), count(DISTINCT read_at) FROM people") == [(6, 2)]


@pytest.mark.parametrize("mode", ["replace", "append"])
def test_the_feed_tells_who_joined_and_why_somebody_is_gone(database: Database, sentori: Sandbox, mode: str) -> None:
    for email in ("left@example.com", "bad@example.com"):
        sentori.put_contact(email)
        sentori.subscribe(email, "NEWS")
    feed = {**SUBSCRIBERS, "mode": mode, "changes_table": "feed"}
    assert run(**feed)["changes"] == {}
    assert database.run("SELECT * FROM feed") == []

    sentori.put_contact(PEOPLE[0], IsSuppressed=True)
    sentori.put_contact("bad@example.com", IsBadEmailAddress=True)
    delete(PEOPLE[1])
    with SentoriHook() as hook:
        hook.get_conn().unsubscribe_from_list("left@example.com", "NEWS")
    sentori.put_contact("new@example.com")
    sentori.subscribe("new@example.com", "NEWS")
    expected = {"joined": 1, "left": 1, "suppressed": 1, "bad_email_address": 1, "deleted": 1}
    assert run(**feed, plan_only=True)["changes"] == run(**feed)["changes"] == expected
    told = dict(database.run("SELECT email, change FROM feed WHERE changed_at IS NOT NULL AND system_id > 0"))
    assert told == {
        "new@example.com": "joined",
        "left@example.com": "left",
        PEOPLE[0]: "suppressed",
        "bad@example.com": "bad_email_address",
        PEOPLE[1]: "deleted",
    }
    assert run(**feed)["changes"] == {}


def test_the_feed_of_contacts_tells_what_became_of_them(database: Database, sentori: Sandbox) -> None:
    crm(database, [*PEOPLE, "later@example.com"])
    feed = {**CONTACTS, "changes_table": "feed"}
    run(**feed)
    sentori.put_contact(PEOPLE[0], IsSuppressed=True)
    delete(PEOPLE[1])
    sentori.put_contact("later@example.com")
    assert run(**feed)["changes"] == {"suppressed": 1, "deleted": 1, "created": 1}
    assert run(**feed)["changes"] == {}


def test_an_address_that_is_spelled_differently_stays_the_same_row(database: Database, sentori: Sandbox) -> None:
    by_address = {**SUBSCRIBERS, "key": "EmailAddress", "changes_table": "feed"}
    run(**by_address)
    with SentoriHook() as hook:
        hook.get_conn().update_contact(PEOPLE[0], {"EmailAddress": PEOPLE[0].upper()})
    done = run(**by_address)
    assert (done["rows"], done["changes"]) == (rows(updated=1, unchanged=2), {})
    assert database.run(f"SELECT count(*) FROM people WHERE email_address = '{PEOPLE[0].upper()}'") == [(1,)]


def test_replace_leaves_no_row_but_those_of_the_snapshot(database: Database) -> None:
    run(**SUBSCRIBERS)
    (first,) = database.run("SELECT min(system_id) FROM people")[0]
    database.run("CREATE TABLE other AS SELECT * FROM people")
    database.run(f"INSERT INTO other SELECT * FROM people WHERE system_id = {first}")
    database.run("INSERT INTO other (system_id, email_address) VALUES (NULL, 'x@example.com'), (1, 'y@example.com')")
    done = run(**SUBSCRIBERS, table="other")
    assert done["rows"] == rows(inserted=1, deleted=4, unchanged=2)
    assert database.run("SELECT email_address FROM other ORDER BY system_id") == [(email,) for email in PEOPLE]


def test_replace_removes_a_row_in_each_of_its_spellings(database: Database) -> None:
    run(**SUBSCRIBERS)
    database.run("CREATE TABLE other AS SELECT * FROM people")
    database.run("INSERT INTO other (system_id, email_address) VALUES (1, 'gone@example.com'), (2, 'GONE@example.com')")
    done = run(**SUBSCRIBERS, table="other", key="EmailAddress")
    assert done["rows"] == rows(deleted=2, unchanged=3)
    assert database.run("SELECT count(*) FROM other") == [(3,)]


@pytest.mark.parametrize("kind", ["short", "half-json", "html"])
def test_a_list_that_breaks_off_leaves_the_table_as_it_was(database: Database, sentori: Sandbox, kind: str) -> None:
    run(**SUBSCRIBERS)
    delete(PEOPLE[0])
    sentori.fault("mailinglists/subscribers", kind=kind, times=4)
    with pytest.raises(AirflowException):
        run(**SUBSCRIBERS)
    assert database.run("SELECT count(*) FROM people") == [(3,)]


def test_a_failure_in_the_middle_of_writing_leaves_both_tables_as_they_were(
    database: Database, sentori: Sandbox
) -> None:
    feed = {**SUBSCRIBERS, "changes_table": "feed"}
    run(**feed)
    sentori.put_contact("new@example.com")
    sentori.subscribe("new@example.com", "NEWS")
    delete(PEOPLE[0])
    # Why somebody is gone is read after rows were inserted.
    sentori.fault("contact/get", kind="status", status=500, times=4)
    with pytest.raises(AirflowException):
        run(**feed)
    assert database.run("SELECT count(*) FROM people") == [(3,)]
    assert database.run("SELECT count(*) FROM feed") == [(0,)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({**SUBSCRIBERS, "mode": "merge"}, "mode: 'merge' is not one of replace, upsert, append"),
        ({"what": "contacts"}, "people_sql: contacts are read by their addresses"),
        ({**SUBSCRIBERS, "people_sql": "SELECT 1"}, "people_sql: can only be used with what: contacts"),
        ({**CONTACTS, "people_sql": "SELECT email, notes FROM customers"}, "people_sql: one column of addresses"),
        ({**SUBSCRIBERS, "fields": "all", "columns": {"SystemID": "id"}}, "fields: give either fields or columns"),
        ({**SUBSCRIBERS, "columns": {"EmailAddress": "email"}}, "columns: there is no column for SystemID"),
        ({**SUBSCRIBERS, "columns": {"SystemID": "a", "EmailAddress": "a"}}, "columns: column a is named twice"),
        ({**SUBSCRIBERS, "key": "Nonsense"}, "key: Nonsense is not one of the fields: SystemID, EmailAddress"),
        ({**SUBSCRIBERS, "mode": "upsert", "changes_table": "feed"}, "changes_table: upsert keeps people who left"),
        ({"what": "mailing_lists", "changes_table": "feed"}, "changes_table: can only be used with what: subscribers"),
        ({**SUBSCRIBERS, "table": "customers"}, "table: customers has no column system_id. .* There are: email, opted"),
        ({**SUBSCRIBERS, "table": "customers", "key": "EmailAddress", "columns": {"EmailAddress": "opted_out"}},
         "columns: column opted_out has the type BOOLEAN, which cannot hold a value of Sentori's"),
        ({**SUBSCRIBERS, "sql_conn_id": "sentori_default"}, "sql_conn_id: a connection to an SQL database is needed"),
    ],
    ids=str,
)  # fmt: skip
def test_arguments_that_do_not_fit_are_refused(database: Database, arguments: dict[str, Any], message: str) -> None:
    crm(database, PEOPLE)
    with pytest.raises(AirflowFailException, match=message):
        run(**arguments)


def test_lists_and_drafts_are_tables_too(database: Database, sentori: Sandbox) -> None:
    assert run(what="mailing_lists", table="lists")["rows"] == rows(inserted=1)
    assert database.run("SELECT external_id, name, description FROM lists") == [("NEWS", "News", None)]
    assert run(what="draft_emails", table="drafts")["rows"] == rows()
    assert database.run("SELECT modified_by FROM drafts") == []
