# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Injected faults: which requests they affect, how often, and what the client sees."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
import requests

ADA = "ada.lovelace@example.com"
JSON = "application/json; charset=utf-8"


def test_status_fault_returns_status_and_headers_and_changes_nothing(client, demo):
    demo.fault("contact/update", kind="status", status=503, headers={"Retry-After": "1"})

    answer = client.contact("update", ADA, body={"Title": "Dr"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert demo.contact(ADA)["Title"] == "Ms"
    assert client.contact("update", ADA, body={"Title": "Dr"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ({"Code": 106, "Message": "no"}, JSON, '{"Code": 106, "Message": "no"}'),
        ("<p>no", "text/html; charset=utf-8", "<p>no"),
    ],
)
def test_status_fault_returns_the_given_body(client, demo, body, content_type, text):
    demo.fault("contact/get", kind="status", status=400, body=body)

    answer = client.contact("get", ADA)

    assert (answer.status_code, answer.headers["Content-Type"], answer.text) == (400, content_type, text)


def test_html_fault_returns_200_by_default(client, demo):
    demo.fault("contact/get", kind="html")
    demo.fault("contact/get", kind="html", status=502, body="<h1>Bad Gateway</h1>")

    answers = [client.contact("get", ADA) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 502]
    assert answers[0].text.startswith("<!DOCTYPE HTML")
    assert answers[1].text == "<h1>Bad Gateway</h1>"


def test_redirect_fault_uses_the_given_location_or_the_same_host(client, demo):
    demo.fault("contact/add", kind="redirect")
    demo.fault("contact/add", kind="redirect", headers={"Location": "https://evil.example.com/"})

    answers = [client.contact("add", "new@example.com") for _ in range(2)]

    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (302, "/elsewhere/v2.0/contact/add/new%40example.com/"),
        (302, "https://evil.example.com/"),
    ]
    assert demo.contact("new@example.com") is None


def test_wait_fault_delays_the_response(client, demo):
    demo.fault("contact/get", kind="wait", seconds=0.2)

    started = time.monotonic()
    answer = client.contact("get", ADA)

    assert answer.status_code == 200
    assert time.monotonic() - started >= 0.2


def test_request_is_processed_after_the_client_timed_out(client, demo):
    demo.fault("contact/update", kind="wait", seconds=0.3)

    with pytest.raises(requests.ReadTimeout):
        client.session.post(f"{demo.url}/v2.0/contact/update/{ADA}/", json={"Title": "Dr"}, timeout=0.05)

    deadline = time.monotonic() + 5
    while demo.contact(ADA)["Title"] != "Dr" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert demo.contact(ADA)["Title"] == "Dr"


@pytest.mark.parametrize(("kind", "title"), [("drop-before", "Ms"), ("drop-after", "Dr")])
def test_drop_fault_closes_the_connection_before_or_after_processing(client, demo, kind, title):
    demo.fault("contact/update", kind=kind)

    with pytest.raises(requests.ConnectionError):
        client.contact("update", ADA, body={"Title": "Dr"})

    assert demo.contact(ADA)["Title"] == title
    (entry,) = demo.writes()
    assert (entry.status, entry.fault) == (None, kind)


def test_half_json_fault_returns_a_complete_response_with_invalid_json(client, demo):
    demo.fault("contact/update", kind="half-json")

    answer = client.contact("update", ADA, body={"Title": "Dr"})

    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.content) > 100
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert demo.contact(ADA)["Title"] == "Dr"


def test_short_fault_ends_before_the_announced_length(client, demo):
    demo.fault("contact/update", kind="short")

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.contact("update", ADA, body={"Title": "Dr"})

    assert demo.contact(ADA)["Title"] == "Dr"


def test_faults_happen_in_the_given_order_and_number(client, demo):
    demo.fault("contact", kind="status", status=500, times=2)
    demo.fault("*", kind="status", status=501)

    statuses = [client.contact("get", ADA).status_code for _ in range(4)]

    assert statuses == [500, 500, 501, 200]
    assert [entry.fault for entry in demo.requests()] == ["status", "status", "status", None]


def test_fault_affects_only_requests_that_match(client, demo):
    demo.fault("*", kind="status", status=500, method="POST", match="new@example.com")

    passed = [
        client.contact("get", "new@example.com").status_code,
        client.contact("add", "other@example.com").status_code,
        client.contact("addorupdate", "new@example.com").status_code,
    ]

    assert passed == [404, 200, 500]


def test_fault_for_add_does_not_affect_addorupdate(client, demo):
    demo.fault("contact/add", kind="status", status=500)

    assert client.contact("addorupdate", "new@example.com").status_code == 201
    assert client.contact("add", "other@example.com").status_code == 500


def test_fault_happens_before_the_key_is_checked(client, demo):
    demo.fault("contact/get", kind="status", status=500)

    assert requests.get(f"{demo.url}/v2.0/contact/get/1/", timeout=10).status_code == 500


def test_unused_faults_lists_faults_that_happened_too_seldom(client, demo):
    demo.fault("contact/get", kind="status", status=500, times=2)
    demo.fault("mailinglists/subscribers", kind="drop-before")
    client.contact("get", ADA)

    unused = [(fault["route"], fault["times"], fault["used"]) for fault in demo.unused_faults()]

    assert unused == [("contact/get", 2, 1), ("mailinglists/subscribers", 1, 0)]
    demo.reset()
    assert demo.unused_faults() == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (
            {"route": "contact/nonsense", "kind": "html"},
            "route: no route is named 'contact/nonsense'. The routes are: .*contact/get",
        ),
        ({"route": "*", "kind": "nonsense"}, "kind: no fault is named 'nonsense'. The kinds are: status, html"),
        ({"route": "*", "kind": "status"}, "status: required"),
        ({"route": "*", "kind": "wait"}, "seconds: required"),
        ({"route": "*", "kind": "html", "times": 0}, "times: 0 is too small"),
    ],
)
def test_invalid_fault_is_refused(sentori_sandbox, fault, message):
    with pytest.raises(ValueError, match=message):
        sentori_sandbox.fault(fault.pop("route"), **fault)


def test_fixture_fails_a_test_with_unused_faults(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "def test_used(sentori_sandbox): pass\n"
        "def test_unused(sentori_sandbox): sentori_sandbox.fault('contact/get', kind='html')\n"
    )

    # Load this plugin only: all installed plugins take seconds to load.
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "pytest_sentori_sandbox",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env)

    assert "2 passed, 1 error" in result.stdout
    assert "these faults never happened: [{'route': 'contact/get'" in result.stdout
