# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The contact operator: its life cycle, what it returns and logs, and how it fails."""

from __future__ import annotations

import json
import socket
import traceback
from datetime import datetime
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import DAG, AirflowException, AirflowFailException, BaseOperator
from airflow_provider_sentori.operators.sentori import SentoriContactOperator

MARY = "mary.major@example.com"
NEW = "mary.example@example.org"
KEY = "6b8f7c2e-0000-4000-8000-000000000001"


def operator(**arguments: Any) -> SentoriContactOperator:
    return SentoriContactOperator(**{"task_id": "mary", "email": MARY, **arguments})


def execute(**arguments: Any) -> dict[str, Any]:
    return operator(**arguments).execute({})


def without_cost(result: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name not in ("api", "plan_only")}


STEPS = {
    "create": ({}, {"fields": {"FirstName": "Mary", "IsBadEmailAddress": "no"}}, "created"),
    "change": ({"FirstName": "Mary"}, {"fields": {"FirstName": "Marie", "LastName": ""}}, "updated"),
    "clear": ({"KnownAs": "May"}, {"fields": {"KnownAs": None}}, "updated"),
    "rename": ({"FirstName": "Mary"}, {"new_email": NEW, "fields": {"LastName": "Example"}}, "updated"),
    "remove": ({"FirstName": "Mary"}, {"state": "absent"}, "deleted"),
}


@pytest.mark.parametrize("step", STEPS)
def test_each_change_is_predicted_applied_and_then_unchanged(sentori, step: str) -> None:
    before, wanted, action = STEPS[step]
    if before:
        sentori.put_contact(MARY, **before)

    predicted = execute(**wanted, plan_only=True)
    assert sentori.writes() == []
    done = execute(**wanted)
    assert len(sentori.writes()) == 1
    predicted_again = execute(**wanted, plan_only=True)
    done_again = execute(**wanted)
    assert len(sentori.writes()) == 1

    assert without_cost(predicted) == without_cost(done)
    assert (done["changed"], done["action"], bool(done["fields"])) == (True, action, action != "deleted")
    assert without_cost(predicted_again) == without_cost(done_again)
    assert (done_again["changed"], done_again["action"], done_again["fields"]) == (False, "unchanged", [])
    assert (predicted["plan_only"], done["plan_only"]) == (True, False)


def test_the_result_contains_names_and_counts_and_no_personal_data(sentori) -> None:
    sentori.put_contact(MARY, FirstName="Mary")

    result = execute(email=" Mary.Major@EXAMPLE.com ", new_email=NEW, fields={"FirstName": "Marie"})

    assert result == {
        "changed": True,
        "action": "updated",
        "email_hash": "787dae5563747183",
        "fields": ["EmailAddress", "FirstName"],
        "warnings": [],
        "api": {"requests": 3, "retries": 0, "waited_seconds": 0.0},
        "plan_only": False,
    }
    assert json.loads(json.dumps(result)) == result


def test_a_value_that_sentori_did_not_store_is_a_warning_that_names_the_field(sentori) -> None:
    sentori.put_contact(MARY, FirstName="Mary")
    sentori.fault("contact/update", kind="status", status=200, body=sentori.contact(MARY))

    result = execute(fields={"FirstName": "Marie"})

    assert (result["changed"], result["action"]) == (False, "unchanged")
    assert len(result["warnings"]) == 1
    assert "FirstName" in result["warnings"][0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"email": "nobody"}, "email: this is not an email address (a name, @ and a domain are expected)."),
        ({"email": ""}, "email: the email address is missing."),
        ({"email": None}, "email: the email address is missing."),
        ({"new_email": "nobody"}, "new_email: this is not an email address (a name, @ and a domain are expected)."),
        ({"state": "abesnt"}, "state: 'abesnt' is not one of present, absent."),
        ({"state": None}, "state: None is not one of present, absent."),
        ({"plan_only": "perhaps"}, "plan_only: 'perhaps' is neither true nor false."),
        ({"state": "absent", "fields": {"FirstName": "Mary"}}, "fields: can only be used with state present."),
        ({"fields": {"FirstName": ["Mary"]}}, "fields.FirstName: a single value is needed, and type list was given."),
        ({"fields": "FirstName=Mary"}, "fields: a mapping of field names to values is needed."),
    ],
)
def test_invalid_input_fails_without_retry_before_any_request(
    sentori, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(AirflowFailException) as failure:
        execute(**arguments)

    assert str(failure.value) == sentence
    assert sentori.requests() == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"FirstNam": "Mary"}, "fields.FirstNam: this account has no field named FirstNam. Did you mean FirstName?"),
        (
            {"IsBadEmailAddress": "perhaps"},
            "fields.IsBadEmailAddress: this field is a boolean: true or false is needed.",
        ),
    ],
)
def test_an_invalid_field_fails_without_retry_before_any_write(sentori, fields, sentence: str) -> None:
    with pytest.raises(AirflowFailException) as failure:
        execute(fields=fields)

    assert str(failure.value) == sentence
    assert sentori.writes() == []


