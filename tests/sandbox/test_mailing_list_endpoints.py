# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The endpoints for mailing lists, the suppression list and draft emails."""

from __future__ import annotations

import http.client
from typing import Any

import pytest


def refusal(response: Any) -> tuple[int, int]:
    return response.status_code, response.json()["Code"]


def test_subscribers_endpoint_excludes_contacts_that_are_not_emailable(client, demo):
    assert set(demo.subscribers("NEWS2024")) - set(client.subscribers("NEWS2024")) == {
        "frank.obrien@example.com",
        "grace.nkosi@example.net",
    }


def test_subscribing_twice_subscribes_once_to_one_list(client, demo):
    for _ in range(2):
        assert client.contact("subscribe", "ben.okafor@example.com", "EVNT2024").status_code == 200

    assert client.subscribers("EVNT2024") == ["ben.okafor@example.com"]


def test_list_unsubscribe_changes_no_other_list_and_suppresses_nobody(client, demo):
    suppressed = demo.suppression_list()

    for _ in range(2):
        assert client.contact("unsubscribe", "carla.rossi@example.org", "NEWS2024").status_code == 200

    assert "carla.rossi@example.org" not in demo.subscribers("NEWS2024")
    assert "carla.rossi@example.org" in demo.subscribers("OFFR2024")
    assert demo.suppression_list() == suppressed


def test_unsubscribe_without_a_list_removes_from_all_lists_and_suppresses(client, demo):
    assert client.contact("unsubscribe", "carla.rossi@example.org").status_code == 200

    assert "carla.rossi@example.org" in demo.suppression_list()
    assert demo.contact("carla.rossi@example.org")["IsSuppressed"] is True
    assert all("carla.rossi@example.org" not in demo.subscribers(name) for name in ("NEWS2024", "OFFR2024"))


def test_unsubscribing_an_unknown_address_suppresses_it_and_adds_no_contact(client, sentori_sandbox):
    for address in ("nobody@example.com", "Nobody@example.com"):
        assert client.contact("unsubscribe", address).status_code == 200

    assert sentori_sandbox.suppression_list() == ["nobody@example.com"]
    assert sentori_sandbox.contacts() == []


@pytest.mark.parametrize("list_segment", ["/", "%20/", "./", "%2E/", "x/../"])
def test_empty_list_id_makes_the_unsubscribe_global(client, demo, list_segment):
    connection = http.client.HTTPConnection(demo.url.removeprefix("http://"))
    path = f"/v2.0/contact/unsubscribe/ada.lovelace%40example.com/{list_segment}"
    connection.request("POST", path, headers={"ApiKey": demo.api_key})

    assert connection.getresponse().status == 200
    assert "ada.lovelace@example.com" in demo.suppression_list()
    assert [entry.route for entry in demo.requests(route="contact/unsubscribe/all")] == ["contact/unsubscribe/all"]
    connection.close()


@pytest.mark.parametrize("verb", ["subscribe", "unsubscribe"])
def test_unknown_list_is_refused_with_200_and_changes_nothing(client, demo, verb):
    before = demo.state()

    assert refusal(client.contact(verb, "ada.lovelace@example.com", "NOSUCH00")) == (404, 200)
    assert demo.state() == before


def test_lists_can_be_read_together_and_one_by_one(client, demo):
    lists = client.get("/v2.0/mailinglists/").json()

    assert [entry["ExternalID"] for entry in lists] == ["NEWS2024", "OFFR2024", "EVNT2024"]
    assert list(lists[0]) == ["ExternalID", "Name", "Description"]
    assert client.get("/v2.0/mailinglists/OFFR2024/").json() == lists[1]


@pytest.mark.parametrize("path", ["/v2.0/mailinglists/NOSUCH00/", "/v2.0/mailinglists/subscribers/NOSUCH00"])
def test_reading_an_unknown_list_is_refused_with_200(client, path):
    assert refusal(client.get(path)) == (404, 200)


def test_drafts_endpoint_lists_draft_emails_only(client, demo):
    (draft,) = client.get("/v2.0/emails/drafts/").json()

    fields = ["ExternalID", "Name", "Description", "Created", "CreatedBy", "Modified", "ModifiedBy"]
    assert list(draft) == fields
    assert draft["ExternalID"] == "DRAFT001"


def test_attaching_twice_attaches_once(client, demo):
    group = client.import_rows({"EmailAddress": "a@example.com"}).json()["UploadGroupExternalID"]

    for _ in range(2):
        assert client.post(f"/v2.0/contact/import/{group}/attach/DRAFT001").status_code == 200

    assert demo.state()["emails"][0]["upload_groups"] == [group]


@pytest.mark.parametrize(
    ("document", "expected"),
    [("NOSUCH00", (404, 300)), ("SMS00001", (400, 301)), ("SENT0001", (400, 400))],
)
def test_attaching_to_anything_but_a_draft_email_is_refused(client, demo, document, expected):
    group = client.import_rows({"EmailAddress": "a@example.com"}).json()["UploadGroupExternalID"]

    assert refusal(client.post(f"/v2.0/contact/import/{group}/attach/{document}")) == expected
