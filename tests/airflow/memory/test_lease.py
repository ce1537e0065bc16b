# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""One run at a time has a memory, between all workers."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import BaseHook
from airflow_provider_sentori._internal.memory.state_table import StateTable
from airflow_provider_sentori.core.errors import InvalidInput, MemoryUnavailable
from airflow_provider_sentori.core.memory.account import AccountMemory
from airflow_provider_sentori.core.memory.storage import ROWS

Table = Callable[..., StateTable]

# A process that has Airflow loaded already: a new one takes seconds for that.
WORKERS = multiprocessing.get_context("fork")


def account(salt: bytes) -> bytes:
    return salt * 2


def values(place: StateTable) -> set[int]:
    with AccountMemory(place, account, dry_run=True) as memory:
        return {entry[2] for entry in memory.find((ROWS,), [1, 2, 3])}


class Worker:
    """A process that has the memory, and writes once more when it is told to."""

    def __init__(self, place: StateTable) -> None:
        self._pipe, theirs = WORKERS.Pipe()
        self.process = WORKERS.Process(target=self._work, args=(place, theirs))
        self.process.start()
        assert self.said() == "has it"

    def send(self, number: signal.Signals) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def writes(self) -> str:
        """What it says when it has tried to write."""
        self._pipe.send("write")
        said = self.said()
        self.process.join(60)
        return said

    def said(self) -> str:
        assert self._pipe.poll(60)
        return str(self._pipe.recv())

    def _work(self, place: StateTable, pipe: Any) -> None:
        memory = AccountMemory(place, account)
        memory.put(ROWS, {1: 1})
        pipe.send("has it")
        pipe.recv()
        try:
            memory.put(ROWS, {2: 2})
            pipe.send("wrote")
        except MemoryUnavailable as error:
            pipe.send(str(error))


def taken_over(place: StateTable) -> AccountMemory:
    """The memory, as soon as it gives way."""
    until = time.monotonic() + 60
    while True:
        try:
            return AccountMemory(place, account)
        except MemoryUnavailable:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_the_second_run_fails_and_says_who_has_the_memory_since_when(table: Table) -> None:
    first = table(run="task nightly.import, run scheduled__2026-11-26, try 1")
    with AccountMemory(first, account), pytest.raises(MemoryUnavailable) as refusal:
        AccountMemory(table(run="task other"), account)
    who = r"by task nightly\.import, run scheduled__2026-11-26, try 1 \(host (\S+), process (\d+)\)"
    said = re.search(rf"in use since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC, {who}", str(refusal.value))
    assert said is not None and (said[1], int(said[2])) == (socket.gethostname(), os.getpid())


def test_two_memories_of_one_table_do_not_see_each_other(table: Table) -> None:
    with AccountMemory(table("a.import"), account) as one, AccountMemory(table("b.import"), account) as other:
        one.put(ROWS, {1: 1})
        other.put(ROWS, {1: 2})
        other.remove((ROWS,), [2])
        assert [memory.find((ROWS,), [1])[0][2] for memory in (one, other)] == [1, 2]


def test_a_run_keeps_its_memory_for_longer_than_the_lease(table: Table) -> None:
    with AccountMemory(table(lease_seconds=2), account) as memory:
        time.sleep(3)
        with pytest.raises(MemoryUnavailable):
            AccountMemory(table(), account)
        memory.check()


def test_the_memory_of_a_dead_worker_gives_way_after_its_lease(table: Table) -> None:
    place = table(run="task of the worker", lease_seconds=1)
    worker = Worker(place)
    with pytest.raises(MemoryUnavailable, match="task of the worker"):
        AccountMemory(place, account)
    worker.process.kill()
    worker.process.join()
    with taken_over(place) as memory:
        assert [entry[2] for entry in memory.find((ROWS,), [1, 2])] == [1]


def test_a_paused_worker_whose_memory_was_taken_over_writes_nothing_more(table: Table) -> None:
    place = table(lease_seconds=1)
    worker = Worker(place)
    worker.send(signal.SIGSTOP)
    with taken_over(place) as memory:
        worker.send(signal.SIGCONT)
        assert "was taken over by another run" in worker.writes()
        memory.put(ROWS, {3: 3})
    assert values(place) == {1, 3}


def test_a_run_that_no_other_has_replaced_goes_on_after_its_lease(table: Table) -> None:
    place = table(lease_seconds=1)
    worker = Worker(place)
    worker.send(signal.SIGSTOP)
    time.sleep(1.5)
    worker.send(signal.SIGCONT)
    assert worker.writes() == "wrote"
    assert values(place) == {1, 2}


def test_a_table_that_is_gone_stops_the_run(table: Table) -> None:
    place = table()
    with AccountMemory(place, account) as memory:
        engine = BaseHook.get_connection(place.conn_id).get_hook().get_sqlalchemy_engine()
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP TABLE {place.table}_keys")
        engine.dispose()
        with pytest.raises(MemoryUnavailable, match=rf"^state_conn_id: the memory in table {place.table} cannot"):
            memory.check()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"table": "a b"}, "state_table: 'a b' cannot be the name of a table"),
        ({"table": "x; DROP TABLE people"}, "state_table: 'x; DROP TABLE people' cannot be the name of a table"),
        ({"key": ""}, "state_key: 1 to 600 characters are needed"),
        ({"conn_id": "other"}, "state_conn_id: a connection to an SQL database is needed"),
    ],
)
def test_what_cannot_be_a_memory_is_refused(
    connections: None, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any], message: str
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_OTHER", '{"conn_type": "sentori"}')
    given = {"conn_id": "sqlite", "table": "sentori_state", "key": "k", "run": "r", **wrong}
    with pytest.raises(InvalidInput, match=re.escape(message)):
        AccountMemory(StateTable(**given), account)


def test_a_database_that_cannot_be_reached_may_be_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "AIRFLOW_CONN_GONE", '{"conn_type": "postgres", "host": "/nowhere", "login": "x", "schema": "x"}'
    )
    with pytest.raises(
        MemoryUnavailable, match=r"^state_conn_id: the memory in table sentori_state cannot be used now"
    ):
        AccountMemory(StateTable("gone", "sentori_state", "k", "r"), account)