@pytest.mark.parametrize("key", ["wrong", "locked", "gone", "empty"])
def test_a_key_without_an_account_fails_without_retry(sentori, connection, key: str) -> None:
    keys = {"wrong": KEY, "locked": sentori.locked_key, "gone": sentori.gone_key, "empty": ""}
    stored = connection(host=sentori.url, password=keys[key])

    with pytest.raises(AirflowFailException) as failure:
        execute(sentori_conn_id=stored)

    assert len(sentori.requests()) == (0 if key == "empty" else 1)
    assert not keys[key] or keys[key] not in str(failure.value)


def test_an_address_in_use_fails_without_retry(sentori) -> None:
    sentori.put_contact(MARY)
    sentori.put_contact(NEW)

    with pytest.raises(AirflowFailException, match="code 102"):
        execute(new_email=NEW)

    assert sentori.writes() == []


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        ("contact/get", {"kind": "status", "status": 429, "headers": {"Retry-After": "60"}}),
        ("contact/get", {"kind": "status", "status": 502}),
        ("contact/get", {"kind": "drop-before"}),
        ("contact/get", {"kind": "html"}),
        ("contact/add", {"kind": "status", "status": 503, "headers": {"Retry-After": "60"}}),
    ],
)
def test_a_transient_error_is_retried_and_the_next_run_succeeds(
    sentori, connection, route: str, fault: dict[str, Any]
) -> None:
    without_wait = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.fault(route, **fault)

    with pytest.raises(AirflowException) as failure:
        execute(sentori_conn_id=without_wait, fields={"FirstName": "Mary"})
    assert not isinstance(failure.value, AirflowFailException)

    assert execute(sentori_conn_id=without_wait, fields={"FirstName": "Mary"})["action"] == "created"


def test_a_write_in_doubt_is_retried(sentori, connection) -> None:
    without_wait = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.put_contact(MARY, FirstName="Mary")
    sentori.fault("contact/update", kind="drop-before")
    sentori.fault("contact/update", kind="status", status=404, body={"Code": 101, "Message": "Contact not found"})
    sentori.fault("contact/get", kind="status", status=200, body=sentori.contact(MARY), times=2)
    sentori.fault("contact/get", kind="status", status=403, body={"Code": 2, "Message": "Failed to set account"})

    with pytest.raises(AirflowException, match="It is not known whether the contact was updated") as failure:
        execute(sentori_conn_id=without_wait, fields={"FirstName": "Marie"})
    assert not isinstance(failure.value, AirflowFailException)

    assert execute(sentori_conn_id=without_wait, fields={"FirstName": "Marie"})["action"] == "updated"


def test_a_refused_connection_is_retried(connection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    stored = connection(host=f"http://127.0.0.1:{port}", password=KEY, extra={"max_wait": 0})

    with pytest.raises(AirflowException, match="Connection refused") as failure:
        execute(sentori_conn_id=stored)

    assert not isinstance(failure.value, AirflowFailException)


def test_a_redirect_fails_without_retry_and_is_not_followed(sentori) -> None:
    sentori.fault("contact/get", kind="redirect")

    with pytest.raises(AirflowFailException, match="Redirects are not followed"):
        execute()

    assert len(sentori.requests()) == 1


@pytest.mark.parametrize("fields", [{"FirstNam": "Secret"}, {"joe.public@example.net": "Secret"}])
def test_a_failure_and_its_frames_contain_no_personal_data(sentori, fields: dict[str, str]) -> None:
    with pytest.raises(AirflowException) as failure:
        execute(fields=fields, new_email=NEW)

    error = failure.value
    assert (error.__cause__, error.__context__) == (None, None)
    shown = traceback.TracebackException.from_exception(error, capture_locals=True, limit=-2).format()
    for personal in (MARY, NEW, "joe.public@example.net", "Secret", sentori.api_key):
        assert not any(personal in line for line in shown)


@pytest.mark.filterwarnings("ignore:Setting email")
def test_a_failed_task_sends_no_mail_to_the_contact() -> None:
    with DAG("mail", schedule=None, start_date=datetime(2026, 1, 1), default_args={"email": "ops@example.org"}):
        with_mail = operator()

    assert operator().email is None
    assert with_mail.email == "ops@example.org"


def test_no_argument_shadows_an_attribute_of_airflow() -> None:
    inherited = {*dir(BaseOperator(task_id="any")), *vars(BaseOperator(task_id="any"))}

    assert not inherited & (set(vars(operator())) - set(vars(BaseOperator(task_id="any"))))
    assert not inherited & set(SentoriContactOperator.template_fields)


def test_each_argument_is_templated(sentori) -> None:
    sentori.put_contact(MARY)
    task = operator(
        email="{{ who }}@example.com",
        state="{{ 'present' }}",
        fields={"FirstName": "{{ who.partition('.')[0] | title }}"},
        new_email="{{ who }}@example.org",
        plan_only="{{ not real }}",
        sentori_conn_id="{{ 'sentori' }}_default",
    )

    task.render_template_fields({"who": "mary.major", "real": True})

    assert task.execute({})["changed"]
    assert sentori.writes()[0].body == {"EmailAddress": "mary.major@example.org", "FirstName": "Mary"}


def test_plan_only_can_be_text(sentori) -> None:
    assert execute(plan_only="True")["plan_only"] is True
    assert sentori.writes() == []
    assert execute(plan_only="False")["plan_only"] is False
    assert len(sentori.writes()) == 1
