# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A code of Sentori's is a verdict about one person, or concerns the run; one row never stops the others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.runs.outcome import Outcome
from run_import import people, run
from run_many import on_contacts, on_list, on_suppressions
from sentori_sandbox import Sandbox

ABOUT_A_PERSON = [100, 101, 102, 103, 104, 105, 106, 107]
ABOUT_THE_RUN = [1, 2, 3, 200]
OTHERS = [-1, 300, 301, 400, 401, 999]


def refuse(sandbox: Sandbox, route: str, code: int, **more: Any) -> None:
    body = json.dumps({"Code": code, "Message": "No"})
    status = 403 if code in ABOUT_THE_RUN else 400
    sandbox.fault(route, kind="status", status=status, body=body, headers={"Content-Type": "application/json"}, **more)


@pytest.mark.parametrize("code", [*ABOUT_A_PERSON, *ABOUT_THE_RUN, *OTHERS])
def test_each_code_has_one_verdict(code: int) -> None:
    error = errors.api_error("contact/add", 400, code, "No")
    outcome = Outcome("mary@example.com", "created", "row 1").refused(error)
    assert error.is_about_a_person == (code in ABOUT_A_PERSON)
    assert error.concerns_run == (code in ABOUT_THE_RUN)
    assert outcome.action == ("rejected" if code in ABOUT_A_PERSON else "failed")
    assert (outcome.code, outcome.place, outcome.reason) == (code, "row 1", str(error))


@pytest.mark.parametrize("code", [code for code in ABOUT_A_PERSON if code != 101])
def test_a_row_whose_contact_cannot_be_read_because_of_the_person_is_rejected(
    api: SentoriApi, sentori_sandbox: Sandbox, code: int
) -> None:
    refuse(sentori_sandbox, "contact/get", code, match="p1@")
    ran = run(api, people(3))
    assert ran.actions == ["created", "rejected", "created"]
    assert ran.result.stopped_by is None


@pytest.mark.parametrize("code", [-1, 999])
def test_a_row_whose_contact_cannot_be_read_for_another_reason_is_failed(
    api: SentoriApi, sentori_sandbox: Sandbox, code: int
) -> None:
    refuse(sentori_sandbox, "contact/get", code, match="p1@")
    assert run(api, people(3)).actions == ["created", "failed", "created"]


@pytest.mark.parametrize("code", ABOUT_THE_RUN)
def test_a_wrong_key_stops_the_run_before_any_write(api: SentoriApi, sentori_sandbox: Sandbox, code: int) -> None:
    refuse(sentori_sandbox, "contact/get", code, match="p1@")
    with pytest.raises(errors.ApiError):
        run(api, people(3))
    assert sentori_sandbox.writes() == []


@pytest.mark.parametrize("compare", [True, False])
def test_an_address_that_sentori_finds_malformed_is_rejected_and_does_not_stop_the_others(
    api: SentoriApi, compare: bool
) -> None:
    ran = run(api, [*people(20), {"EmailAddress": "a..b@example.com"}], compare=compare)
    assert ran.result.summary["created"] == 20 and ran.result.summary["rejected"] == 1
    assert not ran.result.summary["failed"]


def subscribed(api: SentoriApi, emails: list[str]) -> list[Outcome]:
    return on_list(api, "NEWS", emails, create_missing=True, concurrency=1)


def contacts(api: SentoriApi, emails: list[str]) -> list[Outcome]:
    return on_contacts(api, [{"EmailAddress": email} for email in emails], concurrency=1)


def suppressed(api: SentoriApi, emails: list[str]) -> list[Outcome]:
    return on_suppressions(api, emails, is_counted=True, concurrency=1)


TOOLS: list[tuple[Any, str]] = [
    (contacts, "contact/get"), (contacts, "contact/add"),
    (subscribed, "contact/get"), (subscribed, "contact/subscribe"),
    (suppressed, "contact/get"), (suppressed, "contact/unsubscribe/all"),
]  # fmt: skip


@pytest.mark.parametrize("code", [*ABOUT_A_PERSON, *ABOUT_THE_RUN, *OTHERS])
@pytest.mark.parametrize(("tool", "route"), TOOLS, ids=[f"{tool.__name__}-{route}" for tool, route in TOOLS])
def test_each_code_has_the_same_verdict_in_every_tool(
    api: SentoriApi, sentori_sandbox: Sandbox, tool: Any, route: str, code: int
) -> None:
    sentori_sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    emails = [row["EmailAddress"] for row in people(3)]
    refuse(sentori_sandbox, route, code, match="p1@", times=1)
    if code in ABOUT_THE_RUN and route == "contact/get":
        with pytest.raises(errors.ApiError):
            tool(api, emails)
        assert sentori_sandbox.writes() == []
        return
    first, second, third = sorted(tool(api, emails), key=lambda outcome: outcome.email)
    assert first.error is None
    if code in ABOUT_THE_RUN:
        assert (second.action, third.action) == ("failed", "failed")
        return
    assert third.error is None and not third.reason
    if code == 101 and route == "contact/get":
        assert second.error is None
    elif tool is subscribed and code in (106, 107):
        assert second.action == "not_mailable"
    elif route == "contact/add" and code == 102:
        assert second.action in ("rejected", "unchanged")
    else:
        assert second.action == ("rejected" if code in ABOUT_A_PERSON else "failed") and second.code == code
