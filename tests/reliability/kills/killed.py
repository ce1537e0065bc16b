# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Kill or stop a run at one of its requests, run it again, and compare with a run that nobody killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from multiprocessing import get_context
from pathlib import Path
from signal import SIGKILL, SIGTERM
from typing import Any, NamedTuple

import psycopg2
from airflow.providers.common.compat.sdk import AirflowException
from airflow_provider_sentori._internal.memory.state_table import StateTable
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.errors import MemoryUnavailable, Stopped
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.memory.storage import Place
from faults import CLOSE, SILENCE, Answer, Fault, Step
from law import LOST, TWICE, Breach, world
from operations import SEED
from postgresql import USER
from proxy import Proxy
from sentori_sandbox import Sandbox
from verbs import EXPORT, REPORT, TABLE, VERBS, Verb

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
LEASE = 0.3
KEY = "5e4f0d1c-0000-4000-8000-7ab1e0f5ec2e"
# A process that has all modules loaded already.
PROCESSES = get_context("fork")


class Kill(NamedTuple):
    """``request``: counted from 1. ``acted``: Sentori has acted on it when the run gets the ``signal``."""

    verb: Verb
    database: str
    signal: signal.Signals
    request: int
    acted: bool

    @property
    def id(self) -> str:
        moment = "after" if self.acted else "before"
        return f"{self.verb.name} / {self.database} / {self.signal.name} {moment} request {self.request}"


class Ended(NamedTuple):
    """What is there after a run: in Sentori, and in the files and tables that the run writes."""

    world: Any
    exported: Any


class Scene:
    """A sandbox, the proxy before it, and the databases; one verb runs at a time."""

    def __init__(self, postgresql: Path) -> None:
        self._socket = postgresql
        self._sandbox = Sandbox(api_key=KEY)
        self._forwarded = 0
        self._goals: dict[tuple[str, str], tuple[Ended, int]] = {}

    def __enter__(self) -> Scene:
        self._sandbox.__enter__()
        self._proxy = Proxy(self._sandbox.url.rpartition("/")[2], lambda: world(self._sandbox), turn=self._count)
        return self

    def __exit__(self, *_: object) -> None:
        self._proxy.close()
        self._sandbox.__exit__(None, None, None)

    def _count(self) -> None:
        self._forwarded += 1

    def kills(self) -> Iterator[Kill]:
        """Every verb with each database, killed and stopped, before and after each of its requests."""
        for verb in VERBS:
            for database in (SQLITE, POSTGRESQL) if verb.remembers or verb.writes_table else (SQLITE,):
                with Stage(self, verb, database) as stage:
                    _, requests = self._goal(stage)
                for request in range(1, requests + 1):
                    for acted in (False, True):
                        yield from (Kill(verb, database, number, request, acted) for number in (SIGKILL, SIGTERM))

    def judge(self, kill: Kill) -> list[Breach]:
        """What is wrong after the run was killed, and run again."""
        with Stage(self, kill.verb, kill.database) as stage:
            goal, _ = self._goal(stage)
        with Stage(self, kill.verb, kill.database) as stage:
            before = stage.ended()
            self._run_and_kill(stage, kill)
            return [*self._after_kill(stage, kill, before, goal), *self._run_again(stage, goal)]

    def _goal(self, stage: Stage) -> tuple[Ended, int]:
        """What a run without a kill ends in, and its number of requests."""
        key = stage.verb.name, stage.database
        if key not in self._goals:
            self._proxy.arm()
            self._forwarded = 0
            stage.run()
            self._goals[key] = stage.ended(), self._forwarded
        return self._goals[key]

    def _run_and_kill(self, stage: Stage, kill: Kill) -> None:
        process = PROCESSES.Process(target=stage.run_to_be_stopped)

        def send(real: Answer) -> list[Step]:
            assert process.pid is not None
            os.kill(process.pid, kill.signal)
            return [CLOSE] if kill.signal == SIGKILL else [real.encoded()] if kill.acted else [SILENCE]

        self._proxy.arm(Fault("killed", "-", send, acted=kill.acted), kill.request)
        process.start()
        process.join(30)
        expected = -SIGKILL if kill.signal == SIGKILL else 0
        assert process.exitcode == expected, f"{kill.id}: ended with {process.exitcode}"

    def _after_kill(self, stage: Stage, kill: Kill, before: Ended, goal: Ended) -> Iterator[Breach]:
        ended = stage.ended()
        if ended.exported not in (before.exported, goal.exported):
            yield Breach(LOST, f"the export is neither as before nor complete: {ended.exported!r}")
        report = stage.folder / REPORT
        lines = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
        is_complete = bool(lines) and "summary" in lines[-1]
        if kill.signal == SIGKILL and is_complete:
            yield Breach(LOST, "the report of the killed run claims to be complete")
        if kill.signal == SIGTERM and not is_complete:
            yield Breach(LOST, f"the report of the stopped run is not complete: {lines!r}")
        if kill.signal == SIGTERM and is_complete and ended != goal and not _tells_of_the_stop(lines[-1]):
            yield Breach(LOST, f"the report of the stopped run says that all is done: {lines!r}")

    def _run_again(self, stage: Stage, goal: Ended) -> Iterator[Breach]:
        earlier = list(self._proxy.writes)
        self._proxy.arm()
        stage.run()
        if stage.ended() != goal:
            yield Breach(LOST, f"it ends in {stage.ended()!r} instead of {goal!r}")
        effective = Counter((one.target, one.body) for one in [*earlier, *self._proxy.writes] if one.took_effect)
        for (target, _), times in effective.items():
            if times > 1:
                yield Breach(TWICE, f"POST {target} took effect {times} times")
        *_, last = (json.loads(line) for line in (stage.folder / REPORT).read_text().splitlines())
        summary = last["summary"]
        if summary.get("in_doubt") or summary.get("failed") or "error" in last:
            yield Breach(LOST, f"the report of the next run says {last!r}")
        self._proxy.arm()
        stage.run()
        if any(one.took_effect for one in self._proxy.writes):
            yield Breach(TWICE, "a run after that changed something")
        files = {path.name for path in stage.folder.iterdir()} - stage.own_files
        if files:
            yield Breach(LOST, f"these files are left over: {sorted(files)}")


