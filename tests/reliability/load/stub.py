# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A Sentori that keeps contacts in a dict, and fails a share of all requests in seeded random ways.

It runs in a process of its own, and stands for the sandbox and the proxy where there are too many requests for them.
"""

from __future__ import annotations

import json
import random
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import BinaryIO
from urllib.parse import unquote

STRUCTURE = {"EmailAddress": "string", "FirstName": "string"}
# What is sent instead of an answer: before Sentori acted, and after it.
WAYS = ("reset", "500", "502", "503", "504", "html", "half", "empty", "429")
NEVER_AFTER = ("429",)
# One of so many failures is an answer that never comes.
SILENT = 200


@dataclass
class Seen:
    """What the stub has at the end. ``twice``: addresses that were added although they were there."""

    contacts: dict[str, dict[str, str]] = field(default_factory=dict)
    adds: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    failures: int = 0
    most_connections: int = 0


class Stub:
    """Answers ``contact/get``, ``contact/add`` and ``contact/getstructure``."""

    def __init__(self, share: float, seed: int) -> None:
        self.seen = Seen()
        self._share = share
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        """Accept connections for good."""
        while True:
            client, _ = self._listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(client)
                now = len(self._open) - len(_left(self._open))
                self.seen.most_connections = max(self.seen.most_connections, now)
            threading.Thread(target=self._converse, args=(client,), daemon=True).start()

    def _converse(self, client: socket.socket) -> None:
        with suppress(OSError), client.makefile("rb") as stream:
            while self._answer(client, stream):
                pass
        with self._lock:
            self._open.discard(client)
            client.close()

    def _answer(self, client: socket.socket, stream: BinaryIO) -> bool:
        line = stream.readline().decode()
        if not line:
            return False
        length = 0
        while (header := stream.readline()) not in (b"\r\n", b""):
            if header.lower().startswith(b"content-length:"):
                length = int(header.partition(b":")[2])
        body = stream.read(length)
        way, acts = self._chosen()
        status, answer = self._act(line.split(" ")[1], body) if acts else (500, b"")
        return _sent(client, stream, way, status, answer)

    def _chosen(self) -> tuple[str | None, bool]:
        """The way in which this request fails, if it does, and whether it is acted on."""
        with self._lock:
            self.seen.requests += 1
            if self._random.random() >= self._share:
                return None, True
            self.seen.failures += 1
            way = "silence" if self.seen.failures % SILENT == 0 else self._random.choice(WAYS)
            return way, way not in NEVER_AFTER and self._random.random() < 0.5

    def _act(self, target: str, body: bytes) -> tuple[int, bytes]:
        _, _, _, verb, key, _ = target.split("/")
        email = unquote(key)
        with self._lock:
            if verb == "getstructure":
                return 200, json.dumps(STRUCTURE).encode()
            contact = self.seen.contacts.get(email)
            if verb == "get":
                found = {"Code": 101, "Message": "Contact not found"} if contact is None else contact
                return (404 if contact is None else 200), json.dumps(found).encode()
            if contact is not None:
                return 400, b'{"Code": 102, "Message": "Email Address already in use"}'
            self.seen.contacts[email] = {"EmailAddress": email, **json.loads(body)}
            self.seen.adds[email] = self.seen.adds.get(email, 0) + 1
            return 200, json.dumps(self.seen.contacts[email]).encode()


@contextmanager
def running(share: float, seed: int) -> Iterator[tuple[str, Connection]]:
    """The URL of a stub in a process of its own; what is sent to the connection is answered by what it has seen."""
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_run, args=(there, share, seed), daemon=True)
    process.start()
    try:
        yield here.recv(), here
    finally:
        process.terminate()
        process.join()


def _run(connection: Connection, share: float, seed: int) -> None:
    stub = Stub(share, seed)
    threading.Thread(target=stub.serve, daemon=True).start()
    connection.send(stub.url)
    connection.recv()
    connection.send(stub.seen)


def _sent(client: socket.socket, stream: BinaryIO, way: str | None, status: int, answer: bytes) -> bool:
    """Send the answer, or what comes instead; whether the connection stays open."""
    if way == "silence":
        client.settimeout(5)
        stream.read(1)
    if way in ("silence", "reset"):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        return False
    kind = "application/json"
    if way is not None and way.isdecimal():
        status, answer, kind = int(way), b"<html>", "text/html"
    elif way == "html":
        status, answer, kind = 200, b"<html></html>", "text/html"
    elif way in ("half", "empty"):
        status, answer = 200, answer[: len(answer) // 2] if way == "half" else b""
    head = f"HTTP/1.1 {status} Answer\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
    client.sendall(head.encode() + answer)
    return True


def _left(connections: set[socket.socket]) -> list[socket.socket]:
    """The connections that the client has closed by now."""
    by_number = {one.fileno(): one for one in connections if one.fileno() >= 0}
    poll = select.poll()
    for number in by_number:
        poll.register(number, select.POLLRDHUP)
    return [by_number[number] for number, _ in poll.poll(0)]
