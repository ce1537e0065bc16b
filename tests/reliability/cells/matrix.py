# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every fault times every operation, at each of its requests: each is a cell, which the law judges."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.errors import SentoriError
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from doors import Certificates
from faults import FAULTS, Fault
from law import HELD, LOST, TWICE, UNMET, Breach, World, breaches, everything, leaks, world
from operations import OPERATIONS, SEED, Operation
from proxy import Proxy
from sentori_sandbox import Sandbox
from told import Told

KEY = "5e4f0d1c-0000-4000-8000-7ab1e0f5ec2e"
TIMEOUT = 0.2
NO_HURRY = 30.0
# Requests whose answer is not documented, and whose effect no read shows, or none that is sent: a success that a server
# invents instead of asking Sentori cannot be told from Sentori's own.
UNSEEN = ("/contact/delete/", "/attach/", "/contact/unsubscribe/nobody.")


class Cell(NamedTuple):
    """The fault meets this request of the operation, counted from 1."""

    operation: Operation
    fault: Fault
    request: int

    @property
    def id(self) -> str:
        return f"{self.operation.name} / {self.fault.id} / request {self.request}"


class Goal(NamedTuple):
    """An operation without a fault: what it told, its requests, the worlds around it; the writes of a second run."""

    told: Told
    targets: list[tuple[str, str]]
    before: World
    after: World
    repeated: list[str]


class Bench:
    """A sandbox, and proxies before it, on which one operation runs at a time."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._goals: dict[str, Goal] = {}

    def __enter__(self) -> Self:
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self._certificates = Certificates(self._folder)
        self.sandbox = self._stack.enter_context(Sandbox(api_key=KEY, seed=SEED))
        upstream = self.sandbox.url.partition("//")[2]
        self._plain = Proxy(upstream, lambda: everything(self.sandbox))
        self._tls = Proxy(upstream, lambda: everything(self.sandbox), self._certificates)
        for proxy in (self._plain, self._tls):
            self._stack.callback(proxy.close)
        self.log = self._stack.enter_context(Log())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def goal(self, operation: Operation) -> Goal:
        """The operation without a fault, run once."""
        if operation.name not in self._goals:
            folder = self._prepare()
            before = world(self.sandbox)
            told = self._run(operation, folder, self._plain)
            targets = [(entry.method, entry.raw_path) for entry in self.sandbox.requests()]
            after = world(self.sandbox)
            self._run(operation, folder, self._plain)
            repeated = [one.target for one in self._plain.writes]
            assert world(self.sandbox) == after or not operation.settles, operation.name
            self._goals[operation.name] = Goal(told, targets, before, after, repeated)
        return self._goals[operation.name]

    def cells(self, operation: Operation) -> Iterator[Cell]:
        """All cells of the operation."""
        for number, (method, target) in enumerate(self.goal(operation).targets, 1):
            is_unseen = method == "POST" and any(part in target for part in UNSEEN)
            for fault in FAULTS:
                if not (fault.invents and not fault.acted and is_unseen):
                    yield Cell(operation, fault, number)

    def judge(self, cell: Cell) -> list[Breach]:
        """What breaks the law in this cell, twice: a busy machine may have added a timeout of its own."""
        return self._judge(cell) and self._judge(cell)

    def _judge(self, cell: Cell) -> list[Breach]:
        operation, goal = cell.operation, self.goal(cell.operation)
        proxy = self._tls if cell.fault.is_tls else self._plain
        folder = self._prepare()
        told = self._run(operation, folder, proxy, cell.fault, cell.request)
        after = world(self.sandbox)
        worlds = (goal.before, after, goal.after)
        found = list(breaches(operation, told, goal.told, worlds, proxy.writes, cell.fault.says, KEY))
        found += leaks(self.log.taken(), KEY)
        if not proxy.met:
            found.append(Breach(UNMET, "the run did not meet its fault"))
        if proxy.held:
            found.append(Breach(HELD, "the client waited for a late answer much longer than its timeouts allow"))
        if operation.remembers or after != goal.after:
            found += self._converges(operation, folder, proxy, goal)
        return found

    def _converges(self, operation: Operation, folder: Path, proxy: Proxy, goal: Goal) -> Iterator[Breach]:
        """A run without a fault ends in the goal, and the next one writes what a second run always writes."""
        again = self._run(operation, folder, proxy)
        now = world(self.sandbox)
        differing = [key for key in {*now, *goal.after} if now.get(key) != goal.after.get(key)]
        if [key for key in differing if operation.settles or key[0] != "draft"]:
            sentence = f"the run after it did not converge: {differing}; it told {again.actions or again.failures}"
            yield Breach(LOST, sentence)
        self._run(operation, folder, proxy)
        if [one.target for one in proxy.writes] != goal.repeated:
            yield Breach(TWICE, f"the third run wrote {[one.target for one in proxy.writes]}")

    def _prepare(self) -> Path:
        self.sandbox.reset()
        folder = self._folder / "run"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def _run(self, operation: Operation, folder: Path, proxy: Proxy, fault: Fault | None = None, at: int = 0) -> Told:
        proxy.arm(fault, at)
        waiting = Waiting(proxy.recover)
        settings = Settings(
            url=proxy.url,
            api_key=KEY,
            timeout=NO_HURRY if fault is None else TIMEOUT,
            ca_path=str(self._certificates.trusted) if proxy is self._tls else None,
            concurrency=1,
        )
        with Transport(settings, sleep=waiting.sleep, clock=waiting.clock) as transport:
            try:
                return operation.run(SentoriApi(transport), folder)
            except SentoriError as error:
                return Told(error=error)
            except Exception as crash:
                return Told(crash=crash)


class Waiting:
    """Time in which a pause takes no time; ``meanwhile`` is called in each."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self._slept = 0.0
        self._meanwhile = meanwhile

    def sleep(self, seconds: float) -> None:
        self._slept += seconds
        self._meanwhile()

    def clock(self) -> float:
        return time.monotonic() + self._slept


class Log(logging.Handler):
    """Everything that the core logs."""

    def __enter__(self) -> Self:
        self._texts: list[str] = []
        self._logger = logging.getLogger("airflow_provider_sentori.core")
        self._logger.setLevel(logging.DEBUG)
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self._texts.append(record.getMessage())

    def taken(self) -> list[str]:
        texts, self._texts = self._texts, []
        return texts


def cell_named(name: str) -> Cell:
    """The cell with this id."""
    operation, fault, request = name.split(" / ")
    return Cell(
        next(one for one in OPERATIONS if one.name == operation),
        next(one for one in FAULTS if one.id == fault),
        int(request.removeprefix("request ")),
    )
