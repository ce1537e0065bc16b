# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Faults by instruction: each happens as often as asked, where asked, and is accounted for."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
import requests

ADA = "ada.lovelace@example.com"
JSON = "application/json; charset=utf-8"


def test_a_status_with_headers_and_a_page_is_answered_and_nothing_is_done(client, demo):
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
def test_a_status_can_have_a_body_of_ones_own(client, demo, body, content_type, text):
    demo.fault("contact/get", kind="status", status=400, body=body)

    answer = client.contact("get", ADA)

    assert (answer.status_code, answer.headers["Content-Type"], answer.text) == (400, content_type, text)


def test_html_comes_with_200_unless_asked_otherwise(client, demo):
    demo.fault("contact/get", kind="html")
    demo.fault("contact/get", kind="html", status=502, body="<h1>Bad Gateway</h1>")

    answers = [client.contact("get", ADA) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 502]
    assert answers[0].text.startswith("<!DOCTYPE HTML")
    assert answers[1].text == "<h1>Bad Gateway</h1>"


def test_a_redirect_leads_elsewhere_on_the_same_host_or_where_it_is_told(client, demo):
    demo.fault("contact/add", kind="redirect")
    demo.fault("contact/add", kind="redirect", headers={"Location": "https://evil.example.com/"})

    answers = [client.contact("add", "new@example.com") for _ in range(2)]

    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (302, "/elsewhere/v2.0/contact/add/new%40example.com/"),
        (302, "https://evil.example.com/"),
    ]
    assert demo.contact("new@example.com") is None


def test_a_wait_delays_and_then_acts(client, demo):
    demo.fault("contact/get", kind="wait", seconds=0.2)

    started = time.monotonic()
    answer = client.contact("get", ADA)

    assert answer.status_code == 200
    assert time.monotonic() - started >= 0.2


def test_a_client_that_does_not_wait_is_acted_for_all_the_same(client, demo):
    demo.fault("contact/update", kind="wait", seconds=0.3)

    with pytest.raises(requests.ReadTimeout):
        client.session.post(f"{demo.url}/v2.0/contact/update/{ADA}/", json={"Title": "Dr"}, timeout=0.05)

    deadline = time.monotonic() + 5
    while demo.contact(ADA)["Title"] != "Dr" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert demo.contact(ADA)["Title"] == "Dr"


@pytest.mark.parametrize(("kind", "title"), [("drop-before", "Ms"), ("drop-after", "Dr")])
def test_a_dropped_connection_has_no_answer_and_has_acted_or_not(client, demo, kind, title):
    demo.fault("contact/update", kind=kind)

    with pytest.raises(requests.ConnectionError):
        client.contact("update", ADA, body={"Title": "Dr"})

    assert demo.contact(ADA)["Title"] == title
    (entry,) = demo.writes()
    assert (entry.status, entry.fault) == (None, kind)


def test_half_a_json_is_a_complete_answer_that_cannot_be_read(client, demo):
    demo.fault("contact/update", kind="half-json")

    answer = client.contact("update", ADA, body={"Title": "Dr"})

    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.content) > 100
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert demo.contact(ADA)["Title"] == "Dr"


def test_a_short_answer_ends_before_its_announced_length(client, demo):
    demo.fault("contact/update", kind="short")

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.contact("update", ADA, body={"Title": "Dr"})

    assert demo.contact(ADA)["Title"] == "Dr"


def test_faults_happen_in_the_order_given_and_as_often_as_asked(client, demo):
    demo.fault("contact", kind="status", status=500, times=2)
    demo.fault("*", kind="status", status=501)

    statuses = [client.contact("get", ADA).status_code for _ in range(4)]

    assert statuses == [500, 500, 501, 200]
    assert [entry.fault for entry in demo.requests()] == ["status", "status", "status", None]


def test_a_fault_waits_for_the_request_that_fits(client, demo):
    demo.fault("*", kind="status", status=500, method="POST", match="new@example.com")

    passed = [
        client.contact("get", "new@example.com").status_code,
        client.contact("add", "other@example.com").status_code,
        client.contact("addorupdate", "new@example.com").status_code,
    ]

    assert passed == [404, 200, 500]


def test_a_fault_for_add_is_none_for_addorupdate(client, demo):
    demo.fault("contact/add", kind="status", status=500)

    assert client.contact("addorupdate", "new@example.com").status_code == 201
    assert client.contact("add", "other@example.com").status_code == 500


def test_a_fault_happens_before_the_key_is_looked_at(client, demo):
    demo.fault("contact/get", kind="status", status=500)

    assert requests.get(f"{demo.url}/v2.0/contact/get/1/", timeout=10).status_code == 500


def test_faults_that_did_not_happen_are_told(client, demo):
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
        ({"route": "contact/nonsense", "kind": "html"}, "no route 'contact/nonsense'; there are: .*contact/get"),
        ({"route": "*", "kind": "nonsense"}, "no fault 'nonsense'; there are: status, html"),
        ({"route": "*", "kind": "status"}, "needs a status"),
        ({"route": "*", "kind": "wait"}, "needs seconds"),
        ({"route": "*", "kind": "html", "times": 0}, "times >= 1"),
    ],
)
def test_a_fault_that_could_never_happen_is_refused(sentori_sandbox, fault, message):
    with pytest.raises(ValueError, match=message):
        sentori_sandbox.fault(fault.pop("route"), **fault)


def test_the_fixture_fails_a_test_whose_faults_did_not_happen(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "def test_used(sentori_sandbox): pass\n"
        "def test_unused(sentori_sandbox): sentori_sandbox.fault('contact/get', kind='html')\n"
    )

    # Only the plugin in question: all those installed here take seconds to load.
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
    assert "faults that never happened: [{'route': 'contact/get'" in result.stdout
