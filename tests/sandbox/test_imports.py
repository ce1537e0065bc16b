# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The imports of v2.0 (JSON) and v1 (XML): counters, and the outcome of each row."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OUTCOME_COUNTERS = {
    "EmailableRowsCreated",
    "EmailableRowsUpdated",
    "SuppressedUpdated",
    "BadEmailUpdated",
    "ExcludedDuplicates",
    "ExcludedInvalidEmail",
    "ExcludedRoleBased",
}


def counted(answer: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in answer.items() if name in OUTCOME_COUNTERS and count}


def xml_of(*rows: dict[str, str]) -> str:
    contacts = ("".join(f"<{name}>{text}</{name}>" for name, text in row.items()) for row in rows)
    return "<Contacts>" + "".join(f"<Contact>{contact}</Contact>" for contact in contacts) + "</Contacts>"


def test_each_row_is_counted_once_and_has_an_outcome(client, demo):
    answer = client.import_rows(
        {"EmailAddress": "new@example.com"},
        {"EmailAddress": "ada.lovelace@example.com"},
        {"EmailAddress": "frank.obrien@example.com"},
        {"EmailAddress": "grace.nkosi@example.net"},
        {"EmailAddress": " NEW@example.com"},
        {"EmailAddress": "nonsense"},
        {"EmailAddress": "info@example.com"},
        {"EmailAddress": "never.again@example.com"},
    ).json()

    assert list(answer) == [
        "TotalRows",
        "EmailableRowsCreated",
        "EmailableRowsUpdated",
        "SuppressedUpdated",
        "BadEmailUpdated",
        "ExcludedDuplicates",
        "ExcludedInvalidEmail",
        "ExcludedRoleBased",
        "UploadGroupExternalID",
    ]
    assert answer["TotalRows"] == 8
    assert counted(answer) == {**dict.fromkeys(OUTCOME_COUNTERS, 1), "SuppressedUpdated": 2}
    (truth,) = demo.truth()
    assert truth["upload_group"] == answer["UploadGroupExternalID"]
    assert [row["outcome"] for row in truth["rows"]] == [
        "created",
        "updated",
        "suppressed_updated",
        "bad_email_updated",
        "duplicate",
        "invalid",
        "role_based",
        "suppressed_updated",
    ]
    assert truth["rows"][4]["reason"] == "row 0 has the same address"


def test_import_updates_suppressed_and_bad_contacts_without_clearing_the_marks(client, demo):
    rows = [
        {"EmailAddress": "frank.obrien@example.com", "Title": "Sir"},
        {"EmailAddress": "grace.nkosi@example.net", "Title": "Dame"},
    ]

    client.import_rows(*rows)

    frank, grace = (demo.contact(row["EmailAddress"]) for row in rows)
    assert (frank["Title"], frank["IsSuppressed"]) == ("Sir", True)
    assert (grace["Title"], grace["IsBadEmailAddress"]) == ("Dame", True)


def test_import_without_valid_rows_creates_no_upload_group(client, sentori_sandbox):
    answer = client.import_rows({"EmailAddress": "nonsense"}).json()

    assert answer["UploadGroupExternalID"] is None
    assert sentori_sandbox.state()["upload_groups"] == []


def test_each_import_creates_its_own_upload_group(client, sentori_sandbox):
    for name in ("first", "second"):
        client.import_rows({"EmailAddress": "a@example.com"}, Name=name, Description="why")

    groups = sentori_sandbox.state()["upload_groups"]
    assert [(group["Name"], group["Description"]) for group in groups] == [("first", "why"), ("second", "why")]
    assert groups[0]["ExternalID"] != groups[1]["ExternalID"]


def test_unchanged_contact_counts_as_updated_and_keeps_its_timestamp(client, demo):
    before = demo.contact("ada.lovelace@example.com")

    answer = client.import_rows({"EmailAddress": "ada.lovelace@example.com", "Title": "Ms"}).json()

    assert counted(answer) == {"EmailableRowsUpdated": 1}
    assert demo.contact("ada.lovelace@example.com") == before


def test_import_adds_no_subscription(client, demo):
    client.import_rows({"EmailAddress": "new@example.com"})

    assert all("new@example.com" not in demo.subscribers(name) for name in ("NEWS2024", "OFFR2024", "EVNT2024"))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, -1),
        ({"Contacts": {}}, -1),
        ({"Contacts": ["a@example.com"]}, -1),
        ({"Contacts": [{"EmailAddress": "a@example.com"}], "Name": 5}, -1),
        ({"Contacts": [{"FirstName": "Joe"}]}, 105),
        ({"Contacts": [{"EmailAddress": "a@example.com", "Nonsense": 1}]}, 103),
        ({"Contacts": [{"EmailAddress": "a@example.com"}, {"EmailAddress": "b@example.com", "Title": 5}]}, 103),
    ],
)
def test_refused_import_stores_nothing(client, sentori_sandbox, body, code):
    response = client.post("/v2.0/contact/import/", body)

    assert (response.status_code, response.json()["Code"]) == (400, code)
    assert sentori_sandbox.contacts() == []
    assert sentori_sandbox.truth() == []


