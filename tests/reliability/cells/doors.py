# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The port of the proxy, and what can meet a connection there: nobody, no answer, or a certificate that is wrong."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import trustme

REFUSED, UNANSWERED = "refused", "unanswered"
OTHER_HOST, EXPIRED, FOREIGN = "of another host", "expired", "foreign"
GOOD = "good"


class Certificates:
    """A certificate of each kind for ``localhost``, and the file of the authority that is trusted."""

    def __init__(self, folder: Path) -> None:
        authority, foreign = trustme.CA(), trustme.CA()
        self.trusted = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.trusted))
        now = datetime.datetime.now(datetime.UTC)
        last_year = now - datetime.timedelta(days=365)
        expired = authority.issue_cert("localhost", not_before=last_year, not_after=now - datetime.timedelta(days=1))
        self.contexts = {
            GOOD: _context(authority.issue_cert("localhost")),
            OTHER_HOST: _context(authority.issue_cert("elsewhere.example")),
            EXPIRED: _context(expired),
            FOREIGN: _context(foreign.issue_cert("localhost")),
        }


class Entrance:
    """A port of this machine; each connection is given to ``serve`` in a thread of its own."""

    def __init__(self, serve: Callable[[socket.socket], None], certificates: Certificates | None = None) -> None:
        self._serve = serve
        self._certificates = certificates
        self._presented = GOOD
        self._queued: list[socket.socket] = []
        self._connections: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._port = int(self._listener.getsockname()[1])
        self._is_open = True
        self._accept_in_thread(self._listener)
        self.url = f"https://localhost:{self._port}" if certificates else f"http://127.0.0.1:{self._port}"

    def spoil(self, door: str) -> None:
        """Have the next connection met so, until ``open``; a wrong certificate is presented once."""
        if door not in (REFUSED, UNANSWERED):
            self._presented = door
            return
        self._is_open = False
        _stop(self._listener)
        if door == UNANSWERED:
            self._fill()

    def open(self) -> None:
        """Accept connections again, with a good certificate."""
        self._presented = GOOD
        if self._is_open:
            return
        for one in self._queued:
            one.close()
        self._queued = []
        self._listener = self._listen(128)
        self._accept_in_thread(self._listener)
        self._is_open = True

    def close(self) -> None:
        for one in [*self._queued, *self._connections]:
            one.close()
        _stop(self._listener)

    def _fill(self) -> None:
        """Listen without accepting, with a queue that is full: the system does not answer further connections."""
        self._queued = [self._listen(0)]
        for _ in range(2):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", self._port))
            self._queued.append(waiting)

    def _listen(self, backlog: int) -> socket.socket:
        for _ in range(200):
            with suppress(OSError):
                return socket.create_server(("127.0.0.1", self._port), backlog=backlog)
            time.sleep(0.01)
        raise RuntimeError(f"port {self._port} is taken")

    def _accept_in_thread(self, listener: socket.socket) -> None:
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            presented, self._presented = self._presented, GOOD
            threading.Thread(target=self._meet, args=(connection, presented), daemon=True).start()

    def _meet(self, connection: socket.socket, presented: str) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._certificates is not None:
            try:
                connection = self._certificates.contexts[presented].wrap_socket(connection, server_side=True)
            except OSError:
                connection.close()
                return
        self._connections.add(connection)
        try:
            self._serve(connection)
        finally:
            self._connections.discard(connection)


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _stop(listener: socket.socket) -> None:
    with suppress(OSError):
        # Wakes the thread that waits in accept.
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()
