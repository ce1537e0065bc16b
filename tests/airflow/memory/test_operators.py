# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators whose memory is a table, and what they refuse."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException, BaseHook
from airflow_provider_sentori._internal.memory.state_table import StateTable
from airflow_provider_sentori.core.memory.account import AccountMemory
from airflow_provider_sentori.hooks.sentori import SentoriHook
from airflow_provider_sentori.operators.sentori import (
    SentoriContactOperator,
    SentoriImportOperator,
    SentoriSubscribersOperator,
    SentoriSuppressionsOperator,
)
from airflow_provider_sentori.transfers.sql_to_sentori import (
    SqlToSentoriImportOperator,
    SqlToSentoriSubscribersOperator,
    SqlToSentoriSuppressionsOperator,
)
from sentori_sandbox import Sandbox

PEOPLE = [{"EmailAddress": f"p{number}@example.com", "FirstName": "P"} for number in range(4)]
EMAILS = [one["EmailAddress"] for one in PEOPLE]
QUERY = {"sql": "SELECT 'p0@example.com' AS email", "sql_conn_id": "sqlite", "columns": {"email": "EmailAddress"}}
OPERATORS: dict[Any, dict[str, Any]] = {
    SentoriImportOperator: {"source": PEOPLE},
    SentoriSubscribersOperator: {"emails": EMAILS, "mailing_list": "NEWS2026", "create_missing": True},
    SentoriSuppressionsOperator: {"emails": EMAILS, "max_suppressions": "100%"},
    SqlToSentoriImportOperator: QUERY,
    SqlToSentoriSubscribersOperator: {**QUERY, "mailing_list": "NEWS2026", "create_missing": True},
    SqlToSentoriSuppressionsOperator: {**QUERY, "max_suppressions": "100%"},
}


@pytest.fixture(autouse=True)
def lists(sentori: Sandbox, connections: None) -> None:
    sentori.reset(seed={"mailing_lists": [{"ExternalID": "NEWS2026", "Name": "News"}]})


def run(operator: Any, context: Any = None, **arguments: Any) -> dict[str, Any]:
    result: dict[str, Any] = operator(task_id="t", **arguments).execute(context or {})
    return result


def keys(conn_id: str = "sqlite", table: str = "sentori_state") -> list[str]:
    engine = BaseHook.get_connection(conn_id).get_hook().get_sqlalchemy_engine()
    with engine.connect() as connection:
        found = [row[0] for row in connection.exec_driver_sql(f"SELECT state_key FROM {table}_keys ORDER BY state_key")]
    engine.dispose()
    return found


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.__name__)
def test_the_second_run_knows_what_the_first_has_done(sentori: Sandbox, operator: Any) -> None:
    assert run(operator, **OPERATORS[operator], state_conn_id="sqlite")["plan_only"] is False
    sentori.clear_requests()
    again = run(operator, **OPERATORS[operator], state_conn_id="sqlite")
    assert not again["changed"] and sentori.writes() == []
    assert not any(entry.route == "contact/get" for entry in sentori.requests())
    assert len(keys()) == 1 and keys()[0].endswith(".t")


def test_a_person_who_was_erased_is_not_imported_by_a_task_with_the_same_key(sentori: Sandbox) -> None:
    memory = {"state_conn_id": "postgresql", "state_table": "erased_people", "state_key": "nightly"}
    run(SentoriImportOperator, source=PEOPLE, **memory)
    run(SentoriSuppressionsOperator, emails=EMAILS[:1], state="erased", **memory)
    assert run(SentoriImportOperator, source=PEOPLE, **memory)["summary"]["not_mailable"] == 1
    assert EMAILS[0] not in sentori.contacts() and keys("postgresql", "erased_people") == ["nightly"]


