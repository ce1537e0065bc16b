# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The results of modules after failures, and their diffs."""

from __future__ import annotations

from modules import Modules
from sentori_sandbox import Sandbox

CONTACT = "sentori_contact"
CONTACTS = "sentori_contacts"
SUBSCRIPTION = "sentori_subscription"
SUBSCRIBERS = "sentori_subscribers"
JOE = {"email": "joe@example.com"}


def test_an_invalid_address_in_a_list_sends_nothing(modules: Modules, sentori_sandbox: Sandbox) -> None:
    rows = [{"EmailAddress": "joe@example.com"}, {"EmailAddress": "joe"}]
    modules.run(CONTACTS, {"contacts": rows})
    assert sentori_sandbox.requests() == []


def test_a_failed_item_is_named_and_the_others_are_applied(modules: Modules, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": 107, "Message": "Email Address marked as Bad"}'
    sentori_sandbox.fault("contact/add", kind="status", match="p1@", status=400, body=body)
    rows = [{"EmailAddress": f"p{number}@example.com"} for number in range(3)]
    result = modules.run(CONTACTS, {"contacts": rows})
    assert result["failed"] and result["changed"]
    assert [entry["action"] for entry in result["results"]] == ["created", "failed", "created"]
    assert result["results"][1]["code"] == 107
    assert result["msg"] == (
        "1 of 3 contacts failed. contacts[1] (p***@example.com): contact/add: Sentori said:"
        " Email Address marked as Bad (code 107, HTTP 400)."
    )
    assert result["summary"]["failed"] == 1 and result["api"]["requests"] == 6


def test_too_many_unsubscribes_fail_with_redacted_examples(modules: Modules, sentori_sandbox: Sandbox) -> None:
    people = [f"p{number}@example.com" for number in range(20)]
    lists = [{"ExternalID": "NEWS", "Name": "News", "subscribers": people}]
    sentori_sandbox.reset(seed={"contacts": [{"EmailAddress": email} for email in people], "mailing_lists": lists})
    options = {"mailing_list": "NEWS", "emails": people[:10], "exact": True, "max_unsubscribes": "5%"}
    result = modules.run(SUBSCRIBERS, options)
    assert result["msg"] == (
        "max_unsubscribes: 10 of 20 subscribers would be removed; the limit is 1 (5%)."
        " Nothing was sent. They are: " + ", ".join(["p***@example.com"] * 5) + ", and 5 more."
    )
    assert sentori_sandbox.writes() == []


def test_the_diff_shows_a_refused_subscriber_as_not_subscribed(modules: Modules, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    sentori_sandbox.suppress("joe@example.com")
    result = modules.run(SUBSCRIPTION, {**JOE, "mailing_list": "NEWS", "create_missing": True}, diff=True)
    assert (result["failed"], result["code"], result["changed"], result["added"]) == (True, 106, True, True)
    assert result["diff"] == {"before": {"a contact": False}, "after": {"a contact": True}}


def test_the_diff_of_a_list_is_sorted_and_bounded(modules: Modules, sentori_sandbox: Sandbox) -> None:
    people = [f"p{number}@example.com" for number in range(5)]
    lists = [{"ExternalID": "NEWS", "Name": "News", "subscribers": ["z@example.com"]}]
    contacts = [{"EmailAddress": email} for email in [*people, "z@example.com"]]
    sentori_sandbox.reset(seed={"contacts": contacts, "mailing_lists": lists})
    options = {"mailing_list": "NEWS", "emails": people[::-1], "exact": True, "max_unsubscribes": 1, "diff_limit": 2}
    result = modules.run(SUBSCRIBERS, options, diff=True, check=True)
    assert result["diff"] == {
        "before": "z@example.com\n",
        "after": "p0@example.com\np1@example.com\n... and 3 more\n",
    }
    assert [entry["email"] for entry in result["results"]] == [*people[::-1], "z@example.com"]


def test_a_failed_call_returns_its_operation_and_code(modules: Modules, sentori_sandbox: Sandbox) -> None:
    for email in ("joe@example.com", "jo@example.com"):
        sentori_sandbox.put_contact(email)
    result = modules.run(CONTACT, {**JOE, "new_email": "jo@example.com"})
    assert (result["operation"], result["code"]) == ("contact/update", 102)
    assert "another contact already has the address in new_email" in result["msg"]


def test_an_unknown_outcome_is_returned_as_in_doubt(modules: Modules, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("contact/get", kind="wait", seconds=0)
    sentori_sandbox.fault("contact/add", kind="drop-after")
    sentori_sandbox.fault("contact/get", kind="status", status=500, times=4)
    result = modules.run(CONTACT, JOE)
    assert (result["failed"], result["action"], result["changed"]) == (True, "in_doubt", False)
    assert result["diff"]["after"] == {"EmailAddress": "joe@example.com"}
    assert "It is not known whether the contact was created" in result["msg"]


def test_a_missing_key_fails_and_says_where_to_set_it(modules: Modules) -> None:
    del modules.environment["SENTORI_API_KEY"]
    result = modules.run(CONTACT, JOE)
    advice = "Set api_key, or the environment variable SENTORI_API_KEY on the host where the task runs."
    assert result["msg"] == f"api_key: no API key was given. {advice}"
