# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Apply one contact: the requests that are sent and the outcome that is returned."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.apply import apply_contact
from airflow_provider_sentori.core.contacts.desired import desired_contact
from airflow_provider_sentori.core.runs.outcome import Outcome
from run_many import on_contacts
from sentori_sandbox import Sandbox
from sentori_sandbox.assumptions import TABLE


def apply(api: SentoriApi, email: str, state: str = "present", **options: Any) -> Outcome:
    desired = desired_contact(email, state, options.get("fields"), options.get("new_email"))
    return apply_contact(api, desired, dry_run=options.get("dry_run", False))


def sent(sandbox: Sandbox) -> list[str]:
    """The routes of the requests since the last call of this function."""
    routes = [entry.route for entry in sandbox.requests()]
    sandbox.clear_requests()
    return routes


LIFE_CYCLE = [
    ("created", "joe@example.com", {"fields": {"FirstName": "Joe"}}),
    ("updated", "joe@example.com", {"fields": {"FirstName": "Jo"}}),
    ("updated", "joe@example.com", {"new_email": "jo@example.org"}),
    ("updated", "jo@example.org", {"fields": {"FirstName": ""}}),
    ("deleted", "jo@example.org", {"state": "absent"}),
]
ASSUMPTIONS = [{assumption.name: value} for assumption in TABLE for value in assumption.values]


@pytest.mark.parametrize("assumptions", ASSUMPTIONS, ids=str)
def test_each_change_is_predicted_applied_and_then_unchanged(
    api: SentoriApi, sentori_sandbox: Sandbox, assumptions: dict[str, str]
) -> None:
    sentori_sandbox.assume(assumptions)
    for action, email, options in LIFE_CYCLE:
        predicted = apply(api, email, dry_run=True, **options)
        assert sentori_sandbox.writes() == []

        done = apply(api, email, **options)
        assert (done.action, done.before, done.after) == (action, predicted.before, predicted.after)
        assert (predicted.action, done.warnings) == (action, ())
        sentori_sandbox.clear_requests()

        for dry_run in (True, False):
            again = apply(api, email, dry_run=dry_run, **options)
            assert (again.action, again.changed) == ("unchanged", False)
        assert sentori_sandbox.writes() == []


