# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Pages of other sites cannot use the administration, and no request can fill the memory."""

from __future__ import annotations

import gzip
import socket
from urllib.parse import urlsplit

import pytest
from sentori_sandbox import Sandbox
from sentori_sandbox.control.callers import OnlyOwnCallers

CHANGES = [
    ("POST", "reset"),
    ("POST", "stop"),
    ("POST", "faults"),
    ("DELETE", "faults"),
    ("DELETE", "requests"),
    ("POST", "assumptions"),
]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "", "[bad", "10.0.0.7"]
)
def test_host_that_is_not_loopback_is_refused(client, sentori_sandbox, host):
    named = host.format(port=urlsplit(sentori_sandbox.url).port)
    for method, path in [("GET", "state"), ("GET", "requests"), *CHANGES]:
        answer = client.send(method, f"/_sandbox/{path}", headers={"Host": named})

        assert (answer.status_code, list(answer.json())) == (403, ["error"])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1:80", "[::1]:80", "LOCALHOST."])
def test_host_that_is_loopback_is_accepted(client, host):
    assert client.get("/_sandbox/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_change_by_a_page_of_another_site_is_refused(client, sentori_sandbox, headers):
    sentori_sandbox.put_contact("joe@example.com")
    for method, path in CHANGES:
        answer = client.send(method, f"/_sandbox/{path}", headers={"Content-Type": "text/plain", **headers})

        assert answer.status_code == 403
    assert sentori_sandbox.contact("joe@example.com") is not None


def test_page_of_the_sandbox_itself_is_accepted(client, sentori_sandbox):
    headers = {"Origin": sentori_sandbox.url, "Sec-Fetch-Site": "same-origin"}

    assert client.post("/_sandbox/reset", {}, headers=headers).status_code == 204


@pytest.mark.parametrize(
    ("url", "host", "is_own"),
    [
        ("http://0.0.0.0:80", "10.0.0.7", True),
        ("http://[::]:80", "[fd00::7]:80", True),
        ("http://0.0.0.0:80", "evil.example", False),
        ("http://sandbox:80", "sandbox:80", True),
        ("http://10.0.0.7:80", "10.0.0.7:80", True),
        ("http://10.0.0.7:80", "10.0.0.8:80", False),
    ],
)
def test_sandbox_for_other_machines_is_reached_by_its_own_address(url, host, is_own):
    callers = OnlyOwnCallers(application=None, url=url)

    assert (callers._refusal({"host": host}) is None) is is_own


@pytest.mark.parametrize("path", ["/_sandbox/reset", "/v2.0/contact/import/", "/nowhere"])
def test_endless_body_is_refused(sentori_sandbox: Sandbox, path: str):
    parts = urlsplit(sentori_sandbox.url)
    block = b"10000\r\n" + b" " * 65536 + b"\r\n"
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        sent = 0
        try:
            while sent < 200 * 2**20:
                connection.sendall(block)
                sent += 65536
        except OSError:
            pass

    assert sent < 200 * 2**20
    assert sentori_sandbox.requests() == []


def test_body_that_becomes_huge_is_refused(client, sentori_sandbox):
    bomb = gzip.compress(b"<Contacts>" + b" " * (257 * 2**20), compresslevel=1)

    answer = client.send(
        "POST",
        "/v1/contacts.asmx/Import",
        data=bomb,
        headers={"Content-Type": "application/xml", "Content-Encoding": "gzip"},
    )

    assert answer.status_code == 400
    assert sentori_sandbox.truth() == []
