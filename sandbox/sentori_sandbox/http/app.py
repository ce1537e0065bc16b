# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The ASGI application: the steps of a request from arrival to response."""

from __future__ import annotations

import time

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from ..account import Account
from ..api import ApiResponse, html_page
from ..control import BODY_KEPT, Fault, Faults, Journal, JournalEntry
from .endpoints import Endpoints
from .protocol import close_connection, send_partial_response, set_reason
from .received import BodyTooLong, ReceivedRequest, bounded

# Announced as the length of an empty body by the fault "short".
_LENGTH_OF_NOTHING = 100


class SentoriApp:
    """The Sentori API over HTTP; paths under ``/_sandbox`` go to ``administration``."""

    def __init__(
        self, account: Account, journal: Journal, faults: Faults, administration: ASGIApp
    ) -> None:
        self._endpoints = Endpoints(account)
        self._journal = journal
        self._faults = faults
        self._administration = administration

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._handle(scope, bounded(receive), send)
        except BodyTooLong:
            page = html_page(413, "Request Entity Too Large", {"Connection": "close"})
            await _respond(scope, receive, send, page, None)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/_sandbox"):
            await self._administration(scope, receive, send)
            return
        try:
            received = await ReceivedRequest.read(scope, receive)
        except ClientDisconnect:
            return
        arrived, started = time.time(), time.perf_counter()
        fault = self._faults.take(received.method, received.route_name, received.path)
        response = await self._process(received, fault)
        self._journal.record(
            JournalEntry(
                method=received.method,
                route=received.route_name,
                path=received.path,
                raw_path=received.raw_path,
                query=received.query,
                body=received.body[:BODY_KEPT],
                status=response.status if response else None,
                seconds=time.perf_counter() - started,
                time=arrived,
                headers=received.headers,
                fault=fault.kind if fault else None,
            )
        )
        await _respond(scope, receive, send, response, fault.kind if fault else None)

    async def _process(self, received: ReceivedRequest, fault: Fault | None) -> ApiResponse | None:
        """Return the response; None if the connection is to be closed without one."""
        if fault is None:
            return await self._endpoints.process(received, delay=0)
        if fault.kind == "drop-before":
            return None
        if prepared := fault.prepared_response(received.raw_path):
            return prepared
        response = await self._endpoints.process(received, delay=fault.seconds or 0)
        return None if fault.kind == "drop-after" else response


async def _respond(
    scope: Scope, receive: Receive, send: Send, response: ApiResponse | None, fault: str | None
) -> None:
    if response is None:
        await close_connection(scope, receive, after_sending=False)
        return
    if response.reason:
        set_reason(scope, response.reason)
    body, headers = response.body, response.raw_headers()
    half = body[: len(body) // 2]
    if fault == "short":
        headers = _with_length(headers, len(body) or _LENGTH_OF_NOTHING)
        await send_partial_response(send, response.status, headers, half)
        await close_connection(scope, receive, after_sending=True)
        return
    if fault == "half-json":
        body = half or b"{"
        headers = _with_length(headers, len(body))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with_length(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]
