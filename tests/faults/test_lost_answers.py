# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A write whose response is lost is looked up before it is sent again."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.apply import apply_contact
from airflow_provider_sentori.core.contacts.desired import desired_contact
from airflow_provider_sentori.core.runs.outcome import Outcome
from sentori_sandbox import Sandbox

APPLIED: list[dict[str, Any]] = [{"kind": "drop-after"}, {"kind": "half-json"}, {"kind": "short"}]
NOT_APPLIED: list[dict[str, Any]] = [
    {"kind": "drop-before"},
    {"kind": "html"},
    {"kind": "status", "status": 304},
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


def apply(api: SentoriApi, **desired: Any) -> Outcome:
    return apply_contact(api, desired_contact(**desired))


@pytest.fixture(autouse=True)
def joe(sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe")


@pytest.mark.parametrize("fault", APPLIED, ids=str)
@pytest.mark.parametrize(("route", "desired", "action"), WRITES)
def test_a_write_that_was_applied_is_not_sent_again(
    api: SentoriApi, sentori_sandbox: Sandbox, route: str, desired: Any, action: str, fault: Any
) -> None:
    sentori_sandbox.fault(route, **fault)
    outcome = apply(api, **desired)
    assert (outcome.action, outcome.changed, outcome.warnings) == (action, True, ())
    assert len(sentori_sandbox.writes()) == 1
    assert apply(api, **desired).action == "unchanged"


@pytest.mark.parametrize("fault", NOT_APPLIED, ids=str)
@pytest.mark.parametrize(("route", "desired", "action"), WRITES)
def test_a_write_that_was_not_applied_is_looked_up_and_sent_again(
    api: SentoriApi, sentori_sandbox: Sandbox, route: str, desired: Any, action: str, fault: Any
) -> None:
    sentori_sandbox.fault(route, **fault)
    assert apply(api, **desired).action == action
    methods = [entry.method for entry in sentori_sandbox.requests()]
    first, last = (at for at, method in enumerate(methods) if method == "POST")
    assert "GET" in methods[first:last]
    assert apply(api, **desired).action == "unchanged"


@pytest.mark.parametrize(("route", "desired", "action"), WRITES)
def test_a_write_that_cannot_be_looked_up_is_in_doubt(
    api: SentoriApi, sentori_sandbox: Sandbox, route: str, desired: Any, action: str
) -> None:
    sentori_sandbox.fault("contact/get", kind="wait", seconds=0, times=2 if "new_email" in desired else 1)
    sentori_sandbox.fault(route, kind="drop-after")
    sentori_sandbox.fault("contact/get", kind="status", status=500, times=4)
    outcome = apply(api, **desired)
    assert (outcome.action, outcome.changed) == ("in_doubt", False)
    assert f"It is not known whether the contact was {action}" in str(outcome.error)
    assert len(sentori_sandbox.writes()) == 1


def test_a_write_that_is_lost_each_time_is_in_doubt_after_three_tries(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.fault("contact/update", kind="drop-before", times=3)
    outcome = apply(api, email="joe@example.com", given={"FirstName": "Jo"})
    assert outcome.action == "in_doubt"
    assert len(sentori_sandbox.writes()) == 3


@pytest.mark.parametrize("headers", [{"Retry-After": "7"}, {"Retry-After": "0"}, {}])
@pytest.mark.parametrize(("route", "desired", "action"), WRITES)
def test_a_write_refused_with_429_is_sent_again_without_a_lookup(
    api: SentoriApi, sentori_sandbox: Sandbox, route: str, desired: Any, action: str, headers: dict[str, str]
) -> None:
    sentori_sandbox.fault(route, kind="status", status=429, headers=headers, times=2)
    assert apply(api, **desired).action == action
    methods = "".join(entry.method[0] for entry in sentori_sandbox.requests())
    assert methods.endswith("PPP")


@pytest.mark.parametrize("fault", [*APPLIED, *NOT_APPLIED], ids=str)
def test_a_read_is_repeated_after_any_transient_error(
    api: SentoriApi, sentori_sandbox: Sandbox, fault: dict[str, Any]
) -> None:
    sentori_sandbox.fault("contact/get", **fault, times=3)
    assert apply(api, email="joe@example.com", given={"FirstName": "Joe"}).action == "unchanged"
    assert (api.statistics.requests, api.statistics.retries) == (4, 3)


def test_deleting_a_contact_that_was_deleted_meanwhile_is_unchanged(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": 101, "Message": "Contact not found"}'
    sentori_sandbox.fault("contact/delete", kind="status", status=404, body=body)
    outcome = apply(api, email="joe@example.com", state="absent")
    assert (outcome.action, outcome.changed) == ("unchanged", False)


def test_an_add_that_sentori_refuses_fails_with_its_error(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.assume({"add-suppressed": "error-106"})
    sentori_sandbox.suppress("new@example.com")
    outcome = apply(api, email="new@example.com")
    assert isinstance(outcome.error, errors.EmailAddressSuppressed)
    assert outcome.action == "failed"
