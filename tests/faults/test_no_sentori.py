# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Errors when the host is not Sentori or cannot be reached."""

from __future__ import annotations

import json
import pickle
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.rows import sources
from sentori_sandbox import Sandbox

EMAIL = "joe@example.com"


class StructureHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"EmailAddress": "joe@example.com"}')

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls_url(authority: trustme.CA) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), StructureHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def silent_url() -> Iterator[str]:
    """A server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_refused_connection_names_the_host_after_four_tries(connect: Any) -> None:
    port = free_port()
    api: SentoriApi = connect(url=f"http://127.0.0.1:{port}", api_key="key")
    with pytest.raises(errors.NoConnection) as caught:
        api.get_contact(EMAIL)
    assert str(caught.value) == (
        f"contact/get: 127.0.0.1:{port} cannot be reached: Connection refused. Check url and the network."
    )
    assert api.statistics.requests == 4


def test_an_unknown_host_name_is_reported_as_unreachable(connect: Any) -> None:
    with pytest.raises(errors.NoConnection, match=r"^contact/get: nowhere\.invalid cannot be reached: .*not known"):
        connect(url="https://nowhere.invalid", api_key="key").get_contact(EMAIL)


def test_a_silent_host_is_named_with_the_timeout(connect: Any, silent_url: str) -> None:
    api = connect(url=silent_url, api_key="key", timeout=0.05)
    with pytest.raises(errors.NoResponse, match=r"127\.0\.0\.1:\d+ did not answer within 0\.05 seconds \(timeout\)\."):
        api.get_contact(EMAIL)


def test_a_certificate_of_an_unknown_authority_is_refused_without_a_retry(connect: Any, tls_url: str) -> None:
    api = connect(url=tls_url, api_key="key")
    with pytest.raises(
        errors.CertificateRefused,
        match=r"certificate of localhost:\d+ was refused: .*authority's certificate as ca_path",
    ):
        api.get_contact(EMAIL)
    assert api.statistics.requests == 1


def test_ca_path_adds_a_trusted_authority(connect: Any, tls_url: str, authority: trustme.CA, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    assert connect(url=tls_url, api_key="key", ca_path=str(bundle)).get_contact(EMAIL)["EmailAddress"] == EMAIL
    assert connect(url=tls_url, api_key="key", validate_certs=False).get_contact(EMAIL)["EmailAddress"] == EMAIL


def test_a_second_answer_that_tls_has_decrypted_is_never_read(
    connect: Any, authority: trustme.CA, tmp_path: Path
) -> None:
    """A record of TLS may hold two answers: the second one is nowhere in the system's socket then."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    bodies = (json.dumps({"EmailAddress": EMAIL, "FirstName": name * 1500}).encode() for name in ("first", "twice"))
    answers = [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies]

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(context.wrap_socket(connection, server_side=True),)).start()

    def answer(connection: ssl.SSLSocket) -> None:
        with connection:
            while connection.recv(65536):
                connection.sendall(b"".join(answers))

    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        url = f"https://localhost:{listener.getsockname()[1]}"
        api = connect(url=url, api_key="key", ca_path=str(tmp_path / "ca.pem"))
        for _ in range(3):
            assert api.get_contact(EMAIL)["FirstName"] == "first" * 1500
        assert api.statistics.retries == 0
        api.transport.close()


@pytest.mark.parametrize(
    "content", ["-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n", "a folder"], ids=["none", "a folder"]
)
def test_certificates_that_cannot_be_read_are_named(connect: Any, tls_url: str, tmp_path: Path, content: str) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text(content) if content.startswith("-") else bundle.mkdir()
    api = connect(url=tls_url, api_key="key", ca_path=str(bundle))
    kind = errors.InvalidInput if content.startswith("-") else errors.CertificateRefused
    with pytest.raises(kind, match="ca_path"):
        api.get_contact(EMAIL)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_path_without_certificates_is_refused_before_any_request(
    connect: Any, tmp_path: Path, content: str | None
) -> None:
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_text(content)
    with pytest.raises(errors.InvalidInput, match=r"^ca_path: "):
        connect(url="https://localhost", api_key="key", ca_path=str(bundle))


