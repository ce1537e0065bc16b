# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The endpoints for one contact."""

from __future__ import annotations

import re
from typing import Any

import pytest

V2_ORDER = [
    "IsSuppressed",
    "IsBadEmailAddress",
    "SystemID",
    "CRMID",
    "Title",
    "FirstName",
    "LastName",
    "KnownAs",
    "EmailAddress",
    "CompanyName",
    "PhoneNumber",
    "MobilePhoneNumber",
    "CreatedSourceValue",
    "CreatedIPAddress",
    "CreatedHttpReferrerUrl",
    "CreatedTimestamp",
    "ModifiedTimestamp",
    "IsConfirmed",
    "IsBadMobilePhoneNumber",
]
V2_STRUCTURE = {
    "IsBadEmailAddress": False,
    "CRMID": "string",
    "Title": "string",
    "FirstName": "string",
    "LastName": "string",
    "KnownAs": "string",
    "EmailAddress": "string",
    "CompanyName": "string",
    "PhoneNumber": "string",
    "MobilePhoneNumber": "string",
    "IsBadMobilePhoneNumber": False,
}


def refusal(response: Any) -> tuple[int, int]:
    return response.status_code, response.json()["Code"]


def test_contact_has_documented_fields_in_documented_order_then_custom_ones(client, demo):
    contact = client.contact("get", "ada.lovelace@example.com").json()

    assert list(contact) == [*V2_ORDER, "FavouriteColour", "IsMember", "LoyaltyPoints"]
    assert contact["FavouriteColour"] == "violet"


def test_contact_is_found_by_system_id(client, demo):
    contact = client.contact("get", "16383").json()

    assert contact["EmailAddress"] == "ben.okafor@example.com"


def test_address_with_only_digits_before_the_at_sign_is_not_a_system_id(client, demo):
    assert client.contact("get", "12345@example.net").json()["FirstName"] == "Ines"


@pytest.mark.parametrize("system_id", ["1", "99999999999999999999", "9" * 5000])
def test_unknown_system_id_is_refused_with_101(client, system_id):
    assert refusal(client.contact("get", system_id)) == (404, 101)


@pytest.mark.parametrize(
    "address",
    [
        "plus+tag@example.com",
        "a/b@example.com",
        "o'brien@example.com",
        "r&d@example.com",
        "a=b@example.com",
        "hash#tag@example.com",
        "what?@example.com",
        "100%25@example.com",
        "zoë@exämple.com",
        "12345@example.com",
    ],
)
def test_address_with_special_characters_works_percent_encoded(client, sentori_sandbox, address):
    added = client.contact("add", address, body={"FirstName": "Joe"})

    assert added.json()["EmailAddress"] == address
    assert client.contact("get", address).json() == added.json() == sentori_sandbox.contact(address)


def test_unencoded_plus_stays_a_plus(client, demo):
    assert client.get("/v2.0/contact/get/eva+news@example.com/").json()["FirstName"] == "Eva"


def test_address_is_case_insensitive_and_trimmed_but_keeps_its_case(client):
    client.contact("add", " Joe@Example.com ")

    assert client.contact("get", "jOE@example.COM").json()["EmailAddress"] == "Joe@Example.com"
    assert refusal(client.contact("add", "joe@example.com")) == (400, 102)


@pytest.mark.parametrize("address", ["joe", "joe@", "@example.com", "a b@example.com", "joe@example", "a@b@c.de"])
@pytest.mark.parametrize("verb", ["get", "add", "update", "addorupdate", "delete", "unsubscribe"])
def test_invalid_address_is_refused_with_100(client, verb, address):
    assert refusal(client.contact(verb, address)) == (400, 100)


def test_add_needs_no_body_and_returns_the_whole_contact(client, sentori_sandbox):
    added = client.contact("add", "joe@example.com")

    assert added.status_code == 200
    assert list(added.json()) == V2_ORDER
    assert added.json() == sentori_sandbox.contact("joe@example.com")


def test_adding_an_existing_contact_is_refused_with_102(client, demo):
    before = demo.state()

    assert refusal(client.contact("add", "ada.lovelace@example.com", body={"Title": "Dr"})) == (400, 102)
    assert demo.state() == before


def test_add_with_another_address_in_the_body_is_refused_with_104(client, sentori_sandbox):
    assert refusal(client.contact("add", "a@example.com", body={"EmailAddress": "b@example.com"})) == (400, 104)
    assert sentori_sandbox.contacts() == []


def test_add_accepts_the_same_address_in_the_body(client):
    assert client.contact("add", "a@example.com", body={"EmailAddress": "A@example.com"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"FirstName": "Joe", "Firstname": "Joe"},
        {"FirstName": 5},
        {"IsBadEmailAddress": "yes"},
        {"LoyaltyPoints": "many"},
        {"LoyaltyPoints": True},
        {"Title": ["Mr"]},
        {"EmailAddress": None},
        {"SystemID": 5},
        {"IsSuppressed": False},
        {"IsConfirmed": True},
        {"ModifiedTimestamp": "2010-05-13T09:00:00"},
    ],
)
@pytest.mark.parametrize("verb", ["add", "update", "addorupdate"])
def test_invalid_field_is_refused_with_103_and_nothing_is_stored(client, demo, verb, body):
    address = "new@example.com" if verb == "add" else "ada.lovelace@example.com"
    before = demo.state()

    assert refusal(client.contact(verb, address, body={"KnownAs": "A", **body})) == (400, 103)
    assert demo.state() == before


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b'{"FirstName": NaN}', b'{"FirstName": "\\ud800"}'])
def test_body_that_is_not_a_json_object_is_refused_with_minus_1(client, body):
    response = client.send("POST", "/v2.0/contact/add/joe%40example.com/", data=body)

    assert refusal(response) == (400, -1)


