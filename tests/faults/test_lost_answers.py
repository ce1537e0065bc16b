# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A write whose answer is lost: it is looked up, not sent again on a guess."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.apply import Contacts
from airflow_provider_sentori.core.contacts.desired import desired_contact
from airflow_provider_sentori.core.runs.outcome import Outcome
from sentori_sandbox import Sandbox

ACTED: list[dict[str, Any]] = [{"kind": "drop-after"}, {"kind": "half-json"}, {"kind": "short"}]
NOT_ACTED: list[dict[str, Any]] = [
    {"kind": "drop-before"},
    {"kind": "html"},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 502},
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 504},
]
WRITES: list[tuple[str, dict[str, Any], str]] = [
    ("contact/add", {"email": "new@example.com", "given": {"FirstName": "New"}}, "created"),
    ("contact/update", {"email": "joe@example.com", "given": {"FirstName": "Jo"}}, "updated"),
    ("contact/update", {"email": "joe@example.com", "new_email": "jo@example.com"}, "updated"),
    ("contact/delete", {"email": "joe@example.com", "state": "absent"}, "deleted"),
]


def make_true(api: SentoriApi, **desired: Any) -> Outcome:
    (outcome,) = Contacts(api).run([desired_contact(**desired)])
    return outcome


@pytest.fixture(autouse=True)
def joe(sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe")


@pytest.mark.parametrize("fault", ACTED, ids=str)
@pytest.mark.parametrize(("route", "desired", "action"), WRITES)
def test_a_write_that_took_is_not_sent_again(
    api: SentoriApi, sentori_sandbox: Sandbox, route: str, desired: Any, action: str, fault: Any
) -> None:
    sentori_sandbox.fault(route, **fault)
    outcome = make_true(api, **desired)
    assert (outcome.action, outcome.changed, outcome.warnings) == (action, True, ())
    assert len(sentori_sandbox.writes()) == 1
    assert make_true(api, **desired).action == "unchanged"


@pytest.mark.parametrize("fault", NOT_ACTED, ids=str)
@pytest.mark.parametrize(("route", "desired", "action"), WRITES)
def test_a_write_that_did_not_take_is_read_and_then_sent_again(
    api: SentoriApi, sentori_sandbox: Sandbox, route: str, desired: Any, action: str, fault: Any
) -> None:
    sentori_sandbox.fault(route, **fault)
    assert make_true(api, **desired).action == action
    methods = [entry.method for entry in sentori_sandbox.requests()]
    first, last = (at for at, method in enumerate(methods) if method == "POST")
    assert "GET" in methods[first:last]
    assert make_true(api, **desired).action == "unchanged"


@pytest.mark.parametrize(("route", "desired", "action"), WRITES)
def test_a_write_that_cannot_be_looked_up_is_in_doubt_by_name(
    api: SentoriApi, sentori_sandbox: Sandbox, route: str, desired: Any, action: str
) -> None:
    sentori_sandbox.fault("contact/get", kind="wait", seconds=0, times=2 if "new_email" in desired else 1)
    sentori_sandbox.fault(route, kind="drop-after")
    sentori_sandbox.fault("contact/get", kind="status", status=500, times=4)
    outcome = make_true(api, **desired)
    assert (outcome.action, outcome.changed) == ("in_doubt", False)
    assert f"It is not known whether the contact was {action}" in str(outcome.error)
    assert len(sentori_sandbox.writes()) == 1


def test_a_write_that_never_takes_is_given_up_and_said_to_be_in_doubt(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.fault("contact/update", kind="drop-before", times=3)
    outcome = make_true(api, email="joe@example.com", given={"FirstName": "Jo"})
    assert outcome.action == "in_doubt"
    assert len(sentori_sandbox.writes()) == 3


@pytest.mark.parametrize("headers", [{"Retry-After": "7"}, {"Retry-After": "0"}, {}])
@pytest.mark.parametrize(("route", "desired", "action"), WRITES)
def test_a_write_that_sentori_turned_away_is_simply_sent_again(
    api: SentoriApi, sentori_sandbox: Sandbox, route: str, desired: Any, action: str, headers: dict[str, str]
) -> None:
    sentori_sandbox.fault(route, kind="status", status=429, headers=headers, times=2)
    assert make_true(api, **desired).action == action
    methods = "".join(entry.method[0] for entry in sentori_sandbox.requests())
    assert methods.endswith("PPP")


@pytest.mark.parametrize("fault", [*ACTED, *NOT_ACTED], ids=str)
def test_a_read_is_repeated_after_any_passing_trouble(
    api: SentoriApi, sentori_sandbox: Sandbox, fault: dict[str, Any]
) -> None:
    sentori_sandbox.fault("contact/get", **fault, times=3)
    assert make_true(api, email="joe@example.com", given={"FirstName": "Joe"}).action == "unchanged"
    assert (api.statistics.requests, api.statistics.retries) == (4, 3)


def test_a_delete_that_somebody_else_did_first_changed_nothing(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": 101, "Message": "Contact not found"}'
    sentori_sandbox.fault("contact/delete", kind="status", status=404, body=body)
    outcome = make_true(api, email="joe@example.com", state="absent")
    assert (outcome.action, outcome.changed) == ("unchanged", False)


def test_an_add_that_sentori_refuses_is_a_failure_with_its_words(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.assume({"add-suppressed": "error-106"})
    sentori_sandbox.suppress("new@example.com")
    outcome = make_true(api, email="new@example.com")
    assert isinstance(outcome.error, errors.EmailAddressSuppressed)
    assert outcome.action == "failed"
