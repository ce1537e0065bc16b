# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An HTTP server with uvicorn's protocol on its own socket.

``uvicorn.Server`` is not used: it installs signal handlers, and it polls ten times a second, which
slows down each start and stop in a test suite with hundreds of sandboxes.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.server import ServerState

from .protocol import SandboxProtocol

_IDLE_SECONDS = 75
_BACKLOG = 1024


def listen(host: str, port: int) -> socket.socket:
    """Return a bound socket; port 0 chooses a free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    # Accepted sockets inherit it. asyncio sets it only if a socket names its protocol; without it
    # each response waits 40 ms for the client's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server:
    """Serve an application until ``stop`` is called, from any thread."""

    def __init__(self, application: ASGIApp, listener: socket.socket) -> None:
        self._listener = listener
        self._config = Config(
            application,
            http=SandboxProtocol,
            log_config=None,
            access_log=False,
            timeout_keep_alive=_IDLE_SECONDS,
        )
        self._state = ServerState()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()

    async def serve(self, ready: Callable[[], None]) -> None:
        """Accept connections; return after ``stop``.

        Args:
            ready: called as soon as the server accepts requests.
        """
        self._loop = asyncio.get_running_loop()
        self._config.load()
        server = await self._loop.create_server(
            lambda: SandboxProtocol(self._config, self._state, {}), sock=self._listener
        )
        ready()
        await self._stopping.wait()
        server.close()
        await self._finish()

    def stop(self) -> None:
        if self._loop is None:
            self._stopping.set()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def _finish(self) -> None:
        """Close all connections and cancel running requests: a fault can make them wait long."""
        for connection in list(self._state.connections):
            assert isinstance(connection, SandboxProtocol)
            connection.transport.close()
        await asyncio.sleep(0)
        unfinished = list(self._state.tasks)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
