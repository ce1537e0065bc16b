# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The subscription operator: subscribe, unsubscribe or suppress one address."""

from __future__ import annotations

import json
import traceback
from collections import Counter
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException, BaseOperator
from airflow_provider_sentori.operators.sentori import SentoriSubscriptionOperator
from sentori_sandbox import Sandbox

MARY = "mary.major@example.com"
NEWS = "NEWS2026"
LISTS = [{"ExternalID": NEWS, "Name": "News"}, {"ExternalID": "OFFERS26", "Name": "Offers"}]
ASSUMPTIONS: list[dict[str, str]] = [
    {},
    {
        "code-type": "string",
        "list-system-id": "number",
        "undocumented-answers": "contact",
        "subscribe-suppressed": "unsuppresses",
    },
    {
        "undocumented-answers": "no-content",
        "subscribe-suppressed": "ignored",
        "subscribe-unknown": "create",
        "subscribers-unconfirmed": "excluded",
        "unsubscribe-not-member": "error-101",
    },
]
ON_THE_LIST, OFF_THE_LIST = [MARY], list[str]()
STEPS = {
    "subscribe": (OFF_THE_LIST, {"mailing_list": NEWS}, "subscribed", ON_THE_LIST),
    "subscribe by name": (OFF_THE_LIST, {"mailing_list": "News"}, "subscribed", ON_THE_LIST),
    "unsubscribe": (ON_THE_LIST, {"mailing_list": NEWS, "state": "unsubscribed"}, "unsubscribed", OFF_THE_LIST),
    "suppress": (ON_THE_LIST, {"state": "suppressed"}, "suppressed", OFF_THE_LIST),
}


@pytest.fixture(autouse=True)
def lists(sentori: Sandbox) -> None:
    sentori.reset(seed={"mailing_lists": LISTS})


def operator(**arguments: Any) -> SentoriSubscriptionOperator:
    return SentoriSubscriptionOperator(**{"task_id": "mary", "email": MARY, **arguments})


def execute(**arguments: Any) -> dict[str, Any]:
    return operator(**arguments).execute({})


def without_cost(result: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name not in ("api", "plan_only")}


def routes(sentori: Sandbox) -> Counter[str]:
    found = Counter(entry.route for entry in sentori.requests())
    sentori.clear_requests()
    return found


@pytest.mark.parametrize("assumptions", ASSUMPTIONS, ids=["default", "otherwise", "silent"])
@pytest.mark.parametrize("step", STEPS)
def test_each_change_is_predicted_applied_and_then_unchanged(sentori, step: str, assumptions: dict[str, str]) -> None:
    before, wanted, action, after = STEPS[step]
    sentori.assume(assumptions)
    sentori.put_contact(MARY)
    for email in before:
        sentori.subscribe(email, NEWS)

    predicted = execute(**wanted, plan_only=True)
    assert sentori.writes() == []
    done = execute(**wanted)
    assert len(sentori.writes()) == 1
    assert sentori.subscribers(NEWS) == after
    predicted_again = execute(**wanted, plan_only=True)
    done_again = execute(**wanted, email=f" {MARY.upper()} ")
    assert len(sentori.writes()) == 1

    assert without_cost(predicted) == without_cost(done)
    assert (done["changed"], done["action"]) == (True, action)
    assert without_cost(predicted_again) == without_cost(done_again)
    assert (done_again["changed"], done_again["action"]) == (False, "unchanged")
    assert sentori.suppression_list() == ([MARY] if action == "suppressed" else [])


def test_the_result_contains_names_and_counts_and_no_personal_data(sentori) -> None:
    result = execute(mailing_list=NEWS, create_missing=True)

    assert result == {
        "changed": True,
        "action": "subscribed",
        "email_hash": "787dae5563747183",
        "mailing_list": NEWS,
        "added": True,
        "api": {"requests": 5, "retries": 0, "waited_seconds": 0.0},
        "plan_only": False,
    }
    assert json.loads(json.dumps(result)) == result


def test_an_unchanged_subscription_takes_one_read(sentori) -> None:
    sentori.put_contact(MARY)
    sentori.subscribe(MARY, NEWS)

    execute(mailing_list=NEWS)

    assert routes(sentori) == {"mailinglists/subscribers": 1}


def test_a_change_reads_the_list_before_and_after(sentori) -> None:
    sentori.put_contact(MARY)

    execute(mailing_list=NEWS)
    assert routes(sentori) == {"mailinglists/subscribers": 2, "contact/get": 1, "contact/subscribe": 1}
    execute(mailing_list=NEWS, state="unsubscribed")
    assert routes(sentori) == {"mailinglists/subscribers": 2, "contact/unsubscribe": 1}
    execute(state="suppressed")
    assert routes(sentori) == {"contact/get": 2, "contact/unsubscribe/all": 1}


