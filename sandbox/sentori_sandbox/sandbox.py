# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""``Sandbox``: the controls of a sandbox and its HTTP server, in a thread of this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from .control import Controls, administration, connection_environment
from .http import SentoriApp, Server, listen, url_of
from .seeds import SeedSource


class Sandbox(Controls):
    """A stand-in for Sentori over real HTTP, while the ``with`` block lasts.

    The methods act on the same state as the HTTP server, without sending a request.

    Args:
        seed: the content of the account at the start: "empty", "demo", a JSON file, or a dict.
            A database file that already has an account keeps its content.
        api_key: the key of the account; None for a random GUID.
        assume: assumption -> value, for each assumption that does not have its default.
        db: a SQLite file that keeps the state; None for memory.
        host: the address to listen on.
        port: the port to listen on; 0 for a free one.

    Raises:
        ValueError: an invalid seed or assumption.
    """

    def __init__(
        self,
        *,
        seed: SeedSource = "empty",
        api_key: str | None = None,
        assume: Mapping[str, str] | None = None,
        db: str | Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(seed, api_key, assume, db)
        self._listener = listen(host, port)
        self.url = url_of(self._listener)
        admin = administration(self, url=self.url, stop=self.stop)
        app = SentoriApp(self._account, self._journal, self._faults, admin)
        self._server = Server(app, self._listener)
        self._thread = threading.Thread(target=self._serve, name="sentori-sandbox", daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        self.wait()
        self._account.database.close()

    def start(self) -> None:
        """Start the server; return when it accepts requests."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Ask the server to stop; ``wait`` returns when it has."""
        self._server.stop()

    def wait(self) -> None:
        self._thread.join()

    def env(self) -> dict[str, str]:
        """Return the environment variables that connect Ansible and Airflow to this sandbox."""
        return connection_environment(self.url, self.api_key)

    def _serve(self) -> None:
        try:
            asyncio.run(self._server.serve(self._ready.set))
        finally:
            self._ready.set()
