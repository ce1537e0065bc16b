# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""``Controls``: everything that a test can arrange in a sandbox and ask of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import seeds
from ..account import Account
from ..seeds import SeedSource
from .faults import Fault, Faults
from .journal import Journal, JournalEntry


class Controls:
    """The state of a sandbox, without its HTTP server.

    Args:
        seed: the content of the account at the start: "empty", "demo", a JSON file, or a dict.
            A database file that already has an account keeps its content.
        api_key: the key of the account; None for a random GUID.
        assume: assumption -> value, for each assumption that does not have its default.
        db: a SQLite file that keeps the state; None for memory.

    Raises:
        ValueError: an invalid seed or assumption.
    """

    def __init__(
        self,
        seed: SeedSource,
        api_key: str | None,
        assume: Mapping[str, str] | None,
        db: str | Path | None,
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
            seeds.apply_seed(self._account, seeds.read_seed(seed))
        else:
            seeds.restore_structure(self._account)

    def reset(self, seed: SeedSource | None = None) -> None:
        """Restore the state, journal, faults, import outcomes and assumptions of the start.

        Args:
            seed: the new content of the account; None for the seed of the start.
        """
        source = self._seed if seed is None else seed
        seeds.apply_seed(self._account, seeds.read_seed(source))
        self._account.assumptions.reset(self._assumed)
        self._journal.clear()
        self._faults.clear()

    def assume(self, chosen: Mapping[str, str]) -> None:
        """Switch assumptions. Raises: ValueError: unknown name or value."""
        self._account.assumptions.assume(chosen)

    def assumptions(self) -> dict[str, str]:
        return self._account.assumptions.as_dict()

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
        """Inject a fault into the next requests that match; see ``Fault`` for the arguments."""
        headers = headers or {}
        self._faults.add(Fault(route, kind, status, headers, body, times, seconds, method, match))

    def faults(self) -> list[dict[str, Any]]:
        return self._faults.all()

    def unused_faults(self) -> list[dict[str, Any]]:
        """Return the faults that happened less often than asked for, or not at all."""
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
        """Return the journal, oldest entry first; see ``Journal.select`` for the arguments."""
        return self._journal.select(method, route, path, status)

    def writes(self) -> list[JournalEntry]:
        """Return the POST requests of the journal, including failed ones."""
        return self._journal.select(method="POST")

    def clear_requests(self) -> None:
        self._journal.clear()

    def contact(self, email: str) -> dict[str, Any] | None:
        """Return a contact as ``contact/get`` shows it; None if there is none."""
        with self._account.database.transaction():
            contact = self._account.contacts.by_address(email)
            return self._account.contact_as_json(contact) if contact else None

    def contacts(self) -> list[dict[str, Any]]:
        """Return all contacts, sorted by SystemID."""
        with self._account.database.transaction():
            contacts = self._account.contacts.all()
            return [self._account.contact_as_json(contact) for contact in contacts]

    def put_contact(self, email: str, **fields: Any) -> None:
        """Create or update a contact, including read-only fields.

        Raises:
            ValueError: an invalid address or an unknown field.
        """
        with self._account.database.transaction():
            seeds.put_contact(self._account, email, **fields)

    def suppress(self, email: str) -> None:
        """Add an address to the suppression list; its subscriptions are unchanged."""
        with self._account.database.transaction():
            self._account.contacts.suppress(email)

    def suppression_list(self) -> list[str]:
        with self._account.database.transaction():
            return self._account.contacts.suppression_list()

    def subscribe(self, email: str, list_id: str) -> None:
        """Subscribe a contact to a list. Raises: ValueError: unknown contact or list."""
        with self._account.database.transaction():
            seeds.subscribe(self._account, email, list_id)

    def subscribers(self, list_id: str) -> list[str]:
        """Return the addresses subscribed to a list, including not emailable ones; sorted."""
        with self._account.database.transaction():
            return self._account.mailing_lists.members(list_id, True)

    def state(self) -> dict[str, Any]:
        """Return the content of the account, as a seed."""
        return seeds.export_seed(self._account)

    def truth(self) -> list[dict[str, Any]]:
        """Return the outcome of each row of each import, oldest import first."""
        with self._account.database.transaction():
            return self._account.upload_groups.imports()


def connection_environment(url: str, api_key: str) -> dict[str, str]:
    """Return the environment variables that connect Ansible and Airflow to a sandbox."""
    connection = {"conn_type": "sentori", "host": url, "password": api_key, "extra": {}}
    return {
        "SENTORI_URL": url,
        "SENTORI_API_KEY": api_key,
        "AIRFLOW_CONN_SENTORI_DEFAULT": json.dumps(connection),
    }
