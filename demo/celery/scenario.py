# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The scenario of the demo: two runs of shards, with two workers killed during the first one; then two nights."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import people
from airflow_api import Try
from cluster import Cluster
from processes import DemoError, Processes
from sentori_sandbox import Sandbox

log = logging.getLogger(__name__)

DAG = "sentori_shards"
COMPARE, IMPORT = "compare", "import_differences"
POOL = "sentori_import"
NIGHTS, NIGHTLY = "sentori_nights", "import_people"

SECONDS_TO_PARSE = 60
SECONDS_FOR_A_STAGE = 240
SECONDS_OF_A_READ = 0.005
SECONDS_OF_AN_IMPORT = 0.2
# Less than the time in which Airflow notices a dead worker, so that Sentori has finished the import by then.
SECONDS_OF_THE_LONG_IMPORT = 8
IMPORTS_BEFORE_THE_LONG_ONE = 12
# The indexes of two delays among the faults of the sandbox.
READ, LONG_IMPORT = 0, 2


@dataclass(frozen=True)
class Run:
    """A run of the DAG: the tries of its tasks, and its effect on Sentori."""

    name: str
    tries: list[Try]
    contacts: int
    reads: int
    writes: int
    imports: int
    rows: int
    rows_sent_twice: int
    seconds: float


@dataclass(frozen=True)
class Night:
    """A run of the DAG whose workers have their memory in the database."""

    name: str
    workers: set[str]
    reads: int
    writes: int


@dataclass
class Scenario:
    """Runs both DAGs twice; ``killed`` are the tries that were killed in the first run of shards."""

    processes: Processes
    airflow: Cluster
    sandbox: Sandbox
    killed: list[Try] = field(default_factory=list)

    def run(self) -> tuple[Run, Run]:
        """Return both runs. Raises DemoError if a run fails or takes too long."""
        self.airflow.api.add_pool(POOL, slots=1)
        for worker in ("worker-1", "worker-2"):
            self.airflow.start_worker(worker)
        for worker in ("worker-1", "worker-2"):
            self.airflow.wait_for_worker(worker)
        self.processes.wait_for("DAG", lambda: self.airflow.api.knows(DAG), SECONDS_TO_PARSE)
        self._slow_down()
        first = self._run("first", self._kill_two)
        done = {(one.task, one.shard, one.number) for one in first.tries if one.state == "success"}
        self.killed = [one for one in self.killed if (one.task, one.shard, one.number) not in done]
        return first, self._run("second", lambda run: None)

    def nights(self) -> tuple[Night, Night]:
        """Two nights, of which the second has other workers than the first. Raises as ``run``."""
        self.processes.wait_for("DAG", lambda: self.airflow.api.knows(NIGHTS), SECONDS_TO_PARSE)
        first = self._night("first")
        self.airflow.start_worker("worker-4")
        self.airflow.wait_for_worker("worker-4")
        for worker in first.workers:
            self.airflow.kill_worker(worker)
        log.info("Replaced %s by worker-4.", " and ".join(sorted(first.workers)))
        return first, self._night("second")

    def _night(self, name: str) -> Night:
        before = self._delayed(READ)
        self.sandbox.clear_requests()
        self.airflow.api.trigger(NIGHTS, name)
        log.info("Started the %s night.", name)

        def has_ended() -> bool:
            state = self.airflow.api.state(NIGHTS, name)
            if state == "failed":
                raise DemoError(f"The {name} night failed.")
            return state == "success"

        self.processes.wait_for(f"end of the {name} night", has_ended, SECONDS_FOR_A_STAGE)
        workers = {one.worker for one in self.airflow.api.tasks(NIGHTS, name, NIGHTLY)}
        return Night(name, workers, self._delayed(READ) - before, len(self.sandbox.writes()))

    def _slow_down(self) -> None:
        """Delay the responses as a remote server would, and one import much longer."""
        self.sandbox.fault("contact/get", kind="wait", seconds=SECONDS_OF_A_READ, times=50 * people.COUNT)
        imports = IMPORTS_BEFORE_THE_LONG_ONE
        self.sandbox.fault("contact/import", kind="wait", seconds=SECONDS_OF_AN_IMPORT, times=imports)
        self.sandbox.fault("contact/import", kind="wait", seconds=SECONDS_OF_THE_LONG_IMPORT)

    def _kill_two(self, run: str) -> None:
        reads = people.COUNT // 4
        self._kill(run, COMPARE, "worker-1", lambda: self._delayed(READ) >= reads)
        log.info(f"Of {people.COUNT:,} contacts {self._delayed(READ):,} had been read. Starting worker-3 instead.")
        self.airflow.start_worker("worker-3")
        self._kill(run, IMPORT, None, lambda: self._delayed(LONG_IMPORT) > 0)
        log.info("Sentori continues that import; its response is lost.")

    def _kill(self, run: str, task: str, worker: str | None, halfway: Callable[[], bool]) -> None:
        """Kill a worker (None: any) that runs such tasks, as soon as ``halfway`` is true."""

        def victims() -> list[Try]:
            self._still_running(run)
            if not halfway():
                return []
            running = [one for one in self.airflow.api.tasks(DAG, run, task) if one.state == "running"]
            chosen = worker or next((one.worker for one in running), None)
            return [one for one in running if one.worker == chosen]

        found = self.processes.wait_for(f"middle of {task}", victims, SECONDS_FOR_A_STAGE)
        self.airflow.kill_worker(found[0].worker)
        self.killed += found
        shards = " and ".join(str(one.shard) for one in found)
        log.info("Killed %s during %s, shard %s.", found[0].worker, task, shards)

    def _run(self, name: str, meanwhile: Callable[[str], None]) -> Run:
        imports_before, reads_before, begun = len(self.sandbox.truth()), self._delayed(READ), time.monotonic()
        self.sandbox.clear_requests()
        self.airflow.api.trigger(DAG, name)
        log.info("Started the %s run.", name)
        meanwhile(name)
        self.processes.wait_for(f"end of the {name} run", lambda: not self._still_running(name), SECONDS_FOR_A_STAGE)
        imports = self.sandbox.truth()[imports_before:]
        sent = Counter(row["address"] for one in imports for row in one["rows"])
        return Run(
            name,
            self._tries(name),
            contacts=len(self.sandbox.contacts()),
            reads=self._delayed(READ) - reads_before,
            writes=len(self.sandbox.writes()),
            imports=len(imports),
            rows=sent.total(),
            rows_sent_twice=sent.total() - len(sent),
            seconds=time.monotonic() - begun,
        )

    def _tries(self, run: str) -> list[Try]:
        api = self.airflow.api
        tasks = [one for task in (COMPARE, IMPORT) for one in api.tasks(DAG, run, task)]
        return [one for task in tasks for one in api.tries(DAG, run, task.task, task.shard)]

    def _still_running(self, run: str) -> bool:
        """Whether the run has not ended. Raises DemoError if it failed."""
        state = self.airflow.api.state(DAG, run)
        if state == "failed":
            raise DemoError(f"The {run} run of {DAG} failed.", *self._logs_of_failures(run))
        return state != "success"

    def _logs_of_failures(self, run: str) -> list[Path]:
        """The log of one failed task per stage."""
        tasks = [self.airflow.api.tasks(DAG, run, task) for task in (COMPARE, IMPORT)]
        failed = [next((one for one in stage if one.state == "failed"), None) for stage in tasks]
        return [self.airflow.log_of(DAG, run, one) for one in failed if one is not None]

    def _delayed(self, fault: int) -> int:
        """The number of requests that a fault has delayed."""
        used: int = self.sandbox.faults()[fault]["used"]
        return used