@pytest.mark.parametrize("plan_only", [True, False])
@pytest.mark.parametrize("answer", ["accepted", "ignored", "error-106", "unsuppresses"])
@pytest.mark.parametrize(
    ("contact", "code", "message"),
    [
        ({"IsSuppressed": True}, "number", "the address is suppressed: this person opted out"),
        ({"IsSuppressed": True}, "string", "the address is suppressed: this person opted out"),
        ({"IsBadEmailAddress": True}, "number", "marked as a bad address"),
        (None, "string", "no contact has this address. Add the contact first, or set create_missing."),
    ],
)
def test_an_ineligible_address_fails_without_retry_and_without_a_write(
    sentori, contact: dict[str, Any] | None, code: str, message: str, answer: str, plan_only: bool
) -> None:
    sentori.assume({"subscribe-suppressed": answer, "code-type": code})
    if contact is not None:
        sentori.put_contact(MARY, **contact)

    with pytest.raises(AirflowFailException, match=message):
        execute(mailing_list=NEWS, plan_only=plan_only)

    assert sentori.writes() == []


def test_an_unverifiable_call_is_sent_each_time_and_is_no_change(sentori) -> None:
    sentori.put_contact(MARY, IsSuppressed=True)
    sentori.subscribe(MARY, NEWS)

    predicted = execute(mailing_list=NEWS, state="unsubscribed", plan_only=True)
    assert sentori.writes() == []
    first, second = (execute(mailing_list=NEWS, state="unsubscribed") for _ in range(2))

    assert without_cost(predicted) == without_cost(first) == without_cost(second)
    assert (first["changed"], first["action"]) == (False, "unverifiable")
    assert len(sentori.writes()) == 2
    assert sentori.subscribers(NEWS) == []


def test_suppressing_an_address_without_a_contact_is_unverifiable(sentori) -> None:
    result = execute(state="suppressed")

    assert (result["changed"], result["action"], result["mailing_list"]) == (False, "unverifiable", None)
    assert sentori.suppression_list() == [MARY]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"email": "nobody"}, "email: this is not an email address (a name, @ and a domain are expected)."),
        ({"email": None}, "email: the email address is missing."),
        ({"state": "gone"}, "state: 'gone' is not one of subscribed, unsubscribed, suppressed."),
        ({"mailing_list": None}, "mailing_list: None is not the ID or the name of a mailing list."),
        ({"mailing_list": ""}, "mailing_list: '' is not the ID or the name of a mailing list."),
        (
            {"mailing_list": "..", "state": "unsubscribed"},
            "mailing_list: '..' is not the ID or the name of a mailing list.",
        ),
        (
            {"state": "suppressed"},
            "mailing_list: cannot be used with state suppressed, which takes the address off every list for good."
            " Use state unsubscribed to take it off this list alone.",
        ),
        ({"state": "unsubscribed", "create_missing": True}, "create_missing: can only be used with state subscribed."),
        ({"create_missing": "perhaps"}, "create_missing: 'perhaps' is neither true nor false."),
        ({"plan_only": "perhaps"}, "plan_only: 'perhaps' is neither true nor false."),
    ],
)
def test_invalid_input_fails_without_retry_before_any_request(
    sentori, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(AirflowFailException) as failure:
        execute(**{"mailing_list": NEWS, **arguments})

    assert str(failure.value) == sentence
    assert sentori.requests() == []


@pytest.mark.parametrize("state", ["subscribed", "unsubscribed"])
def test_an_unknown_list_fails_without_retry_and_the_existing_lists_are_named(sentori, state: str) -> None:
    with pytest.raises(AirflowFailException, match=r"There are: NEWS2026 \(News\), OFFERS26 \(Offers\)\.$"):
        execute(mailing_list="NEWS2025", state=state)

    assert sentori.writes() == []


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        ("mailinglists/subscribers", {"kind": "status", "status": 502}),
        ("contact/get", {"kind": "drop-before"}),
        ("contact/subscribe", {"kind": "status", "status": 429, "headers": {"Retry-After": "60"}}),
    ],
)
def test_a_transient_error_is_retried_and_the_next_run_succeeds(
    sentori, connection, route: str, fault: dict[str, Any]
) -> None:
    without_wait = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.put_contact(MARY)
    sentori.fault(route, **fault)

    with pytest.raises(AirflowException) as failure:
        execute(mailing_list=NEWS, sentori_conn_id=without_wait)
    assert not isinstance(failure.value, AirflowFailException)

    assert execute(mailing_list=NEWS, sentori_conn_id=without_wait)["action"] == "subscribed"


def test_a_failure_and_its_frames_contain_no_personal_data(sentori) -> None:
    with pytest.raises(AirflowException) as failure:
        execute(mailing_list=NEWS)

    error = failure.value
    assert (error.__cause__, error.__context__) == (None, None)
    shown = traceback.TracebackException.from_exception(error, capture_locals=True, limit=-2).format()
    assert not any(personal in line for line in shown for personal in (MARY, sentori.api_key))


def test_no_argument_shadows_an_attribute_of_airflow() -> None:
    inherited = {*dir(BaseOperator(task_id="any")), *vars(BaseOperator(task_id="any"))}

    assert operator().email is None
    assert not inherited & (set(vars(operator())) - set(vars(BaseOperator(task_id="any"))))


def test_each_argument_is_templated(sentori) -> None:
    sentori.put_contact(MARY)
    task = operator(
        email="{{ who }}@example.com",
        mailing_list="{{ list }}",
        state="{{ 'subscribed' }}",
        create_missing="{{ not real }}",
        plan_only="{{ not real }}",
        sentori_conn_id="{{ 'sentori' }}_default",
    )

    task.render_template_fields({"who": "mary.major", "list": NEWS, "real": True})

    assert task.execute({})["action"] == "subscribed"
    assert sentori.subscribers(NEWS) == [MARY]