def _tells_of_the_stop(last: dict[str, Any]) -> bool:
    """Whether the last line of a report says that not everything was done."""
    return "error" in last or any(last["summary"].get(action) for action in ("failed", "in_doubt"))


class Stage:
    """The beginning of a run: Sentori as in SEED, an empty folder, and a memory or warehouse that is new."""

    def __init__(self, scene: Scene, verb: Verb, database: str) -> None:
        self.verb = verb
        self.database = database
        self.own_files = {REPORT, EXPORT, "state", "warehouse.db"}
        self._scene = scene
        self._url = scene._proxy.url
        self._table = f"state_{uuid.uuid4().hex[:16]}"

    def __enter__(self) -> Stage:
        self.folder = Path(tempfile.mkdtemp(prefix="sentori-kill-"))
        self._scene._sandbox.reset(seed=SEED)
        server = {"conn_type": "postgres", "host": str(self._scene._socket), "login": USER, "schema": "postgres"}
        file = {"conn_type": "sqlite", "host": str(self.folder / "warehouse.db")}
        account = {"conn_type": "sentori", "host": self._url, "password": KEY}
        os.environ["AIRFLOW_CONN_STATE"] = json.dumps(server)
        os.environ["AIRFLOW_CONN_WAREHOUSE"] = json.dumps(server if self.database == POSTGRESQL else file)
        os.environ["AIRFLOW_CONN_SENTORI_DEFAULT"] = json.dumps(account)
        self._query(f"DROP TABLE IF EXISTS {TABLE}")
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder)

    def run(self) -> None:
        """Run the verb; what another run has leased is waited for."""
        until = time.monotonic() + 20
        while True:
            try:
                with Transport(Settings(api_key=KEY, url=self._url, max_wait=0)) as transport:
                    result = self.verb.run(SentoriApi(transport), self.folder, self._memory())
            except MemoryUnavailable:
                assert time.monotonic() < until
                time.sleep(LEASE / 3)
                continue
            if result is not None and result.stopped_by is not None:
                raise result.stopped_by
            return

    def run_to_be_stopped(self) -> None:
        """Run the verb in this process; SIGTERM stops it, as it stops a task of either integration."""
        with Transport(Settings(api_key=KEY, url=self._url, timeout=0.4, max_wait=0)) as transport:
            signal.signal(SIGTERM, lambda *_: transport.stop())
            with suppress(Stopped, AirflowException):
                self.verb.run(SentoriApi(transport), self.folder, self._memory())

    def ended(self) -> Ended:
        exported: Any = None
        if self.verb.writes_table:
            exported = self._query(f"SELECT * FROM {TABLE} ORDER BY 1")
        elif (self.folder / EXPORT).exists():
            exported = (self.folder / EXPORT).read_bytes()
        return Ended(world(self._scene._sandbox), exported)

    def _memory(self) -> Place | None:
        if not self.verb.remembers:
            return None
        if self.database == SQLITE:
            return StateFile(str(self.folder / "state"))
        return StateTable("state", self._table, "nightly", "task nightly", lease_seconds=LEASE)

    def _query(self, statement: str) -> Sequence[Any]:
        """The rows of the warehouse; none if the table is not made yet."""
        if self.database == POSTGRESQL:
            connection = psycopg2.connect(host=str(self._scene._socket), user=USER, dbname="postgres")
        else:
            connection = sqlite3.connect(self.folder / "warehouse.db")
        with closing(connection), closing(connection.cursor()) as cursor:
            try:
                cursor.execute(statement)
            except (sqlite3.OperationalError, psycopg2.errors.UndefinedTable):
                return []
            rows = list(cursor.fetchall()) if cursor.description else []
            connection.commit()
            return rows
