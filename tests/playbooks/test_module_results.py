# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The results of modules after failures, and their diffs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from modules import Modules
from sentori_sandbox import Sandbox

CONTACT = "sentori_contact"
CONTACTS = "sentori_contacts"
SUBSCRIPTION = "sentori_subscription"
SUBSCRIBERS = "sentori_subscribers"
IMPORT = "sentori_import"
JOE = {"email": "joe@example.com"}


ITEMS = ["p0@example.com", "joe", "P0@example.com", "p1@example.com", "p2@example.com"]


@pytest.mark.parametrize(
    "options",
    [
        (CONTACTS, {"contacts": [{"EmailAddress": email} for email in ITEMS]}),
        (SUBSCRIBERS, {"mailing_list": "NEWS", "create_missing": True, "emails": ITEMS}),
        (IMPORT, {"contacts": [{"EmailAddress": email} for email in ITEMS]}),
    ],
    ids=lambda options: options[0],
)
def test_one_person_never_stops_the_rest(modules: Modules, sentori_sandbox: Sandbox, options: Any) -> None:
    sentori_sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    body = '{"Code": 100, "Message": "Email Address not valid"}'
    sentori_sandbox.fault("contact/get", kind="status", match="p1@", status=400, body=body, times=2)
    module, given = options
    result = modules.run(module, given)

    assert result["failed"] and result["changed"]
    assert [(one["place"][-3:], one["outcome"], one.get("code")) for one in result["problems"]] == [
        ("[3]", "rejected", 100),
        ("[1]", "invalid", None),
        ("[2]", "duplicate", None),
    ]
    assert result["msg"].startswith("Invalid or rejected rows: 2 of 5; the limit is 0 (max_rejected).")
    assert "[3]: contact/get: Sentori said: Email Address not valid (code 100, HTTP 400)." in result["msg"]
    assert "[1].EmailAddress: this is" in result["msg"] or "emails[1]: this is" in result["msg"]
    assert {contact["EmailAddress"] for contact in sentori_sandbox.contacts()} == {"p0@example.com", "p2@example.com"}
    if module != IMPORT:
        found = [entry["action"] for entry in result["results"]]
        assert found[1:4] == ["invalid", "duplicate", "rejected"] and result["results"][3]["code"] == 100
    assert "failed" not in modules.run(module, {**given, "max_rejected": "40%"})


@pytest.mark.parametrize("module", [CONTACTS, SUBSCRIBERS, IMPORT])
def test_rejects_can_be_given_as_a_source_again(
    modules: Modules, sentori_sandbox: Sandbox, tmp_path: Path, module: str
) -> None:
    sentori_sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    lines = ["mail;FirstName", "p0@example.com;Zoë", "p1.example.com;Ann", "short", '"p2@example.com";"a;b"']
    (tmp_path / "people.csv").write_text("\n".join(lines), encoding="cp1252")
    files = {name: str(tmp_path / name) for name in ("report.jsonl", "rejects.csv", "again.csv")}
    options = {
        "columns": {"mail": "EmailAddress"},
        "delimiter": ";",
        "encoding": "cp1252",
        "report": files["report.jsonl"],
        **({"mailing_list": "NEWS", "create_missing": True} if module == SUBSCRIBERS else {}),
    }
    src = str(tmp_path / "people.csv")
    assert "failed" in modules.run(module, {**options, "src": src, "rejects": files["rejects.csv"]})
    rejects = Path(files["rejects.csv"]).read_text("cp1252")
    assert [line.rpartition(";")[2] for line in rejects.splitlines()] == ["FirstName", "Ann", "short"]
    assert rejects.splitlines()[0] == "_reason;mail;FirstName" and Path(files["rejects.csv"]).stat().st_mode & 0o77 == 0

    corrected = rejects.replace("p1.example.com", "p1@example.com").replace(";short", ";p3@example.com;Zoë")
    Path(files["rejects.csv"]).write_text(corrected, "cp1252")
    result = modules.run(module, {**options, "src": files["rejects.csv"], "rejects": files["again.csv"]})
    assert "failed" not in result and result["summary"]["total"] == 2
    assert Path(files["again.csv"]).read_text("cp1252") == "_reason;mail;FirstName\n"
    assert len(sentori_sandbox.contacts()) == 4
    assert json.loads(Path(files["report.jsonl"]).read_text().splitlines()[-1])["summary"]["total"] == 2


def test_the_diff_of_many_contacts_is_bounded(modules: Modules) -> None:
    rows = [{"EmailAddress": f"p{number}@example.com", "FirstName": "P"} for number in range(5)]
    result = modules.run(CONTACTS, {"contacts": rows, "diff_limit": 2}, diff=True)
    stored = {
        f"p{number}@example.com": {"EmailAddress": f"p{number}@example.com", "FirstName": "P"} for number in (0, 1)
    }
    assert result["diff"] == {"before": {}, "after": {**stored, "...": "and 3 more"}}


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


def test_the_diff_of_a_list_is_bounded(modules: Modules, sentori_sandbox: Sandbox) -> None:
    people = [f"p{number}@example.com" for number in range(5)]
    lists = [{"ExternalID": "NEWS", "Name": "News", "subscribers": ["z@example.com"]}]
    contacts = [{"EmailAddress": email} for email in [*people, "z@example.com"]]
    sentori_sandbox.reset(seed={"contacts": contacts, "mailing_lists": lists})
    options = {"mailing_list": "NEWS", "emails": people[::-1], "exact": True, "max_unsubscribes": 1, "diff_limit": 2}
    result = modules.run(SUBSCRIBERS, options, diff=True, check=True)
    assert result["diff"] == {
        "before": "z@example.com\n",
        "after": "p4@example.com\np3@example.com\n... and 3 more\n",
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