def test_update_changes_only_the_fields_sent(client, demo):
    before = demo.contact("ada.lovelace@example.com")

    updated = client.contact("update", "ada.lovelace@example.com", body={"Title": "Dr", "LoyaltyPoints": 2.5})

    stamp = updated.json()["ModifiedTimestamp"]
    assert updated.json() == {**before, "Title": "Dr", "LoyaltyPoints": 2.5, "ModifiedTimestamp": stamp}
    assert stamp > before["ModifiedTimestamp"]


def test_update_without_a_change_keeps_the_modified_timestamp(client, demo):
    before = demo.contact("ada.lovelace@example.com")

    assert client.contact("update", "ada.lovelace@example.com", body={"Title": "Ms"}).json() == before


def test_updating_an_unknown_contact_is_refused_with_101(client):
    assert refusal(client.contact("update", "joe@example.com", body={})) == (404, 101)


def test_update_with_another_address_renames_and_keeps_subscriptions(client, demo):
    renamed = client.contact("update", "ben.okafor@example.com", body={"EmailAddress": "ben@example.org"})

    assert renamed.json()["SystemID"] == 16383
    assert demo.contact("ben.okafor@example.com") is None
    assert "ben@example.org" in client.subscribers("NEWS2024")


def test_renaming_to_an_address_in_use_is_refused_with_102(client, demo):
    before = demo.state()
    body = {"EmailAddress": "Carla.Rossi@example.org", "Title": "Dr"}

    assert refusal(client.contact("update", "ben.okafor@example.com", body=body)) == (400, 102)
    assert demo.state() == before


def test_rename_can_change_the_case_only(client, demo):
    body = {"EmailAddress": "Ben.Okafor@example.com"}

    client.contact("update", "ben.okafor@example.com", body=body)

    assert demo.contact("ben.okafor@example.com")["EmailAddress"] == "Ben.Okafor@example.com"


def test_addorupdate_adds_with_201_then_updates_with_200(client):
    added = client.contact("addorupdate", "joe@example.com", body={"FirstName": "Joe"})
    updated = client.contact("addorupdate", "joe@example.com", body={"LastName": "Bloggs"})

    assert (added.status_code, updated.status_code) == (201, 200)
    assert (updated.json()["FirstName"], updated.json()["LastName"]) == ("Joe", "Bloggs")


def test_addorupdate_renames_if_only_the_contact_of_the_uri_exists(client, demo):
    body = {"EmailAddress": "ben@example.org", "Title": "Dr"}

    response = client.contact("addorupdate", "ben.okafor@example.com", body=body)

    assert (response.status_code, response.json()["SystemID"], response.json()["Title"]) == (200, 16383, "Dr")
    assert demo.contact("ben.okafor@example.com") is None


def test_addorupdate_adds_the_address_of_the_body_if_neither_exists(client, sentori_sandbox):
    response = client.contact("addorupdate", "a@example.com", body={"EmailAddress": "b@example.com"})

    assert response.status_code == 201
    assert [contact["EmailAddress"] for contact in sentori_sandbox.contacts()] == ["b@example.com"]


def test_addorupdate_updates_the_contact_of_the_body_if_only_that_exists(client, demo):
    body = {"EmailAddress": "ben.okafor@example.com", "Title": "Dr"}

    response = client.contact("addorupdate", "nobody@example.com", body=body)

    assert (response.status_code, response.json()["SystemID"], response.json()["Title"]) == (200, 16383, "Dr")
    assert demo.contact("nobody@example.com") is None


def test_addorupdate_updates_both_and_returns_the_contact_of_the_body(client, demo):
    body = {"EmailAddress": "carla.rossi@example.org", "Title": "Dr"}

    response = client.contact("addorupdate", "ben.okafor@example.com", body=body)

    assert (response.status_code, response.json()["EmailAddress"]) == (200, "carla.rossi@example.org")
    titles = [demo.contact(email)["Title"] for email in ("ben.okafor@example.com", "carla.rossi@example.org")]
    assert titles == ["Dr", "Dr"]


def test_delete_removes_subscriptions_but_not_the_suppression(client, demo):
    assert client.contact("delete", "frank.obrien@example.com").status_code == 200

    assert demo.contact("frank.obrien@example.com") is None
    assert "frank.obrien@example.com" not in demo.subscribers("NEWS2024")
    assert "frank.obrien@example.com" in demo.suppression_list()
    assert client.contact("add", "Frank.OBrien@example.com").json()["IsSuppressed"] is True


def test_system_id_is_never_reused(client):
    first = client.contact("add", "a@example.com").json()["SystemID"]
    client.contact("delete", "a@example.com")

    assert client.contact("add", "a@example.com").json()["SystemID"] > first


def test_getstructure_returns_the_importable_fields_single_or_in_a_list(client):
    assert client.get("/v2.0/contact/getstructure/single/").json() == V2_STRUCTURE
    assert client.get("/v2.0/contact/getstructure/list/").json() == [V2_STRUCTURE]
    assert refusal(client.get("/v2.0/contact/getstructure/other/")) == (400, -1)


def test_timestamps_have_no_zone_and_up_to_three_fraction_digits(client):
    stamps = [client.contact("add", f"p{n}@example.com").json()["CreatedTimestamp"] for n in range(5)]

    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,2}[1-9])?", stamp) for stamp in stamps)
