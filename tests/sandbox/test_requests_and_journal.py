# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""API keys, paths and methods of requests, and the journal that records them."""

from __future__ import annotations

import http.client
from typing import Any

import pytest

ADA = "ada.lovelace@example.com"


def test_each_kind_of_wrong_key_has_its_own_code(client, sentori_sandbox):
    keys = {None: 1, "nonsense": 1, sentori_sandbox.locked_key: 2, sentori_sandbox.gone_key: 3}

    for key, code in keys.items():
        answer = client.get("/v2.0/mailinglists/", headers={"ApiKey": key})
        assert (answer.status_code, answer.json()["Code"]) == (403, code)
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_name_of_the_key_header_is_case_insensitive(client, sentori_sandbox):
    connection = http.client.HTTPConnection(sentori_sandbox.url.removeprefix("http://"))
    connection.request("GET", "/v2.0/mailinglists/", headers={"aPIkEY": sentori_sandbox.api_key})

    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize(
    "path", ["/", "/v2.0/contact/", "/v2.0/nonsense/1/", "/v2.1/mailinglists/", "/v2.0/contact/get/"]
)
def test_unknown_path_returns_404_with_an_html_page(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=us-ascii")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v2.0/contact/add/a@example.com/"), ("POST", "/v2.0/mailinglists/")]
)
def test_wrong_method_returns_405_without_a_sentori_code(client, sentori_sandbox, method, path):
    answer = client.send(method, path)

    assert answer.status_code == 405
    assert list(answer.json()) == ["Message"]
    assert answer.headers["Allow"] != method
    assert sentori_sandbox.contacts() == []


def test_journal_records_requests_and_their_status(client, demo):
    client.contact("update", "eva+news@example.com", body={"Title": "Dr"})
    client.get("/v2.0/mailinglists/?a=b")
    client.get("/nonsense")

    update, lists, unknown = demo.requests()
    assert (update.method, update.route, update.status) == ("POST", "contact/update", 200)
    assert update.path == "/v2.0/contact/update/eva+news@example.com/"
    assert update.raw_path == "/v2.0/contact/update/eva%2Bnews%40example.com/"
    assert update.body == {"Title": "Dr"}
    assert update.time > 0 and update.seconds >= 0
    assert (lists.query, lists.body, lists.route) == ("a=b", None, "mailinglists/all")
    assert (unknown.route, unknown.status) == ("unknown", 404)


def test_journal_can_be_filtered(client, demo):
    client.contact("get", ADA)
    client.contact("get", "nobody@example.com")
    client.contact("unsubscribe", ADA, "NEWS2024")
    client.contact("unsubscribe", ADA)

    def count(**filters: Any) -> int:
        return len(demo.requests(**filters))

    assert count() == 4
    assert (count(method="GET"), count(route="contact/get"), count(status=404)) == (2, 2, 1)
    assert (count(route="contact"), count(path="nobody@")) == (4, 1)
    assert (count(route="contact/unsubscribe"), count(route="contact/unsubscribe/all")) == (2, 1)
    assert [entry.route for entry in demo.writes()] == ["contact/unsubscribe", "contact/unsubscribe/all"]
    demo.clear_requests()
    assert demo.requests() == []


def test_writes_include_failed_ones(client, demo):
    client.contact("update", "nobody@example.com", body={"Title": "Dr"})
    demo.fault("contact/add", kind="status", status=503)
    client.contact("add", "new@example.com")

    assert [entry.status for entry in demo.writes()] == [404, 503]


def test_journal_contains_no_key(client, demo):
    key = demo.api_key
    client.post(f"/v2.0/contact/add/{key}@example.com/?key={key}", {"Title": key}, headers={"X-Other": key})
    client.get("/v2.0/mailinglists/", headers={"ApiKey": demo.locked_key})

    journal = repr(demo.requests())

    assert key not in journal
    assert demo.locked_key not in journal
    assert journal.count("'apikey': '<redacted>'") == 2


def test_journal_decompresses_a_gzip_body(client, demo):
    client.import_xml("<Contacts/>", zipped=True)

    assert demo.requests()[0].body == "<Contacts/>"


def test_journal_truncates_a_long_body(client, demo):
    client.import_rows(*({"EmailAddress": f"p{n}@example.com"} for n in range(10_000)))

    body = demo.requests()[0].body
    assert len(body) == 256 * 1024
    assert body.startswith('{"Contacts": [{"EmailAddress": "p0@example.com"}')