@pytest.mark.parametrize("zipped", [False, True])
def test_v1_returns_201_with_counters_in_headers_and_no_body(client, demo, zipped):
    rows = [{"EmailAddress": "ada.lovelace@example.com", "IsMember": "False"}, {"EmailAddress": "nonsense"}]

    response = client.import_xml(xml_of(*rows), zipped, **{"Audience-Name": "From v1", "apikey": demo.api_key})

    assert (response.status_code, response.content) == (201, b"")
    assert {name: text for name, text in response.headers.items() if name != "content-length"} == {
        "total-rows": "2",
        "emailable-rows-created": "0",
        "emailable-rows-updated": "1",
        "suppressed-rows-updated": "0",
        "bad-email-address-rows-updated": "0",
        "excluded-duplicates": "0",
        "excluded-invalid-emails": "1",
        "excluded-role-based": "0",
    }
    assert demo.contact("ada.lovelace@example.com")["IsMember"] is False
    assert demo.state()["upload_groups"][0]["Name"] == "From v1"


def test_v1_blanks_fields_that_only_the_widest_row_has(client, demo):
    ada, ben = "ada.lovelace@example.com", "ben.okafor@example.com"

    client.import_xml(xml_of({"EmailAddress": ada}, {"EmailAddress": ben, "Title": "Dr", "LoyaltyPoints": "7"}))

    assert (demo.contact(ada)["Title"], demo.contact(ada)["LoyaltyPoints"]) == (None, None)
    assert (demo.contact(ben)["Title"], demo.contact(ben)["LoyaltyPoints"]) == ("Dr", 7)


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (xml_of({"FirstName": "Joe"}), "Failed To Match Email Address Field"),
        (xml_of({"EmailAddress": "a@example.com", "Nonsense": "x"}), "Failed To Match All Fields"),
        (xml_of({"EmailAddress": "a@example.com", "IsBadEmailAddress": "perhaps"}), "Failed To Match All Fields"),
        ("<Contacts/>", "Failed To Match Email Address Field"),
        ("<Contacts><Contact>", "Bad Request"),
        ("<People/>", "Bad Request"),
        ('<!DOCTYPE x [<!ENTITY e "x">]><Contacts><Contact>&e;</Contact></Contacts>', "Bad Request"),
    ],
)
def test_v1_returns_its_error_in_the_reason_phrase(client, sentori_sandbox, xml, reason):
    response = client.import_xml(xml)

    assert (response.status_code, response.reason, response.content) == (400, reason, b"")
    assert sentori_sandbox.contacts() == []


@pytest.mark.parametrize(
    "headers",
    [{"Content-Type": "text/plain"}, {"Content-Encoding": "gzip"}],
)
def test_v1_refuses_a_body_that_contradicts_its_headers(client, headers):
    assert client.import_xml(xml_of({"EmailAddress": "a@example.com"}), **headers).status_code == 400


def test_v1_refuses_a_wrong_key_with_its_own_reason(client):
    response = client.get("/v1/contacts.asmx/XmlTemplate", headers={"ApiKey": "nonsense"})

    assert (response.status_code, response.reason, response.content) == (403, "Invalid API Key", b"")


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_xml_template_lists_importable_fields_with_types(client, demo, encoding):
    path = "/v1/contacts.asmx/XmlTemplate"
    response = client.get(path, headers={"Accept-Encoding": encoding}, stream=True)
    body = response.raw.read()

    text = (gzip.decompress(body) if encoding == "gzip" else body).decode()
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert "<EmailAddress>Email Address</EmailAddress>" in text
    assert "<FavouriteColour>Small Text</FavouriteColour><IsMember>True/False</IsMember>" in text


ADDRESSES = st.sampled_from(
    [
        "ada.lovelace@example.com",
        "ADA.lovelace@example.com ",
        "frank.obrien@example.com",
        "grace.nkosi@example.net",
        "never.again@example.com",
        "new@example.com",
        "info@example.com",
        "nonsense",
        "",
        None,
        7,
    ]
)
ROWS = st.lists(
    st.fixed_dictionaries({"EmailAddress": ADDRESSES}, optional={"Title": st.sampled_from(["Dr", "", None])}),
    max_size=12,
)
ASSUMPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "import-ragged": st.sampled_from(["all-columns", "row-by-row"]),
        "import-blanks": st.just("keep"),
        "import-duplicates": st.just("last"),
        "import-check-order": st.just("duplicate-first"),
        "import-suppressed-new": st.sampled_from(["emailable-created", "not-created"]),
        "import-role-based": st.just("none"),
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, assumptions=ASSUMPTIONS)
def test_counters_of_any_import_add_up_to_its_rows(client, sentori_sandbox, rows, assumptions):
    sentori_sandbox.reset(seed="demo")
    sentori_sandbox.assume(assumptions)

    answer = client.import_rows(*rows).json()

    assert answer["TotalRows"] == len(rows) == sum(counted(answer).values())
    (truth,) = sentori_sandbox.truth()
    assert [row["row"] for row in truth["rows"]] == list(range(len(rows)))
    addresses = [contact["EmailAddress"].lower() for contact in sentori_sandbox.contacts()]
    assert len(addresses) == len(set(addresses))
