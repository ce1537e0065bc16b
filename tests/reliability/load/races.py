# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Two runs at once on the same contacts: each contact ends as one of the two orders of the runs leaves it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.errors import SentoriError
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from law import World, everything, world
from operations import ANN, BEN, CAT, NEW, SEED, contacts, imported, subscribers, suppressions
from proxy import Proxy
from sentori_sandbox import Sandbox
from told import Told
from turns import Turns

Run = Callable[[SentoriApi, Path], Told]

PEOPLE = (ANN, BEN, CAT, NEW)


def named(name: str) -> list[dict[str, str]]:
    return [{"EmailAddress": email, "FirstName": name} for email in PEOPLE]


Record = Mapping[str, Any]


def whole(record: Record) -> Record:
    return {"all of it": record}


def each_field(record: Record) -> Record:
    return dict(record.get("contact", {}))


def suppression(record: Record) -> Record:
    return {"suppressed": record.get("suppressed")}


class Race(NamedTuple):
    """Two runs. ``views``: what of a contact is held to the orders, each value by itself."""

    name: str
    first: Run
    second: Run
    views: Callable[[Record], Record] = whole


RACES = (
    Race("contacts, contacts", contacts(named("One")), contacts(named("Two"))),
    Race(
        "contacts, other fields",
        contacts(named("One")),
        contacts([{"EmailAddress": email, "LastName": "Two"} for email in PEOPLE]),
    ),
    Race("contacts, deleted", contacts(named("One")), contacts(named("One"), state="absent")),
    Race("contacts, import", contacts(named("One")), imported()),
    Race("import, import v1", imported(), imported(api_version="v1")),
    Race("import, deleted", imported(), contacts(named("One"), state="absent")),
    Race("subscribed, unsubscribed", subscribers(PEOPLE[:3]), subscribers(PEOPLE[:3], state="unsubscribed")),
    Race(
        "subscribed, exactly others",
        subscribers([ANN, CAT]),
        subscribers([BEN], exact=True, max_unsubscribes="100%"),
    ),
    Race("suppressed, suppressed", suppressions(PEOPLE), suppressions(PEOPLE)),
    Race("suppressed, contacts", suppressions(PEOPLE), contacts(named("Two"))),
    Race("erased, erased", suppressions(PEOPLE, state="erased"), suppressions(PEOPLE, state="erased")),
    Race("unsubscribed, suppressed", subscribers(PEOPLE[:3], state="unsubscribed"), suppressions(PEOPLE)),
    Race("subscribed, suppressed", subscribers(PEOPLE[:3]), suppressions(PEOPLE), suppression),
    Race(
        "contacts, one field of two already set",
        contacts([{"EmailAddress": ANN, "FirstName": "Ann", "KnownAs": "One"}]),
        contacts([{"EmailAddress": ANN, "FirstName": "Two", "KnownAs": "Two"}]),
        each_field,
    ),
)


class Track:
    """A sandbox on which two runs can race."""

    def __enter__(self) -> Track:
        self._stack = ExitStack()
        self._sandbox = self._stack.enter_context(Sandbox(seed=SEED))
        self._turns = Turns(1, 0)
        self._lanes = [self._lane(number) for number in range(2)]
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _lane(self, number: int) -> Proxy:
        upstream = self._sandbox.url.partition("//")[2]
        proxy = Proxy(upstream, lambda: everything(self._sandbox), turn=lambda: self._turns.wait(number))
        self._stack.callback(proxy.close)
        return proxy

    def breaches(self, race: Race, seeds: Sequence[int]) -> Iterator[str]:
        """What is wrong after each race in which a seed decides which run sends next."""
        orders = [
            self._one_after_the_other(race.first, race.second),
            self._one_after_the_other(race.second, race.first),
        ]
        for seed in seeds:
            crashes = self._at_once((race.first, race.second), seed)
            yield from (f"{race.name}, seed {seed}: it raised {crash!r}" for crash in crashes)
            now = world(self._sandbox)
            for email in PEOPLE:
                ends = [race.views(_about(email, order)) for order in orders]
                for view, value in race.views(_about(email, now)).items():
                    if all(value != end.get(view) for end in ends):
                        yield f"{race.name}, seed {seed}: {view} of {email} ends as {value}; the orders give {ends}"

    def _one_after_the_other(self, *runs: Run) -> World:
        self._sandbox.reset()
        self._turns = Turns(1, 0)
        for run in runs:
            _go(run, self._sandbox.url, self._sandbox.api_key)
        return world(self._sandbox)

    def _at_once(self, runs: Sequence[Run], seed: int) -> list[BaseException]:
        self._sandbox.reset()
        self._turns = Turns(len(runs), seed)
        crashes: list[BaseException] = []

        def race(number: int) -> None:
            try:
                _go(runs[number], self._lanes[number].url, self._sandbox.api_key)
            except SentoriError:
                pass
            except Exception as crash:
                crashes.append(crash)
            finally:
                self._turns.finish(number)

        threads = [threading.Thread(target=race, args=(number,)) for number in range(len(runs))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return crashes


def _go(run: Run, url: str, key: str) -> None:
    with Transport(Settings(url=url, api_key=key, max_wait=0)) as transport:
        run(SentoriApi(transport), Path())


def _about(email: str, found: World) -> Record:
    return {part: value for (name, part), value in found.items() if name == email}
