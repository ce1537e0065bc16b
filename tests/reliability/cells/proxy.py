# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A server between the client and the sandbox, which spoils one chosen request of a run, and forwards all others."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from http.client import HTTPConnection
from typing import BinaryIO, NamedTuple

from doors import Certificates, Entrance
from faults import HELD, MIDDLE, RESET, SILENCE, START, Answer, Fault

# A request that is not answered is held so long, unless the client goes away.
PATIENCE = 5.0


class Request(NamedTuple):
    """A request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """All of it on one line, without what a header cannot hold."""
        return f"{self.method} {self.target} {self.headers} {self.body.decode('latin-1')[:500]}".replace(
            "\r", " "
        ).replace("\n", " ")


class Write(NamedTuple):
    """A write that reached Sentori; ``took_effect``: whether it changed anything there."""

    method: str
    target: str
    body: bytes
    took_effect: bool


class Proxy:
    """Forwards to ``upstream`` (host:port); ``arm`` names the fault, and which request of the run it meets.

    ``state`` returns what Sentori has; it is compared around each write. ``certificates``: the proxy speaks https.
    ``met``: the fault was met. ``held``: a client has waited for a late answer much longer than its timeouts allow.
    ``turn`` is called before each request is forwarded, and returns when it may be.
    """

    def __init__(
        self,
        upstream: str,
        state: Callable[[], object],
        certificates: Certificates | None = None,
        turn: Callable[[], None] = lambda: None,
    ) -> None:
        self._upstream = upstream
        self._state = state
        self._turn = turn
        self._lock = threading.Lock()
        self._fault: Fault | None = None
        self._at = 0
        self._requests = 0
        self.writes: list[Write] = []
        self.met = self.held = False
        self._entrance = Entrance(self._serve, certificates)
        self.url = self._entrance.url

    def close(self) -> None:
        self._entrance.close()

    def arm(self, fault: Fault | None = None, at: int = 0) -> None:
        """Begin a run whose request number ``at`` meets the fault."""
        self.recover()
        self._fault, self._at = fault, at
        self._requests, self.writes = 0, []
        self.met = self.held = False
        self._prepare(1)

    def recover(self) -> None:
        """Let the next connection in, whatever met the one before."""
        self._entrance.open()

    def _prepare(self, number: int) -> bool:
        """Have the connection of this request met by the fault, if it is one of connections; returns whether it is."""
        fault = self._fault
        if fault is None or fault.door is None or number != self._at:
            return False
        self._entrance.spoil(fault.door)
        self.met = True
        return True

    def _serve(self, client: socket.socket) -> None:
        """Answer the requests of one connection."""
        forwarding: HTTPConnection | None = None
        with client, suppress(OSError, ssl.SSLError), client.makefile("rb") as stream:
            try:
                forwarding = HTTPConnection(self._upstream)
                while self._answer(client, stream, forwarding):
                    pass
            finally:
                if forwarding is not None:
                    forwarding.close()

    def _answer(self, client: socket.socket, stream: BinaryIO, forwarding: HTTPConnection) -> bool:
        """Answer one request; whether the connection stays open."""
        if not stream.peek(1):  # type: ignore[attr-defined]
            return False
        with self._lock:
            self._requests += 1
            number, fault = self._requests, self._fault
        if fault is None or not fault.meets(number, self._at):
            request = _read(stream)
            answer = self._forward(request, forwarding)
            is_last = self._prepare(number + 1)
            client.sendall(answer.encoded(Connection="close") if is_last else answer.encoded())
            return not is_last
        self.met = True
        if fault.cut == START:
            return _reset(client)
        if fault.cut == MIDDLE:
            stream.readline()
            return _reset(client)
        request = _read(stream)
        real = self._forward(request, forwarding) if fault.acted else Answer(200)
        return self._play(client, stream, fault, replace(real, asked=request.text))

    def _play(self, client: socket.socket, stream: BinaryIO, fault: Fault, real: Answer) -> bool:
        """Send what the fault sends instead of the real answer; whether the connection stays open."""
        for step in fault.script(real):
            if isinstance(step, bytes):
                client.sendall(step)
            elif isinstance(step, float):
                time.sleep(step)
            elif step == RESET:
                return _reset(client)
            else:
                self.held = step == HELD or (step == SILENCE and not _goes_away(client, stream))
                return False
        return True

    def _forward(self, request: Request, forwarding: HTTPConnection) -> Answer:
        self._turn()
        before = self._state() if request.method == "POST" else None
        forwarding.request(request.method, request.target, request.body, request.headers)
        response = forwarding.getresponse()
        body = response.read()
        if request.method == "POST":
            took_effect = self._state() != before
            self.writes.append(Write(request.method, request.target, request.body, took_effect))
        kept = {name: value for name, value in response.getheaders() if name.lower() not in ("content-length", "date")}
        return Answer(response.status, kept, body, response.reason)


def _read(stream: BinaryIO) -> Request:
    method, target, _ = stream.readline().decode("latin-1").split(" ", 2)
    headers = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _, value = line.partition(": ")
        headers[name] = value
    # Answers are spoiled uncompressed.
    headers.pop("Accept-Encoding", None)
    return Request(method, target, headers, stream.read(int(headers.get("Content-Length", "0"))))


def _goes_away(client: socket.socket, stream: BinaryIO) -> bool:
    """Whether the client closes the connection by itself."""
    client.settimeout(PATIENCE)
    try:
        stream.read(1)
    except TimeoutError:
        return False
    return True


def _reset(client: socket.socket) -> bool:
    """Close the connection as a host does that knows nothing of it."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    return False
