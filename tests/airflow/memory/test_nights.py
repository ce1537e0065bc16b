# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every night another worker imports all people; all workers have the memory in one PostgreSQL."""

from __future__ import annotations

import multiprocessing
import time
import uuid
from collections import Counter
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from airflow_provider_sentori._internal.memory.state_table import StateTable
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.imports.run import import_rows
from airflow_provider_sentori.core.rows.sources import open_source
from airflow_provider_sentori.core.runs.outcome import OF_IMPORTS
from airflow_provider_sentori.core.runs.recorder import Recorder
from postgresql import USER
from sentori_sandbox import Sandbox

PEOPLE = 3000
CHANGED = 15
# A process that has Airflow loaded already: a new one takes seconds for that.
WORKERS = multiprocessing.get_context("fork")


def import_all(url: str, key: str, source: str, table: str, options: dict[str, Any]) -> None:
    """One night of one worker."""
    place = StateTable("postgresql", table, "nightly.import", "task nightly.import", lease_seconds=2)
    with Transport(Settings(url=url, api_key=key)) as transport:
        done = import_rows(
            SentoriApi(transport),
            lambda schema: open_source(source, schema=schema),
            ImportOptions(memory=place, chunk_size=500, **options),
            Recorder(OF_IMPORTS),
        )
    assert done.stopped_by is None and done.complete, done.stopped_by


class Nights:
    """Each night is a process of its own. ``table``: where all of them keep the memory."""

    def __init__(self, sandbox: Sandbox, postgresql: Path, source: Path) -> None:
        self.table = f"nights_{uuid.uuid4().hex[:16]}"
        self._sandbox = sandbox
        self._postgresql = postgresql
        self._source = source

    def write(self, changed: range) -> None:
        rows = (f"p{n}@example.com,{'New' if n in changed else 'Old'}\n" for n in range(PEOPLE))
        self._source.write_text("EmailAddress,FirstName\n" + "".join(rows))

    def start(self, **options: Any) -> ForkProcess:
        given = (self._sandbox.url, self._sandbox.api_key, str(self._source), self.table, options)
        night = WORKERS.Process(target=import_all, args=given)
        night.start()
        return night

    def run(self, **options: Any) -> Counter[str]:
        """The requests of one night."""
        self._sandbox.clear_requests()
        night = self.start(**options)
        night.join(120)
        assert night.exitcode == 0
        return Counter(entry.route for entry in self._sandbox.requests())

    def pass_a_day(self) -> None:
        with psycopg2.connect(host=str(self._postgresql), user=USER, dbname="postgres") as db, db.cursor() as cursor:
            cursor.execute(f"UPDATE {self.table} SET seen = seen - 86400")


@pytest.fixture
def nights(sentori_sandbox: Sandbox, connections: None, postgresql: Path, tmp_path: Path) -> Nights:
    found = Nights(sentori_sandbox, postgresql, tmp_path / "people.csv")
    found.write(range(0))
    assert found.run(compare=False)["contact/import"] == PEOPLE // 500
    return found


def test_a_night_reads_the_changed_and_the_due_and_sends_the_changed(nights: Nights) -> None:
    assert nights.run() == {}

    nights.write(range(CHANGED))
    assert nights.run() == {"contact/getstructure": 1, "contact/get": CHANGED, "contact/import": 1}

    nights.pass_a_day()
    requests = nights.run()
    assert set(requests) == {"contact/getstructure", "contact/get"}
    assert abs(requests["contact/get"] - PEOPLE / 7) < 150


def test_a_worker_that_is_killed_is_followed_by_one_that_sends_nothing_twice(
    nights: Nights, sentori_sandbox: Sandbox
) -> None:
    before = len(sentori_sandbox.truth())
    nights.write(range(PEOPLE))
    sentori_sandbox.fault("contact/import", kind="wait", seconds=0.3, times=4)
    sentori_sandbox.clear_requests()
    night = nights.start(compare=False)
    until = time.monotonic() + 60
    while len(sentori_sandbox.writes()) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    night.kill()
    night.join()
    sentori_sandbox.clear_faults()
    # The lease of the killed worker ends.
    time.sleep(2.5)

    nights.run()

    sent = Counter(row["address"] for one in sentori_sandbox.truth()[before:] for row in one["rows"])
    assert len(sent) == PEOPLE and set(sent.values()) == {1}
    assert nights.run() == {}
