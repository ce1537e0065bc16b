# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many contacts in one run, of whose requests a share fails: each is in Sentori at the end, or named in the report."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import stub
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.bulk import apply_contacts
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from airflow_provider_sentori.core.rows.sources import given_rows
from airflow_provider_sentori.core.runs.outcome import CREATED, OF_CONTACTS, Outcome
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.runs.result import Part

CONCURRENCY = 32
SHARE = 0.02
TIMEOUT = 0.5
# After so many contacts, memory holds what it holds at any number of them: pages of rows, and threads.
WARM = 5_000
MOST_GROWTH = 32.0


class Load(NamedTuple):
    """What one run did. ``untold``: contacts of which the report does not say where they are; ``growth``: MiB."""

    contacts: int
    created: int
    named: int
    untold: list[str]
    twice: list[str]
    requests: int
    failures: int
    most_connections: int
    growth: float
    seconds: float

    @property
    def problems(self) -> list[str]:
        """What is wrong, in sentences."""
        found = []
        if self.untold:
            found.append(f"{len(self.untold)} contacts are neither in Sentori nor named, such as {self.untold[0]}")
        if self.twice:
            found.append(f"{len(self.twice)} contacts were added twice, such as {self.twice[0]}")
        if self.most_connections > CONCURRENCY:
            found.append(f"{self.most_connections} connections were open at once")
        if self.growth > MOST_GROWTH:
            found.append(f"memory has grown by {self.growth:.0f} MiB")
        return found


class Waiting:
    """Pauses take no time: a run with thousands of failures would wait for hours."""

    def __init__(self) -> None:
        self._slept = 0.0

    def sleep(self, seconds: float) -> None:
        self._slept += seconds

    def clock(self) -> float:
        return time.monotonic() + self._slept


def run(contacts: int, *, share: float = SHARE, seed: int = 1) -> Load:
    """Add so many contacts to an empty account."""
    started, waiting = time.monotonic(), Waiting()
    outcomes: dict[str, Outcome] = {}
    counted = 0
    memory: list[int] = []

    def take(part: Part) -> None:
        nonlocal counted
        for outcome in part.listed():
            counted += 1
            if outcome.action != CREATED:
                outcomes[outcome.email] = outcome
        if counted >= min(WARM, contacts):
            memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    with stub.running(share, seed) as (url, connection):
        settings = Settings(url=url, api_key="key", timeout=TIMEOUT, max_wait=1e9, concurrency=CONCURRENCY)
        with Transport(settings, sleep=waiting.sleep, clock=waiting.clock) as transport:
            recorder = Recorder(OF_CONTACTS, sink=take)
            apply_contacts(
                SentoriApi(transport), lambda schema: given_rows(_rows(contacts)), recorder, concurrency=CONCURRENCY
            )
        connection.send("stop")
        seen: stub.Seen = connection.recv()
    there = sum(contact == row for row in _rows(contacts) if (contact := seen.contacts.get(row["EmailAddress"])))
    absent = [row["EmailAddress"] for row in _rows(contacts) if seen.contacts.get(row["EmailAddress"]) != row]
    return Load(
        contacts=contacts,
        created=there,
        named=len(outcomes),
        untold=[email for email in absent if email not in outcomes],
        twice=[email for email, times in seen.adds.items() if times > 1],
        requests=seen.requests,
        failures=seen.failures,
        most_connections=seen.most_connections,
        growth=(memory[-1] - memory[0]) / 1024,
        seconds=time.monotonic() - started,
    )


def _rows(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"EmailAddress": f"person{number}@example.com", "FirstName": f"Person {number}"}
