# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Malformed and hostile responses: no crash, no leaked secret, no hang, no change to another contact."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.api.subscribers import read_subscribers
from airflow_provider_sentori.core.contacts.apply import Contacts
from airflow_provider_sentori.core.contacts.desired import desired_contact
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from run_many import on_contacts
from sentori_sandbox import Sandbox

JOE = "joe@example.com"
JSON = {"Content-Type": "application/json"}


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def scripted() -> Iterator[Callable[..., str]]:
    """``scripted(b"...", b"...")`` is the URL of a server that sends these parts on each connection and closes it."""
    listeners = []

    def serve(*parts: bytes, pause: float = 0.0) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def answer(connection: socket.socket) -> None:
            with connection:
                connection.recv(65536)
                for part in parts:
                    try:
                        connection.sendall(part)
                    except OSError:
                        return
                    time.sleep(pause)

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for listener in listeners:
        listener.close()


@pytest.mark.parametrize(
    "code", ["Infinity", "1.9", "true", "[]", '"x"', '"' + "9" * 5000 + '"', "[" * 100_000], ids=lambda code: code[:9]
)
def test_an_error_with_an_invalid_code_is_not_a_sentori_error(
    api: SentoriApi, sentori_sandbox: Sandbox, code: str
) -> None:
    sentori_sandbox.fault("contact/get", kind="status", status=400, body=f'{{"Code": {code}}}', headers=JSON)
    with pytest.raises(errors.NotSentori, match="no Sentori response from"):
        api.get_contact(JOE)


@pytest.mark.parametrize("value", ["²", "soon", "", "-5", "9" * 400])
def test_an_invalid_retry_after_does_not_crash(api: SentoriApi, sentori_sandbox: Sandbox, value: str) -> None:
    sentori_sandbox.put_contact(JOE)
    encoded = {"Retry-After": value.encode().decode("latin-1")}
    sentori_sandbox.fault("contact/get", kind="status", status=503, headers=encoded)
    try:
        api.get_contact(JOE)
    except errors.Overloaded as error:
        assert "max_wait" in str(error)


def test_a_response_is_shown_without_key_and_address(
    connect: Any, scripted: Callable[..., str], sentori_sandbox: Sandbox
) -> None:
    body = json.dumps({"Code": 999, "Message": "Key s3cret-key of joe%40example.com and joe@example.com"}).encode()
    target = "Location: https://joe@elsewhere.example/s3cret-key"
    for answer in (
        http(body, status="400 No"),
        http(b"", target, status="302 Found"),
        http(b"", "Location: https://[bad/", status="302 Found"),
        http(b"", "Content-Type: text/s3cret-key", status="404 Not Found"),
    ):
        with pytest.raises(errors.SentoriError) as caught:
            connect(url=scripted(answer), api_key="s3cret-key").get_contact(JOE)
        assert "s3cret-key" not in str(caught.value) and "joe" not in str(caught.value)


@pytest.mark.parametrize("breakage", [b"SSH-2.0-OpenSSH\r\n", b"", http(b"{}")[:-1]])
def test_no_chained_exception_contains_address_or_key(
    connect: Any, scripted: Callable[..., str], breakage: bytes
) -> None:
    with pytest.raises(errors.NoResponse, match="the connection to 127") as caught:
        connect(url=scripted(breakage), api_key="s3cret-key").get_contact(JOE)
    chain: list[BaseException] = [caught.value]
    while chain[-1].__context__ is not None:
        chain.append(chain[-1].__context__)
    assert all(isinstance(error, errors.SentoriError) for error in chain)


