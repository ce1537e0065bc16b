# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The application: each request is matched, perhaps disturbed, acted on, journalled, answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from .account import Account
from .errors import ImportRunning, SentoriError
from .faults import Fault, Faults
from .import_wires import v1_error
from .journal import BODY_KEPT, Journal, JournalEntry
from .protocol import hang_up, send_part, set_reason
from .routes import UNKNOWN, Destination, Route, find
from .wire import Answer, Call, html_answer, json_answer

# Escapes that IIS may refuse ("double escaping", encoded slashes).
_SUSPICIOUS_ESCAPES = ("%2b", "%2f", "%25")
_PROMISED_TOO_MUCH = 100


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request, read to its end, with where it leads."""

    method: str
    raw_path: str
    query: str
    headers: dict[str, str]
    body: bytes
    destination: Destination | None

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    @property
    def route_name(self) -> str:
        return self.destination.route.name if self.destination else UNKNOWN

    @classmethod
    async def read(cls, scope: Scope, receive: Receive) -> Incoming:
        request = Request(scope, receive)
        raw_path = scope["raw_path"].decode("latin-1")
        return cls(
            method=scope["method"],
            raw_path=raw_path,
            query=scope["query_string"].decode("latin-1"),
            headers=dict(request.headers),
            body=await request.body(),
            destination=find(raw_path),
        )


class SentoriApp:
    """Sentori over HTTP; what lies under ``/_sandbox`` goes to ``administration``."""

    def __init__(
        self, account: Account, journal: Journal, faults: Faults, administration: ASGIApp
    ) -> None:
        self._account = account
        self._journal = journal
        self._faults = faults
        self._administration = administration
        self._import_turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/_sandbox"):
            await self._administration(scope, receive, send)
            return
        try:
            incoming = await Incoming.read(scope, receive)
        except ClientDisconnect:
            return
        came, started = time.time(), time.perf_counter()
        fault = self._faults.take(incoming.method, incoming.route_name, incoming.path)
        answer = await self._answer_or_hang_up(incoming, fault)
        self._journal.record(
            JournalEntry(
                method=incoming.method,
                route=incoming.route_name,
                path=incoming.path,
                raw_path=incoming.raw_path,
                query=incoming.query,
                body=incoming.body[:BODY_KEPT],
                status=answer.status if answer else None,
                seconds=time.perf_counter() - started,
                time=came,
                headers=incoming.headers,
                fault=fault.kind if fault else None,
            )
        )
        await _respond(scope, receive, send, answer, fault.kind if fault else None)

    async def _answer_or_hang_up(self, incoming: Incoming, fault: Fault | None) -> Answer | None:
        """The answer, once acted; None where the connection is to be closed without one."""
        if fault is None:
            return await self._answer(incoming, 0)
        if fault.kind == "drop-before":
            return None
        if answer := fault.instead(incoming.raw_path):
            return answer
        answer = await self._answer(incoming, fault.seconds or 0)
        return None if fault.kind == "drop-after" else answer

    async def _answer(self, incoming: Incoming, delay: float) -> Answer:
        destination = incoming.destination
        if destination is None or self._is_refused_by_iis(incoming, destination):
            return html_answer(404, "Not Found")
        route = destination.route
        if incoming.method != route.method:
            # As ASP.NET answers a wrong verb; no page says what Sentori does.
            return json_answer(
                {"Message": f"The requested resource does not support {incoming.method!r}."},
                405,
                {"Allow": route.method},
            )
        if incoming.raw_path.endswith("/") != route.has_trailing_slash:
            match self._account.world.decide("trailing-slash"):
                case "redirect":
                    return _redirect(incoming, route)
                case "404":
                    return html_answer(404, "Not Found")
        call = Call(incoming.method, destination.parameters, incoming.headers, incoming.body)
        try:
            return await self._act(route, call, delay)
        except SentoriError as error:
            return self._refusal(route, error)

    def _is_refused_by_iis(self, incoming: Incoming, destination: Destination) -> bool:
        world = self._account.world
        if not destination.tidy and world.holds("empty-segments", "404"):
            return True
        raw_path = incoming.raw_path.lower()
        escaped = any(escape in raw_path for escape in _SUSPICIOUS_ESCAPES)
        return escaped and world.holds("path-escapes", "404")

    async def _act(self, route: Route, call: Call, delay: float) -> Answer:
        self._account.authorise(call.headers.get("apikey"))
        async with self._turn(route):
            # A fault's wait counts as the time of the work: an import runs meanwhile.
            await asyncio.sleep(delay)
            with self._account.database.transaction():
                return route.handler(self._account, call)

    @asynccontextmanager
    async def _turn(self, route: Route) -> AsyncIterator[None]:
        """Only one import runs at a time (page api-import-contacts, 409)."""
        if not route.imports:
            yield
            return
        waits = not route.is_v1 and self._account.world.holds("import-while-running", "wait")
        if self._import_turn.locked() and not waits:
            raise ImportRunning
        async with self._import_turn:
            yield

    def _refusal(self, route: Route, error: SentoriError) -> Answer:
        if route.is_v1:
            return v1_error(self._account, error)
        number = int if self._account.world.holds("code-type", "number") else str
        return json_answer({"Code": number(error.code), "Message": error.message}, error.status)


def _redirect(incoming: Incoming, route: Route) -> Answer:
    path = incoming.raw_path.rstrip("/") + ("/" if route.has_trailing_slash else "")
    query = f"?{incoming.query}" if incoming.query else ""
    return html_answer(301, "Moved Permanently", {"Location": path + query})


async def _respond(
    scope: Scope, receive: Receive, send: Send, answer: Answer | None, fault: str | None
) -> None:
    if answer is None:
        await hang_up(scope, receive, after_sending=False)
        return
    if answer.reason:
        set_reason(scope, answer.reason)
    body, headers = answer.body, answer.raw_headers()
    half = body[: len(body) // 2]
    if fault == "short":
        promised = len(body) or _PROMISED_TOO_MUCH
        headers = _with_length(headers, promised)
        await send_part(send, answer.status, headers, half)
        await hang_up(scope, receive, after_sending=True)
        return
    if fault == "half-json":
        body = half or b"{"
        headers = _with_length(headers, len(body))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with_length(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]
