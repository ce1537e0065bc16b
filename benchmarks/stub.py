# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A server that answers at once, or after a given delay, and keeps nothing: what is measured is the client.

``stub.py [SECONDS]``: prints its port, and serves until it is ended. Every address has a contact; the mailing list
``N1000`` has a thousand subscribers, the address that is asked for last.
"""

from __future__ import annotations

import asyncio
import functools
import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import unquote

STRUCTURE = {"EmailAddress": "string", "FirstName": "string", "LastName": "string", "CompanyName": "string"}
CONTACT = {"SystemID": 1, "FirstName": "Ada", "Notes": "n" * 400}
COUNTERS = ("EmailableRowsUpdated", "SuppressedUpdated", "BadEmailUpdated")
EXCLUDED = ("ExcludedDuplicates", "ExcludedInvalidEmail", "ExcludedRoleBased")
V1 = ("Emailable-Rows-Updated", "Suppressed-Rows-Updated", "Bad-Email-Address-Rows-Updated")
V1_EXCLUDED = ("Excluded-Duplicates", "Excluded-Invalid-Emails", "Excluded-Role-Based")


class Answer(NamedTuple):
    body: bytes
    headers: dict[str, str]


class Stub(asyncio.Protocol):
    """One connection."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._received = bytearray()
        self._expects = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        # A long body arrives in many parts: its head is read once.
        while self._received and len(self._received) >= self._expects:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._received[:end]).decode("latin-1")
            length = re.search(r"^content-length: *(\d+)", head, re.IGNORECASE | re.MULTILINE)
            total = end + 4 + (int(length[1]) if length else 0)
            if len(self._received) < total:
                if not self._expects and "100-continue" in head:
                    self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                self._expects = total
                return
            body = bytes(self._received[end + 4 : total])
            del self._received[:total]
            self._expects = 0
            self._answer(answer(head, body))

    def _answer(self, given: Answer) -> None:
        headers = {"Content-Type": "application/json", "Content-Length": str(len(given.body)), **given.headers}
        head = "\r\n".join(["HTTP/1.1 200 OK", *(f"{name}: {text}" for name, text in headers.items()), "", ""])
        send = functools.partial(self._transport.write, head.encode() + given.body)
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, send)
        else:
            send()


def answer(head: str, body: bytes) -> Answer:
    path = head.split(" ", 2)[1]
    if re.search(r"^content-encoding: *gzip", head, re.IGNORECASE | re.MULTILINE):
        body = gzip.decompress(body)
    if path.startswith("/v2.0/contact/get/"):
        return Answer(json.dumps({**CONTACT, "EmailAddress": unquote(path.split("/")[4])}).encode(), {})
    if found := re.match(r"/v2.0/mailinglists/subscribers/N(\d+)", path):
        return Answer(subscribers(int(found[1])), {})
    if found := re.match(r"/v2.0/mailinglists/(N\d+)", path):
        return Answer(json.dumps({"ExternalID": found[1], "Name": "Newsletter"}).encode(), {})
    if path.endswith("/v2.0/contact/import/"):
        rows = body.count(b'"EmailAddress"')
        counts = {"TotalRows": rows, "EmailableRowsCreated": rows, **dict.fromkeys([*COUNTERS, *EXCLUDED], 0)}
        return Answer(json.dumps({**counts, "UploadGroupExternalID": "1234ABCD"}).encode(), {})
    if ".asmx/Import" in path:
        rows = body.count(b"<Contact>")
        counts = {"Total-Rows": rows, "Emailable-Rows-Created": rows, **dict.fromkeys([*V1, *V1_EXCLUDED], 0)}
        return Answer(b"", {name: str(count) for name, count in counts.items()})
    return Answer(json.dumps(STRUCTURE).encode(), {})


@functools.cache
def subscribers(count: int) -> bytes:
    people = ({"SystemID": str(at), "EmailAddress": f"person{at}@example.com"} for at in range(count, 0, -1))
    return json.dumps(list(people)).encode()


async def serve(delay: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Stub(delay), "127.0.0.1", 0, backlog=512)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


@contextmanager
def running_stub(delay: float = 0.0) -> Iterator[str]:
    """The URL of a stub in another process, which answers after ``delay`` seconds."""
    with subprocess.Popen([sys.executable, __file__, str(delay)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]) if len(sys.argv) > 1 else 0.0))
