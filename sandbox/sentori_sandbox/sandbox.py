# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""``Sandbox``: a Sentori in a thread of this process, and all that a test can ask of it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from . import seeding
from .account import Account
from .administration import administration
from .app import SentoriApp
from .faults import Fault, Faults
from .journal import Journal, JournalEntry
from .seeding import SeedSource
from .server import Server, listen, url_of


class Sandbox:
    """A stand-in for Sentori, over real HTTP, while the ``with`` block lasts.

    The methods act on the same state as the HTTP server, and need no request of their own.

    Args:
        seed: what the account holds at the start: "empty", "demo", a JSON file, or a dict. A
            database file that already holds an account keeps what it holds.
        api_key: the key that opens the account; None for a random GUID.
        assume: assumption -> value, where it is not the default.
        db: a SQLite file that keeps the state; None for memory.
        host: the address to listen on.
        port: 0 picks one.

    Raises:
        ValueError: a seed or an assumption that cannot be.
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
        self._seed = seed
        self._assumed = dict(assume or {})
        self._account = Account(Path(db) if db is not None else None, api_key, self._assumed)
        self.api_key = self._account.api_key
        self.locked_key = self._account.locked_key
        self.gone_key = self._account.gone_key
        self._journal = Journal([self.api_key, self.locked_key, self.gone_key])
        self._faults = Faults()
        if self._account.database.setting("structure") is None:
            seeding.sow(self._account, seeding.load(seed))
        else:
            seeding.recall_structure(self._account)
        self._listener = listen(host, port)
        self.url = url_of(self._listener)
        self._server = Server(
            SentoriApp(self._account, self._journal, self._faults, administration(self)),
            self._listener,
        )
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
        """Returns when requests are answered."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Asks the server to end; ``wait`` returns when it has."""
        self._server.stop()

    def wait(self) -> None:
        self._thread.join()

    def _serve(self) -> None:
        try:
            asyncio.run(self._server.serve(self._ready.set))
        finally:
            self._ready.set()

    def env(self) -> dict[str, str]:
        """The environment that leads Ansible and Airflow here."""
        return environment(self.url, self.api_key)

    def reset(self, seed: SeedSource | None = None) -> None:
        """State, journal, faults, truth and assumptions are as at the start again.

        Args:
            seed: what to hold from now on; None for the one this sandbox was made with.
        """
        seeding.sow(self._account, seeding.load(self._seed if seed is None else seed))
        self._account.world.reset(self._assumed)
        self._journal.clear()
        self._faults.clear()

    def assume(self, chosen: Mapping[str, str]) -> None:
        """Switch assumptions. Raises: ValueError: one that does not exist."""
        self._account.world.assume(chosen)

    def assumptions(self) -> dict[str, str]:
        return self._account.world.as_dict()

    def fault(
        self,
        route: str,
        *,
        kind: str,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        times: int = 1,
        seconds: float | None = None,
        method: str | None = None,
        match: str | None = None,
    ) -> None:
        """Something goes wrong with the next requests that fit; see ``faults.Fault``."""
        headers = headers or {}
        self._faults.add(Fault(route, kind, status, headers, body, times, seconds, method, match))

    def faults(self) -> list[dict[str, Any]]:
        return self._faults.all()

    def unused_faults(self) -> list[dict[str, Any]]:
        """The faults that did not happen, or not as often as they were to."""
        return self._faults.unused()

    def clear_faults(self) -> None:
        self._faults.clear()

    def requests(
        self,
        method: str | None = None,
        route: str | None = None,
        path: str | None = None,
        status: int | None = None,
    ) -> list[JournalEntry]:
        """The journal, oldest first; see ``journal.Journal.select``."""
        return self._journal.select(method, route, path, status)

    def writes(self) -> list[JournalEntry]:
        """The journal's POSTs, whether or not they were acted on."""
        return self._journal.select(method="POST")

    def clear_requests(self) -> None:
        self._journal.clear()

    def contact(self, email: str) -> dict[str, Any] | None:
        """A contact as ``contact/get`` would return it."""
        with self._account.database.transaction():
            contact = self._account.people.by_address(email)
            return self._account.answer(contact) if contact else None

    def contacts(self) -> list[dict[str, Any]]:
        """All contacts, by SystemID."""
        with self._account.database.transaction():
            return [self._account.answer(contact) for contact in self._account.people.all()]

    def put_contact(self, email: str, **fields: Any) -> None:
        """Store a contact, read-only fields too. Raises: ValueError: it cannot be."""
        with self._account.database.transaction():
            seeding.put_contact(self._account, email, **fields)

    def suppress(self, email: str) -> None:
        """Put an address on the Suppression List, and nothing else."""
        with self._account.database.transaction():
            self._account.people.suppress(email)

    def suppression_list(self) -> list[str]:
        with self._account.database.transaction():
            return self._account.people.suppression_list()

    def subscribe(self, email: str, list_id: str) -> None:
        """Put a contact on a list. Raises: ValueError: no such contact or list."""
        with self._account.database.transaction():
            seeding.subscribe(self._account, email, list_id)

    def subscribers(self, list_id: str) -> list[str]:
        """The addresses on a list, also those that are not emailable; sorted."""
        with self._account.database.transaction():
            return self._account.lists.members(list_id, True)

    def state(self) -> dict[str, Any]:
        """All that the account holds; a seed too."""
        return seeding.harvest(self._account)

    def truth(self) -> list[dict[str, Any]]:
        """What became of each row of each import, oldest import first."""
        with self._account.database.transaction():
            return self._account.mailings.imports()


def environment(url: str, api_key: str) -> dict[str, str]:
    """The environment that leads Ansible and Airflow to a sandbox."""
    connection = {"conn_type": "sentori", "host": url, "password": api_key, "extra": {}}
    return {
        "SENTORI_URL": url,
        "SENTORI_API_KEY": api_key,
        "AIRFLOW_CONN_SENTORI_DEFAULT": json.dumps(connection),
    }
