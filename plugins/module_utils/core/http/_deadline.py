# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Ends exchanges that take too long, however steadily their bytes drip.

A timeout of a socket begins anew with each byte. Therefore one thread looks at all exchanges of a transport, and shuts
down the connection of one that is late: whatever reads from it then sees its end at once.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection

LONGEST_INTERVAL = 0.5


class Exchange:
    """One exchange over a connection. ``is_late``: it was ended."""

    def __init__(self, connection: HTTPConnection) -> None:
        self.is_late = False
        self.until = float("inf")
        self._connection = connection

    def allow(self, seconds: float) -> None:
        """Give the next step of the exchange so many seconds from now."""
        self.until = time.monotonic() + seconds

    def end(self) -> None:
        self.is_late = True
        with suppress(OSError):
            if self._connection.sock is not None:
                self._connection.sock.shutdown(socket.SHUT_RDWR)


class Deadlines:
    """The exchanges that are under way; ``timeout``: the shortest time that one of their steps is given."""

    def __init__(self, timeout: float) -> None:
        self._interval = min(LONGEST_INTERVAL, timeout / 4)
        self._exchanges: set[Exchange] = set()
        self._until = float("inf")
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, connection: HTTPConnection) -> Exchange:
        """Watch an exchange until ``finish``."""
        if self._thread is None:
            self._start()
        exchange = Exchange(connection)
        self._exchanges.add(exchange)
        return exchange

    def hasten(self, seconds: float) -> None:
        """End each exchange in so many seconds from now at the latest."""
        self._until = time.monotonic() + seconds

    def finish(self, exchange: Exchange) -> None:
        self._exchanges.discard(exchange)

    def close(self) -> None:
        self._closed.set()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sentori-deadlines", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._closed.wait(self._interval):
            now = time.monotonic()
            for exchange in list(self._exchanges):
                if min(exchange.until, self._until) < now:
                    exchange.end()
