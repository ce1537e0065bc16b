# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Test Connection: one sentence for each error, and no write."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme
from airflow_provider_sentori.hooks.sentori import SentoriHook

KEY = "6b8f7c2e-0000-4000-8000-000000000001"


class OtherService(BaseHTTPRequestHandler):
    """Answers every request with the ``body`` of another service."""

    body = b"<html><body>Welcome</body></html>"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if self.body.startswith(b"<") else "application/json")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


class SomeJson(OtherService):
    body = b'{"status": "ok"}'


@pytest.fixture
def serve() -> Iterator[object]:
    """``serve(handler, tls=None)`` returns the port of a server that stops with the test."""
    servers = []

    def start(handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None) -> int:
        server = HTTPServer(("127.0.0.1", 0), handler)
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return server.server_port

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def failure_message(connection_id: str) -> str:
    """The message of a failed test of this connection."""
    passed, sentence = SentoriHook(connection_id).test_connection()
    assert not passed
    return sentence


def test_a_valid_connection_shows_the_number_of_contact_fields_after_one_read(sentori) -> None:
    host = sentori.url.removeprefix("http://")

    assert SentoriHook().test_connection() == (
        True,
        f"{host} accepts the API key. The account has 11 contact fields.",
    )
    assert [(entry.method, entry.route) for entry in sentori.requests()] == [("GET", "contact/getstructure")]


def test_the_three_errors_of_a_key_have_different_messages(sentori, connection) -> None:
    sentences = [
        failure_message(connection(host=sentori.url, password=key))
        for key in (KEY, sentori.locked_key, sentori.gone_key)
    ]

    assert sentences[0].startswith("Sentori does not know this API key")
    assert sentences[1].startswith("The account of this API key cannot be opened at the moment")
    assert sentences[2].startswith("The account of this API key does not exist")


@pytest.mark.parametrize("handler", [OtherService, SomeJson])
def test_a_host_that_is_not_sentori_is_named(connection, serve, handler) -> None:
    port = serve(handler)

    assert failure_message(connection(host=f"http://127.0.0.1:{port}", password=KEY)).startswith(
        f"No Sentori response from 127.0.0.1:{port}: "
    )


def test_an_unreachable_host_is_named_with_the_reason(connection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    sentence = f"127.0.0.1:{port} cannot be reached: Connection refused. Check url and the network."
    assert failure_message(connection(host=f"http://127.0.0.1:{port}", password=KEY)) == sentence


def test_a_silent_host_is_named_with_the_timeout(connection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        stored = connection(host=f"http://127.0.0.1:{port}", password=KEY, extra={"timeout": 0.2})

        assert failure_message(stored) == f"127.0.0.1:{port} did not answer within 0.2 seconds (timeout)."


def test_a_refused_certificate_names_ca_path(connection, serve) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(tls)
    port = serve(OtherService, tls)

    sentence = failure_message(connection(host=f"https://localhost:{port}", password=KEY))

    assert sentence.startswith(f"The certificate of localhost:{port} was refused: ")
    assert "ca_path" in sentence


def test_an_overloaded_server_is_not_retried(sentori) -> None:
    sentori.fault("contact/getstructure", kind="status", status=429, headers={"Retry-After": "30"})

    assert failure_message("sentori_default").endswith("is overloaded (HTTP 429). It asked for a pause of 30 seconds.")
    assert len(sentori.requests()) == 1


def test_an_invalid_connection_names_its_field_and_sends_no_request(sentori, connection) -> None:
    assert failure_message(connection(host=sentori.url)).startswith("password of the connection: no API key was given.")
    assert failure_message(connection(host=sentori.url, password=KEY, extra={"timeout": "soon"})).startswith(
        "extra timeout of"
    )
    assert failure_message(connection(host=sentori.url, password=KEY, extra={"ca_path": "/nowhere"})).startswith(
        "extra ca_path of"
    )
    assert sentori.requests() == []


@pytest.mark.filterwarnings("ignore:ProvidersManager.hooks is deprecated")
def test_airflow_finds_the_hook_and_tests_a_submitted_form(sentori, monkeypatch) -> None:
    from airflow.models.connection import Connection

    form = Connection(conn_id="form", conn_type="sentori", host=sentori.url, password=sentori.api_key, extra="{}")
    monkeypatch.setenv("AIRFLOW_CONN_FORM", form.get_uri())

    passed, sentence = form.test_connection()

    assert passed, sentence
    assert "11 contact fields" in sentence