def test_creating_reads_the_structure_once_and_updating_does_not(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    apply(api, "joe@example.com", fields={"FirstName": "Joe"})
    assert sent(sentori_sandbox) == ["contact/get", "contact/getstructure", "contact/add"]
    apply(api, "joe@example.com", fields={"FirstName": "Jo"})
    assert sent(sentori_sandbox) == ["contact/get", "contact/update"]
    apply(api, "mary@example.com")
    assert sent(sentori_sandbox) == ["contact/get", "contact/add"]


def test_only_the_fields_that_differ_are_sent(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe", LastName="Bloggs", Title="Mr")
    outcome = apply(api, "joe@example.com", fields={"FirstName": "Joe", "LastName": "Example"})
    assert (outcome.before, outcome.after) == ({"LastName": "Bloggs"}, {"LastName": "Example"})
    assert sentori_sandbox.writes()[0].body == {"LastName": "Example"}
    stored = sentori_sandbox.contact("joe@example.com")
    assert stored is not None and stored["Title"] == "Mr"


def test_case_and_surrounding_blanks_of_an_address_are_ignored(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("Joe@Example.com", FirstName="Joe")
    outcome = apply(api, " joe@EXAMPLE.com ", fields={"FirstName": "Joe", "EmailAddress": "JOE@example.com"})
    assert outcome.action == "unchanged"
    assert sentori_sandbox.contacts()[0]["EmailAddress"] == "Joe@Example.com"


@pytest.mark.parametrize(
    "email",
    ["a+b@example.com", "a%b@example.com", "a%2Fb@example.com", "a/b@example.com", "o'neil@example.com",
     "a&b=c@example.com", "a#b?c@example.com", "jörg@exämple.com", "12345@example.com"],
)  # fmt: skip
def test_special_characters_of_an_address_are_preserved(api: SentoriApi, sentori_sandbox: Sandbox, email: str) -> None:
    assert apply(api, email).action == "created"
    assert [contact["EmailAddress"] for contact in sentori_sandbox.contacts()] == [email]
    assert apply(api, email).action == "unchanged"
    assert apply(api, email, "absent").action == "deleted"
    assert sentori_sandbox.contacts() == []


def test_a_blank_clears_a_field_and_blank_equals_blank(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe")
    assert apply(api, "joe@example.com", fields={"FirstName": None, "LastName": ""}).after == {"FirstName": ""}
    for blank in (None, ""):
        assert apply(api, "joe@example.com", fields={"FirstName": blank}).action == "unchanged"


def test_an_ignored_blank_is_a_warning_that_names_the_field(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe")
    sentori_sandbox.assume({"clear-by-null": "ignored", "empty-string": "ignored"})
    outcome = apply(api, "joe@example.com", fields={"FirstName": ""})
    assert (outcome.action, outcome.changed) == ("unchanged", False)
    assert "other values than it was sent: FirstName." in outcome.warnings[0]


def test_contacts_given_back_as_they_were_read_are_unchanged(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")
    rows = [dict(contact) for contact in sentori_sandbox.contacts()]
    outcomes = on_contacts(api, rows, concurrency=4)
    assert {outcome.action for outcome in outcomes} == {"unchanged"}
    assert len(sentori_sandbox.requests()) == len(rows)


def test_a_read_only_field_with_another_value_is_refused_by_name(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com")
    with pytest.raises(errors.InvalidInput, match=r"^fields\.IsSuppressed: this field is read-only"):
        apply(api, "joe@example.com", fields={"IsSuppressed": True, "FirstName": "Joe"})
    assert sentori_sandbox.writes() == []


def test_an_unknown_field_is_refused_and_the_nearest_name_suggested(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    for _ in ("without a contact", "with one"):
        with pytest.raises(
            errors.InvalidInput, match=r"fields\.firstnam: .* no field named firstnam\. Did you mean FirstName\?"
        ):
            apply(api, "joe@example.com", fields={"firstnam": "Joe"})
        assert sentori_sandbox.writes() == []
        sentori_sandbox.put_contact("joe@example.com")


def test_a_rename_onto_another_contact_fails_with_the_vendors_code(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com")
    sentori_sandbox.put_contact("mary@example.com")
    for dry_run in (True, False):
        outcome = apply(api, "joe@example.com", new_email="mary@example.com", dry_run=dry_run)
        assert (outcome.action, outcome.changed) == ("failed", False)
        assert isinstance(outcome.error, errors.EmailAddressInUse) and outcome.error.code == 102
    assert sentori_sandbox.writes() == []


@pytest.mark.parametrize(
    ("there", "read", "desired", "action", "sent"),
    [
        (True, None, {"fields": {"FirstName": "Jo"}}, "updated", ["contact/add", "contact/update"]),
        (True, None, {"fields": {"FirstName": "Joe"}}, "unchanged", ["contact/add"]),
        (False, {"FirstName": "Joe"}, {"fields": {"FirstName": "Jo"}}, "created", ["contact/update", "contact/add"]),
        (False, {"FirstName": "Joe"}, {"state": "absent"}, "unchanged", ["contact/delete"]),
    ],
)
def test_a_contact_that_others_add_or_delete_meanwhile_is_read_again(
    api: SentoriApi, sentori_sandbox: Sandbox, there: bool, read: Any, desired: Any, action: str, sent: list[str]
) -> None:
    if there:
        sentori_sandbox.put_contact("joe@example.com", FirstName="Joe")
    contact = {"EmailAddress": "joe@example.com", "KnownAs": None, **(read or {})}
    before = {"Code": 101, "Message": "Contact not found"} if read is None else contact
    sentori_sandbox.fault("contact/get", kind="status", status=404 if read is None else 200, body=before)
    assert apply(api, "joe@example.com", **desired).action == action
    assert [entry.route for entry in sentori_sandbox.writes()] == sent
    assert (sentori_sandbox.contact("joe@example.com") or {}).get("FirstName") == (
        None if desired.get("state") else desired["fields"]["FirstName"]
    )


def test_a_rename_and_changed_fields_take_one_request(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe")
    outcome = apply(api, "joe@example.com", new_email="jo@example.com", fields={"FirstName": "Jo"})
    assert outcome.after == {"EmailAddress": "jo@example.com", "FirstName": "Jo"}
    assert len(sentori_sandbox.writes()) == 1
    again = apply(api, "joe@example.com", new_email="jo@example.com", fields={"FirstName": "Joe"})
    assert (again.action, again.after) == ("updated", {"FirstName": "Joe"})


def test_renaming_a_missing_contact_creates_it_with_its_new_address(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    assert apply(api, "joe@example.com", new_email="jo@example.com").action == "created"
    assert [contact["EmailAddress"] for contact in sentori_sandbox.contacts()] == ["jo@example.com"]


def test_a_new_address_that_differs_only_in_case_changes_nothing(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com")
    assert apply(api, "joe@example.com", new_email="Joe@Example.com").action == "unchanged"


def test_a_value_that_is_returned_differently_is_a_warning_that_names_the_field(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe", LastName="Bloggs")
    answer = '{"EmailAddress": "joe@example.com", "FirstName": "Jo", "LastName": "Bloggs"}'
    sentori_sandbox.fault("contact/update", kind="status", status=200, body=answer, times=2)
    outcome = apply(api, "joe@example.com", fields={"FirstName": "Jo", "LastName": "Example"})
    assert outcome.action == "updated"
    assert [warning.split(": ")[1] for warning in outcome.warnings] == ["LastName."]
    outcome = apply(api, "joe@example.com", fields={"LastName": "Example"})
    assert (outcome.action, outcome.changed, len(outcome.warnings)) == ("unchanged", False, 1)


def test_deleting_a_contact_does_not_remove_its_suppression(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com")
    sentori_sandbox.suppress("joe@example.com")
    assert apply(api, "joe@example.com", "absent").action == "deleted"
    assert sentori_sandbox.suppression_list() == ["joe@example.com"]


def test_a_truncated_value_is_a_change_with_a_warning(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.assume({"long-text": "truncated"})
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe")
    outcome = apply(api, "joe@example.com", fields={"FirstName": "J" * 300})
    assert (outcome.action, outcome.after) == ("updated", {"FirstName": "J" * 255})
    assert len(outcome.warnings) == 1
    again = apply(api, "joe@example.com", fields={"FirstName": "J" * 300})
    assert (again.action, again.changed, len(again.warnings)) == ("unchanged", False, 1)


def test_fields_stored_before_a_refused_blank_are_reported_as_changed(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.assume({"empty-string": "ignored", "clear-by-null": "error-103"})
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe", KnownAs="J")
    outcome = apply(api, "joe@example.com", new_email="jo@example.com", fields={"KnownAs": "", "FirstName": "Jo"})
    assert (outcome.action, outcome.changed) == ("updated", True)
    assert outcome.after == {"EmailAddress": "jo@example.com", "FirstName": "Jo"}
    assert "KnownAs" in outcome.warnings[0]


@pytest.mark.parametrize("values", ["strict", "lenient"])
def test_text_for_an_unset_field_is_sent_in_the_type_of_the_field(
    api: SentoriApi, sentori_sandbox: Sandbox, values: str
) -> None:
    sentori_sandbox.reset(seed="demo")
    sentori_sandbox.assume({"field-values": values})
    sentori_sandbox.put_contact("joe@example.com", LoyaltyPoints=None, IsMember=None)
    outcome = apply(api, "joe@example.com", fields={"LoyaltyPoints": "12", "IsMember": "yes"})
    assert (outcome.action, outcome.after, outcome.warnings) == ("updated", {"LoyaltyPoints": 12, "IsMember": True}, ())
    with pytest.raises(errors.InvalidInput, match=r"fields\.LoyaltyPoints: this field is a number"):
        apply(api, "joe@example.com", fields={"LoyaltyPoints": "twelve"})


def test_a_blank_boolean_equals_false_and_never_clears_a_mark(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    for _ in range(2):
        outcome = apply(api, "joe@example.com", fields={"IsBadEmailAddress": None})
    assert outcome.action == "unchanged"
    sentori_sandbox.put_contact("joe@example.com", IsBadEmailAddress=True)
    with pytest.raises(errors.InvalidInput, match="true or false is needed"):
        apply(api, "joe@example.com", fields={"IsBadEmailAddress": None})


def test_a_contact_without_a_system_id_counts_as_another_contact_in_a_rename(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    for email in ("joe@example.com", "mary@example.com"):
        body = f'{{"EmailAddress": "{email}"}}'
        sentori_sandbox.fault("contact/get", kind="status", status=200, body=body, match=email)
    outcome = apply(api, "joe@example.com", new_email="mary@example.com")
    assert isinstance(outcome.error, errors.EmailAddressInUse)