def test_a_rename_moves_the_memory_of_mailing_lists_along(sentori: Sandbox) -> None:
    memory = {"state_conn_id": "sqlite", "state_key": "news"}
    on_list = {"mailing_list": "NEWS2026", "create_missing": True, **memory}
    run(SentoriSubscribersOperator, emails=EMAILS, **on_list)
    with SentoriHook() as hook:
        hook.get_conn().unsubscribe_from_list(EMAILS[0], "NEWS2026")
    run(SentoriContactOperator, email=EMAILS[0], new_email="renamed@example.com", **memory)
    assert run(SentoriSubscribersOperator, emails=["renamed@example.com"], **on_list)["summary"]["left"] == 1


def test_each_mapped_task_has_its_own_memory(sentori: Sandbox) -> None:
    for index in (0, 1, -1):
        ti = SimpleNamespace(map_index=index, run_id="r", try_number=1, xcom_push=lambda **_: None)
        run(SentoriImportOperator, {"ti": ti}, source=PEOPLE, state_conn_id="sqlite")
    assert [key.rpartition(".")[2] for key in keys()] == ["t", "t[0]", "t[1]"]


def test_no_address_and_no_value_is_in_the_table(sentori: Sandbox, tmp_path: Any) -> None:
    run(SentoriImportOperator, source=[{**one, "LastName": "Confidential"} for one in PEOPLE], state_conn_id="sqlite")
    written = (tmp_path / "warehouse.db").read_bytes()
    assert b"sentori_state" in written
    assert not any(text in written for text in (b"example.com", b"Confidential", sentori.api_key.encode()))


def test_a_second_run_is_retried_by_airflow(sentori: Sandbox) -> None:
    place = StateTable("sqlite", "sentori_state", "shared", "task nightly.import, run r, try 1")
    with SentoriHook() as hook, AccountMemory(place, hook.get_conn().transport.account):
        for operator, arguments in OPERATORS.items():
            with pytest.raises(AirflowException, match=r"a retry may help.*in use since .* by task nightly") as failure:
                run(operator, **arguments, state_conn_id="sqlite", state_key="shared")
            assert not isinstance(failure.value, AirflowFailException)
    assert sentori.writes() == []


@pytest.mark.parametrize(
    ("operator", "given", "message"),
    [
        (
            SentoriImportOperator,
            {"state_file": "x", "state_conn_id": "sqlite"},
            "state_conn_id: give either",
        ),
        (SentoriImportOperator, {"state_table": "x"}, "state_table: can only be used with state_conn_id."),
        (SentoriSuppressionsOperator, {"state_key": "x"}, "state_key: can only be used with state_conn_id."),
        (SentoriImportOperator, {"verify": "all"}, "verify: can only be used with state_file or state_conn_id."),
        (SentoriSubscribersOperator, {"rejoin": EMAILS}, "rejoin: can only be used with state_file or state_conn_id."),
        (SentoriImportOperator, {"state_conn_id": "sqlite", "state_table": "a b"}, "state_table: 'a b' cannot be"),
        (SentoriImportOperator, {"state_conn_id": "sentori_default"}, "state_conn_id: a connection to an SQL database"),
    ],
)
def test_arguments_that_do_not_belong_together_are_refused(
    sentori: Sandbox, monkeypatch: pytest.MonkeyPatch, operator: Any, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(AirflowFailException, match=message):
        run(operator, **OPERATORS[operator], **given)
    assert sentori.writes() == []


def test_a_rename_needs_the_key_of_the_tasks_that_remember(sentori: Sandbox) -> None:
    with pytest.raises(AirflowFailException, match="state_key: is needed with state_conn_id"):
        run(SentoriContactOperator, email=EMAILS[0], new_email="n@example.com", state_conn_id="sqlite")


def test_a_prediction_makes_no_table(sentori: Sandbox) -> None:
    assert run(SentoriImportOperator, source=PEOPLE, state_conn_id="sqlite", plan_only=True)["summary"]["created"] == 4
    with pytest.raises(Exception, match="no such table"):
        keys()


def test_the_arguments_of_the_memory_are_templates() -> None:
    for operator in (*OPERATORS, SentoriContactOperator):
        assert {"state_file", "state_conn_id", "state_table", "state_key"} <= set(operator.template_fields)
        assert json.dumps(list(operator.template_fields)).count("state_file") == 1