def test_a_malformed_header_is_logged_without_the_address(
    connect: Any, scripted: Callable[..., str], caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = http(json.dumps({"EmailAddress": JOE}).encode(), "a line that is no header")
    with suppress(errors.SentoriError):
        connect(url=scripted(answer), api_key="key").get_contact(JOE)
    assert caplog.records and "joe" not in caplog.text


def test_a_very_slow_response_is_given_up_after_the_timeout(connect: Any, scripted: Callable[..., str]) -> None:
    whole = http(b" " * 1000 + b"{}")
    drops = [whole[:-1000], *(whole[at : at + 1] for at in range(len(whole) - 1000, len(whole)))]
    started = time.monotonic()
    with pytest.raises(errors.NoResponse, match=r"timeout"):
        connect(url=scripted(*drops, pause=0.01), api_key="key", timeout=0.03, max_wait=0).get_contact(JOE)
    assert time.monotonic() - started < 8


@pytest.mark.parametrize("header", [b"X-Drip: 1\r\n" * 90, b"X-Drip: " + b"1" * 60_000])
def test_headers_that_drip_are_given_up_after_the_timeout(
    connect: Any, scripted: Callable[..., str], header: bytes
) -> None:
    size = len(header) // 90
    drops = [b"HTTP/1.1 200 OK\r\n", *(header[at : at + size] for at in range(0, len(header), size))]
    started = time.monotonic()
    with pytest.raises(errors.NoResponse, match=r"did not answer within 0.2 seconds \(timeout\)"):
        connect(url=scripted(*drops, pause=0.1), api_key="key", timeout=0.2, max_wait=0).get_contact(JOE)
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate", "gzip, identity"])
def test_an_encoding_that_was_not_asked_for_is_refused_unread(
    connect: Any, scripted: Callable[..., str], encoding: str
) -> None:
    body = gzip.compress(gzip.compress(json.dumps({"EmailAddress": JOE}).encode()))
    api = connect(url=scripted(http(body, f"Content-Encoding: {encoding}")), api_key="key")
    with pytest.raises(errors.NotSentori, match="has an encoding that was not asked for"):
        api.get_contact(JOE)
    with pytest.raises(errors.UnreadableResponse):
        api.delete_contact(JOE)


def test_a_long_list_is_decompressed_in_small_steps(connect: Any, scripted: Callable[..., str]) -> None:
    people = (f'{{"SystemID": {number}, "EmailAddress": "p{number}@example.com"}},' for number in range(1, 300_001))
    body = gzip.compress(("[" + "".join(people) + "]").encode())
    api = connect(url=scripted(http(body, "Content-Encoding: gzip")), api_key="key")
    tracemalloc.start()
    try:
        assert read_subscribers(api, "NEWS", lambda subscribers: sum(1 for _ in subscribers)) == 300_000
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 3 * len(body)


def test_the_debug_output_of_the_standard_library_contains_no_key(
    connect: Any, scripted: Callable[..., str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HTTPConnection, "debuglevel", 2)
    answer = http(json.dumps({"EmailAddress": JOE}).encode())
    connect(url=scripted(answer), api_key="00000000-secret").get_contact(JOE)
    printed = "".join(capsys.readouterr())
    assert "secret" not in printed and "joe" not in printed


def test_a_status_that_announces_another_one_is_not_a_response(connect: Any, scripted: Callable[..., str]) -> None:
    api = connect(url=scripted(b"HTTP/1.1 103 Early Hints\r\n\r\n", http(b"{}")), api_key="key", max_wait=0)
    with pytest.raises(errors.NoResponse):
        api.delete_contact(JOE)


@pytest.mark.parametrize("pause", [0.0, 0.05])
@pytest.mark.parametrize("size", [10, 50_000])
def test_a_second_answer_is_never_taken_for_that_of_the_next_request(
    connect: Any, scripted: Callable[..., str], size: int, pause: float
) -> None:
    first, second = (
        http(json.dumps({"EmailAddress": "1" * size, "Name": name}).encode()) for name in ("first", "second")
    )
    parts = (first, second) if pause else (first + second,)
    api = connect(url=scripted(*parts, pause=pause), api_key="key")
    for _ in range(3):
        assert api.contact_structure()["Name"] == "first"
        # Whatever arrives after the next request was sent cannot be told from its answer.
        time.sleep(max(2 * pause, 0.05))


@pytest.mark.parametrize("size", [3, 64])
def test_a_compressed_response_is_read_in_parts_of_any_size(
    connect: Any, scripted: Callable[..., str], size: int
) -> None:
    body = gzip.compress(json.dumps({"EmailAddress": JOE, "FirstName": "J" * 5000}).encode())
    answer = http(body, "Content-Encoding: gzip")
    parts = [answer[at : at + size] for at in range(0, len(answer), size)]
    contact = connect(url=scripted(*parts, pause=0.001), api_key="key").get_contact(JOE)
    assert contact["FirstName"] == "J" * 5000


def test_a_response_that_is_too_long_is_refused(connect: Any, scripted: Callable[..., str]) -> None:
    bomb = gzip.compress(b" " * (40 * 1024 * 1024))
    api = connect(url=scripted(http(bomb, "Content-Encoding: gzip")), api_key="key")
    with pytest.raises(errors.NotSentori, match="is longer than 16 MiB"):
        api.get_contact(JOE)
    with pytest.raises(errors.UnreadableResponse):
        api.delete_contact(JOE)


def test_timeouts_of_reads_count_towards_max_wait(scripted: Callable[..., str]) -> None:
    settings = Settings(url=scripted(b"", pause=5), api_key="key", timeout=0.1, max_wait=0.4, concurrency=4)
    people = [{"EmailAddress": f"p{number}@example.com"} for number in range(200)]
    with Transport(settings) as transport, pytest.raises(errors.NoResponse, match=r"max_wait \(0\.4 seconds"):
        on_contacts(SentoriApi(transport), people, concurrency=4)
    assert transport.statistics.requests < 40


def test_timeouts_of_writes_count_towards_max_wait(sentori_sandbox: Sandbox) -> None:
    for number in range(40):
        sentori_sandbox.put_contact(f"p{number}@example.com")
    sentori_sandbox.fault("contact/update", kind="wait", seconds=0.3, times=6)
    rows = [{"EmailAddress": f"p{number}@example.com", "FirstName": "P"} for number in range(40)]
    given = {"url": sentori_sandbox.url, "api_key": sentori_sandbox.api_key}
    with Transport(Settings(**given, timeout=0.1, max_wait=0.5)) as transport:
        outcomes = on_contacts(SentoriApi(transport), rows, concurrency=1)
    assert outcomes[-1].action == "failed" and "This item was not sent." in str(outcomes[-1].error)
    sentori_sandbox.clear_faults()


def test_a_write_is_not_repeated_if_a_proxy_drops_it_after_the_request(
    connect: Any, scripted: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", scripted(b""))
    monkeypatch.delenv("NO_PROXY", raising=False)
    api = connect(url="http://sentori.example", api_key="key", allow_http=True)
    with pytest.raises(errors.NoResponse):
        api.delete_contact(JOE)
    assert api.statistics.requests == 1


def test_a_key_is_redacted_in_any_spelling(connect: Any, scripted: Callable[..., str]) -> None:
    key = "34647ee4-fcf9-45ed-bc55-2233c93c460a"
    body = json.dumps({"Code": 1, "Message": f"No {key.upper()}, no {key.replace('-', '')}"}).encode()
    with pytest.raises(errors.ApiKeyNotValid) as caught:
        connect(url=scripted(http(body, status="403 Forbidden")), api_key=key).get_contact(JOE)
    assert "No ***, no ***" in str(caught.value)


def test_a_request_to_this_host_uses_no_proxy(
    connect: Any, sentori_sandbox: Sandbox, scripted: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", scripted(http(b"{}")))
    monkeypatch.delenv("NO_PROXY", raising=False)
    connect(url=sentori_sandbox.url, api_key=sentori_sandbox.api_key).contact_structure()
    assert len(sentori_sandbox.requests()) == 1


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://127.0.0.1:1"])
def test_a_broken_proxy_is_named(connect: Any, monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises((errors.InvalidInput, errors.NoConnection), match="HTTPS_PROXY"):
        connect(url="https://sentori.example", api_key="key", max_wait=0).get_contact(JOE)


def test_a_response_about_another_contact_is_not_accepted(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    for email in (JOE, "mary@example.com"):
        sentori_sandbox.put_contact(email, FirstName="First", KnownAs="Known")
    mary = json.dumps({**(sentori_sandbox.contact("mary@example.com") or {})})
    for route in ("contact/get", "contact/update"):
        sentori_sandbox.reset(seed=sentori_sandbox.state())
        sentori_sandbox.fault(route, kind="status", status=200, body=mary, headers=JSON, times=4)
        (outcome,) = Contacts(api).run([desired_contact(JOE, given={"FirstName": "Jo", "KnownAs": ""})])
        assert outcome.action in ("failed", "in_doubt")
        assert not any("mary" in entry.path for entry in sentori_sandbox.writes())
        sentori_sandbox.clear_faults()


@pytest.mark.parametrize(
    "answer",
    [
        {"body": "\ufeff<html></html>"},
        {"body": "Bad gateway", "headers": {"Content-Type": "text/html"}},
        {"body": '{"Code": 101, "Message": "Contact not found"}', "headers": JSON},
    ],
)
def test_a_page_or_an_error_with_status_200_is_not_a_success(
    api: SentoriApi, sentori_sandbox: Sandbox, answer: dict[str, Any]
) -> None:
    sentori_sandbox.put_contact(JOE)
    sentori_sandbox.fault("contact/delete", kind="status", status=200, times=3, **answer)
    (outcome,) = Contacts(api).run([desired_contact(JOE, "absent")])
    assert (outcome.action, outcome.changed) == ("in_doubt", False)


def test_an_address_that_a_gateway_refuses_does_not_fail_the_others(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.assume({"path-escapes": "404"})
    rows = [{"EmailAddress": email} for email in ("a@example.com", "b+c@example.com", "d@example.com")]
    outcomes = on_contacts(api, rows, concurrency=1)
    assert [outcome.action for outcome in outcomes] == ["created", "failed", "created"]
    assert "may refuse a character of the address" in str(outcomes[1].error)


def test_a_refusal_after_a_lost_answer_is_final(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.assume({"add-suppressed": "error-106"})
    sentori_sandbox.suppress(JOE)
    sentori_sandbox.fault("contact/add", kind="status", status=502)
    (outcome,) = Contacts(api).run([desired_contact(JOE)])
    assert isinstance(outcome.error, errors.EmailAddressSuppressed)
    assert len(sentori_sandbox.writes()) == 2


def test_a_failed_structure_read_fails_only_items_that_need_it(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("a@example.com", FirstName="A")
    sentori_sandbox.fault("contact/getstructure", kind="status", status=500, times=4)
    rows = [{"EmailAddress": "a@example.com", "FirstName": "B"}, {"EmailAddress": "new@example.com", "FirstName": "N"}]
    assert [outcome.action for outcome in on_contacts(api, rows, concurrency=1)] == ["updated", "failed"]


@pytest.mark.parametrize("email", ["a\ud800@example.com", "a@exam\udfffple.com"])
def test_a_lone_surrogate_is_refused_before_any_request(email: str) -> None:
    with pytest.raises(errors.InvalidInput, match="a character that cannot be seen"):
        desired_contact(email)
    with pytest.raises(errors.InvalidInput, match="half of a character"):
        desired_contact(JOE, given={"FirstName": email})
