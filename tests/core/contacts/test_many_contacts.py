# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many contacts in one run: order, and which errors stop the run."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.apply import Contacts
from airflow_provider_sentori.core.contacts.desired import desired_contacts
from airflow_provider_sentori.core.runs.outcome import OF_CONTACTS
from airflow_provider_sentori.core.runs.result import summary_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sentori_sandbox import Sandbox

PEOPLE = [f"person{number}@example.com" for number in range(20)]


def rows(**fields: Any) -> list[dict[str, Any]]:
    return [{"EmailAddress": email, **fields} for email in PEOPLE]


def test_outcomes_are_in_row_order_and_each_contact_takes_one_read_and_one_write(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    outcomes = Contacts(api, concurrency=8).run(desired_contacts(rows(FirstName="P")))
    assert [outcome.email for outcome in outcomes] == PEOPLE
    counts = dict.fromkeys(["updated", "deleted", "unchanged", "failed", "in_doubt"], 0)
    assert summary_of(outcomes, OF_CONTACTS) == {"total": 20, "created": 20, **counts}
    routes = [entry.route for entry in sentori_sandbox.requests()]
    assert sorted(routes) == ["contact/add"] * 20 + ["contact/get"] * 20 + ["contact/getstructure"]


def test_nothing_is_written_before_everything_is_read(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    Contacts(api, concurrency=8).run(desired_contacts(rows()))
    methods = [entry.method for entry in sentori_sandbox.requests()]
    assert methods == ["GET"] * 20 + ["POST"] * 20


def test_invalid_items_are_all_named_and_nothing_is_written(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    items = rows(FirstName="P")
    items[3]["Fristname"] = "P"
    items[7]["IsBadEmailAddress"] = "perhaps"
    with pytest.raises(errors.InvalidInput) as refused:
        Contacts(api, concurrency=8).run(desired_contacts(items))
    assert "2 items are invalid, and nothing was written." in str(refused.value)
    assert "contacts[3].Fristname: this account has no field named Fristname. Did you mean FirstName?" in str(
        refused.value
    )
    assert "contacts[7].IsBadEmailAddress: this field is a boolean" in str(refused.value)
    assert sentori_sandbox.writes() == []


def test_a_duplicate_address_is_refused_with_both_positions() -> None:
    items = [*rows(), {"EmailAddress": " Person3@EXAMPLE.com "}]
    with pytest.raises(
        errors.InvalidInput, match=r"^contacts\[20\]\.EmailAddress: contacts\[3\]\.EmailAddress has the same address"
    ):
        desired_contacts(items)


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
def test_an_invalid_address_is_refused_with_its_position(address: object) -> None:
    with pytest.raises(errors.InvalidInput, match=r"^contacts\[1\]\.EmailAddress: "):
        desired_contacts([{"EmailAddress": "joe@example.com"}, {"EmailAddress": address}])


def test_a_failed_item_does_not_stop_the_others(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": "107", "Message": "Email Address marked as Bad"}'
    sentori_sandbox.fault("contact/add", kind="status", match="person5@", status=400, body=body)
    outcomes = Contacts(api, concurrency=4).run(desired_contacts(rows()))
    assert [outcome.email for outcome in outcomes if outcome.action == "failed"] == ["person5@example.com"]
    assert isinstance(outcomes[5].error, errors.EmailAddressBad)
    assert len(sentori_sandbox.contacts()) == 19


def test_a_failed_read_fails_its_item_only(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("contact/get", kind="status", match="person5@", status=500, times=4)
    outcomes = Contacts(api, concurrency=4).run(desired_contacts(rows()))
    assert [outcome.email for outcome in outcomes if outcome.action == "failed"] == ["person5@example.com"]
    assert len(sentori_sandbox.contacts()) == 19


def test_a_wrong_key_stops_after_a_few_requests(connect: Any, sentori_sandbox: Sandbox) -> None:
    api = connect(url=sentori_sandbox.url, api_key="wrong")
    many = [{"EmailAddress": f"person{number}@example.com"} for number in range(200)]
    with pytest.raises(errors.ApiKeyNotValid):
        Contacts(api, concurrency=4).run(desired_contacts(many))
    assert len(sentori_sandbox.requests()) < 20


def test_a_key_revoked_during_a_run_fails_the_items_that_were_not_sent(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    body = '{"Code": 1, "Message": "API Key not valid"}'
    sentori_sandbox.fault("contact/add", kind="status", match="person5@", status=403, body=body)
    outcomes = Contacts(api).run(desired_contacts(rows()))
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
    predicted = Contacts(api, 4).run(desired_contacts(items), dry_run=True)
    assert sentori_sandbox.writes() == []
    done = Contacts(api, 4).run(desired_contacts(items))
    assert [(one.action, one.after) for one in done] == [(one.action, one.after) for one in predicted]
    assert not any(one.warnings for one in done)

    sentori_sandbox.clear_requests()
    shuffled = [{**item, "EmailAddress": item["EmailAddress"].upper()} for item in items]
    order.shuffle(shuffled)
    again = Contacts(api, 4).run(desired_contacts(shuffled))
    assert {outcome.action for outcome in again} <= {"unchanged"}
    assert sentori_sandbox.writes() == []
