# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Read many contacts at once, beside a pool of urllib3 with the same threads: CPU of a read, and share of the wire.

The stub is a process of its own. Each line has the median of three alternating runs; read the ratios.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import urllib3
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.reader import find_all
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport

ROUNDS = 3
# Seconds until the stub answers, requests at once, and reads.
CASES = ((0.0, 8, 4_000), (0.05, 32, 4_000), (0.05, 128, 8_000))
CONTACT = json.dumps({"SystemID": 1, "EmailAddress": "@", "FirstName": "Ada", "Notes": "n" * 400})


class Cost(NamedTuple):
    """Of one read: microseconds of CPU of this process, and reads a second."""

    cpu: float
    rate: float


class Contacts(asyncio.Protocol):
    """Answers every request with the contact that it asks for, after ``delay`` seconds."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._received = (self._received + data).split(b"\r\n\r\n")
        for request in requests:
            email = request.split(b"/", 5)[4].replace(b"%40", b"@").decode()
            body = CONTACT.replace('"@"', json.dumps(email)).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            asyncio.get_running_loop().call_later(self._delay, self._transport.write, head.encode() + body)


async def serve(delay: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Contacts(delay), "127.0.0.1", 0, backlog=512)
    say(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


def by_project(port: int, emails: list[str], threads: int) -> None:
    settings = Settings("00000000-0000-4000-8000-000000000000", f"http://127.0.0.1:{port}", concurrency=threads)
    with Transport(settings) as transport:
        found = find_all(SentoriApi(transport), emails, threads)
    assert all(isinstance(contact, dict) for contact in found)


def by_pool(port: int, emails: list[str], threads: int) -> None:
    pool = urllib3.HTTPConnectionPool("127.0.0.1", port, maxsize=threads)
    ahead = iter(emails)

    def run() -> None:
        for email in ahead:
            json.loads(pool.request("GET", f"/v2.0/contact/get/{email.replace('@', '%40')}/").data)

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def cost(read: Callable[[int, list[str], int], None], port: int, reads: int, threads: int) -> Cost:
    emails = [f"person{number}@example.com" for number in range(reads)]
    cpu, clock = time.process_time(), time.monotonic()
    read(port, emails, threads)
    return Cost((time.process_time() - cpu) / reads * 1e6, reads / (time.monotonic() - clock))


def main() -> None:
    for delay, threads, reads in CASES:
        command = [sys.executable, __file__, "--serve", str(delay)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as stub:
            assert stub.stdout is not None
            port = int(stub.stdout.readline())
            costs = [[cost(one, port, reads, threads) for one in (by_project, by_pool)] for _ in range(ROUNDS)]
            stub.terminate()
        ours, pool = (sorted(found)[ROUNDS // 2] for found in zip(*costs, strict=True))
        wire = f", {ours.rate * delay / threads:.0%} of the wire (pool {pool.rate * delay / threads:.0%})"
        say(
            f"{1000 * delay:3.0f} ms, {threads:3} at once: {ours.cpu:4.0f} us of CPU a read,"
            f" {ours.cpu / pool.cpu:.2f} of the pool's{wire if delay else ''}"
        )


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        asyncio.run(serve(float(sys.argv[2])))
    else:
        main()
