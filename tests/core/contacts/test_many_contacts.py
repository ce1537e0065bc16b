# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many contacts in one run: order, and which errors stop the run."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.runs.outcome import OF_CONTACTS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run_many import on_contacts, summary_of
from sentori_sandbox import Sandbox

PEOPLE = [f"person{number}@example.com" for number in range(20)]


def rows(**fields: Any) -> list[dict[str, Any]]:
    return [{"EmailAddress": email, **fields} for email in PEOPLE]


def test_outcomes_are_in_row_order_and_each_contact_takes_one_read_and_one_write(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    outcomes = on_contacts(api, rows(FirstName="P"), concurrency=8)
    assert [outcome.email for outcome in outcomes] == PEOPLE
    counts = dict.fromkeys(
        ["updated", "deleted", "unchanged", "duplicate", "invalid", "rejected", "in_doubt", "failed"], 0
    )
    assert summary_of(outcomes, OF_CONTACTS) == {"total": 20, "created": 20, **counts}
    routes = [entry.route for entry in sentori_sandbox.requests()]
    assert sorted(routes) == ["contact/add"] * 20 + ["contact/get"] * 20 + ["contact/getstructure"]


def test_nothing_is_written_before_everything_is_read(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    on_contacts(api, rows(), concurrency=8)
    methods = [entry.method for entry in sentori_sandbox.requests()]
    assert methods == ["GET"] * 20 + ["POST"] * 20


def test_invalid_items_are_named_and_the_others_are_written(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    items: list[Any] = [
        *rows(FirstName="P"),
        "joe@example.com",
        {"FirstName": "P"},
        {"EmailAddress": PEOPLE[3].upper()},
    ]
    items[3]["Fristname"] = "P"
    items[7]["IsBadEmailAddress"] = "perhaps"
    items[9]["LastName"] = ["P"]
    outcomes = on_contacts(api, items, concurrency=8)
    refused = {one.place: one.reason for one in outcomes if one.action == "invalid"}
    assert refused.pop("contacts[3]").startswith(
        "contacts[3].Fristname: this account has no field named Fristname. Did you mean FirstName?"
    )
    assert refused.pop("contacts[7]").startswith("contacts[7].IsBadEmailAddress: this field is a boolean")
    assert refused.pop("contacts[9]").startswith("contacts[9].LastName: ")
    assert refused.pop("contacts[20]") == "contacts[20]: this is not a mapping of field names to values."
    assert refused.pop("contacts[21]").startswith("contacts[21]: no column holds EmailAddress")
    assert not refused and [one.action for one in outcomes].count("created") == 17
    assert outcomes[22].action == "duplicate" and len(sentori_sandbox.contacts()) == 17


def test_what_sentori_says_about_a_person_is_rejected(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    outcomes = on_contacts(api, [*rows(), {"EmailAddress": "a..b@example.com"}])
    assert (outcomes[-1].action, outcomes[-1].code) == ("rejected", 100)
    assert {one.action for one in outcomes[:-1]} == {"created"}


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "  ",
        "joe",
        "joe@",
        "@example.com",
        "a b@example.com",
        "a@b",
        "a@b.com/x",
        "a@b.com?x",
        "a@b.com%2f",
        5,
    ],
)
def test_an_invalid_address_is_refused_with_its_position(api: SentoriApi, address: object) -> None:
    _, refused = on_contacts(api, [{"EmailAddress": "joe@example.com"}, {"EmailAddress": address}])
    assert refused.action == "invalid" and refused.reason.startswith("contacts[1].EmailAddress: ")


def test_a_failed_item_does_not_stop_the_others(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": "107", "Message": "Email Address marked as Bad"}'
    sentori_sandbox.fault("contact/add", kind="status", match="person5@", status=400, body=body)
    outcomes = on_contacts(api, rows(), concurrency=4)
    assert [outcome.email for outcome in outcomes if outcome.action == "rejected"] == ["person5@example.com"]
    assert isinstance(outcomes[5].error, errors.EmailAddressBad)
    assert len(sentori_sandbox.contacts()) == 19


def test_a_failed_read_fails_its_item_only(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("contact/get", kind="status", match="person5@", status=500, times=4)
    outcomes = on_contacts(api, rows(), concurrency=4)
    assert [outcome.email for outcome in outcomes if outcome.action == "failed"] == ["person5@example.com"]
    assert len(sentori_sandbox.contacts()) == 19


def test_a_wrong_key_stops_after_a_few_requests(connect: Any, sentori_sandbox: Sandbox) -> None:
    api = connect(url=sentori_sandbox.url, api_key="wrong")
    many = [{"EmailAddress": f"person{number}@example.com"} for number in range(200)]
    with pytest.raises(errors.ApiKeyNotValid):
        on_contacts(api, many, concurrency=4)
    assert len(sentori_sandbox.requests()) < 20


def test_a_key_revoked_during_a_run_fails_the_items_that_were_not_sent(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    body = '{"Code": 1, "Message": "API Key not valid"}'
    sentori_sandbox.fault("contact/add", kind="status", match="person5@", status=403, body=body)
    outcomes = on_contacts(api, rows(), concurrency=1)
    assert [outcome.action for outcome in outcomes] == ["created"] * 5 + ["failed"] * 15
    assert "This item was not sent." in str(outcomes[6].error)
    assert len(sentori_sandbox.writes()) == 6


values = st.one_of(
    st.none(), st.sampled_from(["", " ", "Joe", "joe", "Ä", "0", "no", "12"]), st.integers(-3, 3), st.booleans()
)
row_fields = st.fixed_dictionaries(
    {},
    optional={
        "FirstName": values.filter(lambda value: not isinstance(value, bool)),
        "LastName": values.filter(lambda value: not isinstance(value, bool)),
        "IsMember": st.sampled_from([True, False, "yes", "off", 1, "0"]),
        "LoyaltyPoints": st.one_of(st.none(), st.integers(-5, 5), st.sampled_from(["7", "7.5", ""])),
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(row_fields, max_size=5), order=st.randoms(use_true_random=False))
def test_a_second_run_in_any_order_and_case_is_unchanged(
    api: SentoriApi, sentori_sandbox: Sandbox, people: list[dict[str, Any]], order: Any
) -> None:
    sentori_sandbox.reset(seed="demo")
    items = [{"EmailAddress": f"p{number}@example.com", **fields} for number, fields in enumerate(people)]
    predicted = on_contacts(api, items, concurrency=4, dry_run=True)
    assert sentori_sandbox.writes() == []
    done = on_contacts(api, items, concurrency=4)
    assert [(one.action, one.after) for one in done] == [(one.action, one.after) for one in predicted]
    assert not any(one.warnings for one in done)

    sentori_sandbox.clear_requests()
    shuffled = [{**item, "EmailAddress": item["EmailAddress"].upper()} for item in items]
    order.shuffle(shuffled)
    again = on_contacts(api, shuffled, concurrency=4)
    assert {outcome.action for outcome in again} <= {"unchanged"}
    assert sentori_sandbox.writes() == []