def test_a_redirect_is_not_followed(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("contact/get", kind="redirect", headers={"Location": "https://elsewhere.example/"})
    with pytest.raises(errors.NotSentori, match=r"it redirects to elsewhere\.example \(HTTP 302\)\..*Check url\."):
        api.get_contact(EMAIL)
    assert len(sentori_sandbox.requests()) == 1


@pytest.mark.parametrize(
    "fault",
    [{"kind": "html"}, {"kind": "half-json"}, {"kind": "status", "status": 200, "body": "[]"},
     {"kind": "status", "status": 200, "body": '{"hello": "world"}'}],
    ids=str,
)  # fmt: skip
def test_a_response_that_is_not_from_sentori_raises_its_own_error(
    api: SentoriApi, sentori_sandbox: Sandbox, fault: dict[str, Any]
) -> None:
    sentori_sandbox.put_contact(EMAIL)
    sentori_sandbox.fault("contact/get", times=4, **fault)
    with pytest.raises(errors.UnreadableResponse, match=r"^contact/get: no Sentori response from 127\.0\.0\.1:\d+: "):
        api.get_contact(EMAIL)


def test_an_object_without_fields_of_contacts_is_not_their_structure(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("contact/getstructure", kind="status", status=200, body='{"hello": "world"}', times=4)
    with pytest.raises(errors.UnreadableResponse, match="an object with the fields of contacts was expected"):
        api.contact_structure()


@pytest.mark.parametrize("status", [401, 403, 404, 407])
def test_an_error_page_is_not_reported_as_a_sentori_error(
    api: SentoriApi, sentori_sandbox: Sandbox, status: int
) -> None:
    sentori_sandbox.fault("contact/get", kind="html", status=status)
    with pytest.raises(errors.NotSentori, match=rf"no Sentori response from .*; it sent text/html \(HTTP {status}\)"):
        api.get_contact(EMAIL)


@pytest.mark.parametrize(
    ("key", "kind", "sentence"),
    [
        ("wrong", errors.ApiKeyNotValid, "Sentori does not know this API key"),
        ("locked_key", errors.AccountNotAccessible, "account of this API key cannot be opened"),
        ("gone_key", errors.AccountNotFound, "account of this API key does not exist"),
    ],
)
@pytest.mark.parametrize("code_type", ["number", "string"])
def test_the_three_errors_of_a_key_have_different_messages(
    connect: Any, sentori_sandbox: Sandbox, key: str, kind: type[errors.ApiError], sentence: str, code_type: str
) -> None:
    sentori_sandbox.assume({"code-type": code_type})
    api = connect(url=sentori_sandbox.url, api_key=getattr(sentori_sandbox, key, key))
    with pytest.raises(kind, match=sentence) as caught:
        api.get_contact(EMAIL)
    assert caught.value.status == 403


def test_an_unknown_code_is_an_api_error_with_the_message_of_sentori(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": 999, "Message": "Something about joe@example.com"}'
    sentori_sandbox.fault("contact/get", kind="status", status=400, body=body)
    with pytest.raises(errors.ApiError) as caught:
        api.get_contact(EMAIL)
    assert str(caught.value) == "contact/get: Sentori said: Something about j***@example.com (code 999, HTTP 400)."


def test_broken_source_is_a_sentori_error() -> None:
    assert sources.BrokenSource in all_errors(errors.SentoriError)


def all_errors(kind: type[errors.SentoriError]) -> list[type[errors.SentoriError]]:
    return [kind, *(error for below in kind.__subclasses__() for error in all_errors(below))]


@pytest.mark.parametrize("kind", all_errors(errors.SentoriError))
def test_every_error_survives_pickling_with_its_attributes(kind: type[errors.SentoriError]) -> None:
    facts = {} if issubclass(kind, errors.InvalidInput) else {"operation": "contact/get", "status": 400, "code": 5}
    error = kind("Said.", **facts)
    copy = pickle.loads(pickle.dumps(error.followed_by("More.")))
    assert type(copy) is kind
    assert vars(copy) == {**vars(error), "message": "Said. More."}
    assert str(copy).endswith("Said. More.")
