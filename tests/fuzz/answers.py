# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The parsers of responses: whatever a server sends, there is a value that Sentori can mean, or a SentoriError."""

from __future__ import annotations

import io
import json
import math
import zlib
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException, HTTPMessage, HTTPResponse, parse_headers
from typing import Any

from airflow_provider_sentori.core.api import _json_stream, _strict_json, subscribers, xml_v1
from airflow_provider_sentori.core.api._decode import Decoder
from airflow_provider_sentori.core.errors import SentoriError
from airflow_provider_sentori.core.fields import ADDRESS
from airflow_provider_sentori.core.http import _body, _diagnosis
from airflow_provider_sentori.core.http.request import Request, Response
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from airflow_provider_sentori.core.imports.counters import counters_of

KEY = "5e4f0d1c-0000-4000-8000-7ab1e0f5ec2e"
TRANSPORT = Transport(Settings(KEY, "http://127.0.0.1:1"))
DECODER = Decoder(TRANSPORT)
REQUEST = Request("contact/get", "GET", "/v2.0/contact/get/joe%40example.com/")
IMPORT = Request("contact/import", "POST", "/v2.0/contact/import/", writes=True)
JSON = {"Content-Type": "application/json"}
STATUSES = (200, 201, 204, 302, 400, 401, 403, 404, 409, 429, 500, 503)


def contact(data: bytes) -> None:
    """An answer of any status, decoded as each kind of answer."""
    status, body = STATUSES[data[0] % len(STATUSES)] if data else 200, data[1:]
    response = Response(status, JSON, body)
    for decode in (DECODER.contact, DECODER.object, DECODER.array, DECODER.nothing, _mailing_list):
        try:
            found = decode(REQUEST, response)
        except SentoriError as error:
            assert KEY not in str(error)
            continue
        assert status < 400
        _check_meant(found)
    _diagnosis.of_status("host", REQUEST, response)


def _mailing_list(request: Request, response: Response) -> Any:
    return DECODER.mailing_list(request, response, DECODER.object(request, response))


def json_document(data: bytes) -> None:
    """What is accepted is what the standard library reads."""
    try:
        found = _strict_json.document(data)
    except _strict_json.NotMeant:
        return
    assert found == json.loads(data.decode().strip(" \t\r\n\ufeff"))
    _check_meant(found)


def json_stream(data: bytes) -> None:
    """An array in parts of any size is what it is in one piece."""
    size = data[0] + 1 if data else 1
    body = data[1:]
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    try:
        found = list(_json_stream.objects(parts))
    except _json_stream.BrokenArray:
        found = None
    try:
        at_once = list(_json_stream.objects([body]))
    except _json_stream.BrokenArray:
        at_once = None
    assert found == at_once
    _check_meant(found)
    try:
        people = list(subscribers._subscribers(iter(parts)))
    except _json_stream.BrokenArray:
        return
    assert all(isinstance(one[ADDRESS], str) and one.get("SystemID", 1) > 0 for one in people)
    addresses = [address for page in subscribers._addresses(iter(parts)) for address in page]
    assert addresses == [one[ADDRESS] for one in people]


def counters(data: bytes) -> None:
    """The counters of an import, in a JSON object (v2.0) or in headers (v1)."""
    with suppress(SentoriError):
        found = counters_of(DECODER.object(IMPORT, Response(200, JSON, data)), 3)
        assert not found.adds_up or (min(found.counts.values()) >= 0 and sum(found.actions.values()) == 3)
    in_headers = xml_v1._counters(_headers(data))
    assert in_headers is None or all(count >= 0 for count in in_headers.values())


def xml_template(data: bytes) -> None:
    found = xml_v1._first_contact(data)
    assert found is None or all(isinstance(field.tag, str) for field in found)


def retry_after(data: bytes) -> None:
    seconds = _diagnosis.seconds_to_wait(data.decode("latin-1"))
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)


def redirect(data: bytes) -> None:
    text = data.decode("latin-1")
    failure = _diagnosis.of_status("host", REQUEST, Response(302, {"Location": text, "Retry-After": text}, b""))
    assert failure is not None and str(failure).isprintable()


def http_response(data: bytes) -> None:
    """Bytes from a socket: a response, or an error of http.client; bodies are decompressed in bounded parts."""
    response = HTTPResponse(_Socket(data))  # type: ignore[arg-type]
    try:
        response.begin()
        total = 0
        for part in _body.parts(response):
            assert len(part) <= _body.READ_SIZE
            total += len(part)
            if total > 1 << 24:
                return
    except (OSError, HTTPException, zlib.error, _body.UnknownEncoding):
        return


class _Socket:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def _headers(data: bytes) -> HTTPMessage | dict[str, str]:
    try:
        return parse_headers(io.BytesIO(data))
    except HTTPException:
        return {}


def _check_meant(found: Any) -> None:
    """No infinite number, no half of a character."""
    ahead: list[Any] = [found]
    for value in _walk(ahead):
        assert not isinstance(value, float) or math.isfinite(value)
        if isinstance(value, str):
            value.encode()


def _walk(ahead: list[Any]) -> Iterator[Any]:
    while ahead:
        value = ahead.pop()
        yield value
        if isinstance(value, dict):
            ahead += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            ahead += value
