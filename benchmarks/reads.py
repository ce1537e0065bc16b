# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure many reads at once beside a pool of urllib3 with the same threads: CPU of a read, and share of the wire."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from statistics import median

from goals import Curve, Goal
from processes import KEY, Share, in_process, profile_of, say
from stub import running_stub

ROUNDS = 3
AT_ONCE = (8, 16, 32, 64, 128)
DELAY = 0.05
# For each connection: three seconds, if nothing but the wire is waited for.
READS = 60
CPU_READS, CPU_THREADS, CPU_ROUNDS, MOST_CPU = 4_000, 8, 7, 1.15
OF_THE_WIRE = {32: 0.94, 128: 0.55}


def by_project(url: str, reads: int, threads: int) -> Callable[[], object]:
    import requests
    from airflow_provider_sentori.core.api.client import SentoriApi
    from airflow_provider_sentori.core.contacts.reader import find_all
    from airflow_provider_sentori.core.http.settings import Settings
    from airflow_provider_sentori.core.http.transport import Transport

    assert requests  # The transport loads it with the first request otherwise.

    def read() -> None:
        with Transport(Settings(KEY, url, concurrency=threads)) as transport:
            found = find_all(SentoriApi(transport), addresses(reads), threads)
        assert all(isinstance(contact, dict) for contact in found)

    return read


def by_pool(url: str, reads: int, threads: int) -> Callable[[], object]:
    import urllib3

    pool = urllib3.PoolManager(maxsize=threads).connection_from_url(url)

    def read() -> None:
        ahead = iter(addresses(reads))

        def run() -> None:
            for email in ahead:
                json.loads(pool.request("GET", f"/v2.0/contact/get/{email.replace('@', '%40')}/").data)

        workers = [threading.Thread(target=run) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    return read


def addresses(count: int) -> list[str]:
    return [f"person{number}@example.com" for number in range(count)]


def cpu() -> Goal:
    say("reads, answered at once")
    pairs = []
    with running_stub() as url:
        for _ in range(CPU_ROUNDS):
            given = {"url": url, "reads": CPU_READS, "threads": CPU_THREADS}
            pairs.append((in_process(by_project, **given).cpu, in_process(by_pool, **given).cpu))
        ratio = median(ours / pool for ours, pool in pairs)
        ours, pool = (median(costs) / CPU_READS * 1e6 for costs in zip(*pairs, strict=True))
    reached = ratio <= MOST_CPU
    profile = () if reached else heaviest_of_a_read()
    figures = (f"{ours:.0f} µs", f"urllib3's pool: {pool:.0f} µs", f"{ratio:.2f}")
    return Goal("CPU of a read, compare path", *figures, f"at most {MOST_CPU}", reached, profile)


def heaviest_of_a_read() -> list[Share]:
    """In one thread, which is the one that is profiled, and answered at once, so that none of it is waiting."""
    with running_stub() as url:
        return profile_of(by_project, url=url, reads=CPU_READS, threads=1)


class Wire:
    """The share of what the wire allows, by reads at once, of the core and of a pool of urllib3."""

    def __init__(self) -> None:
        self.ours: dict[int, float] = {}
        self.pool: dict[int, float] = {}
        with running_stub(DELAY) as url:
            for threads in AT_ONCE:
                say(f"reads, answered after {1000 * DELAY:.0f} ms, {threads} at once")
                given = {"url": url, "reads": READS * threads, "threads": threads}
                runs = [(in_process(by_project, **given), in_process(by_pool, **given)) for _ in range(ROUNDS)]
                ours, pool = (median(cost.seconds for cost in costs) for costs in zip(*runs, strict=True))
                self.ours[threads], self.pool[threads] = READS * DELAY / ours, READS * DELAY / pool
        self._profile = () if all(map(self._reached, OF_THE_WIRE)) else heaviest_of_a_read()

    def _reached(self, threads: int) -> bool:
        return self.ours[threads] >= OF_THE_WIRE[threads]

    def goals(self) -> Iterator[Goal]:
        for threads, wanted in OF_THE_WIRE.items():
            limit = threads / DELAY
            yield Goal(
                f"Reads at {1000 * DELAY:.0f} ms, {threads} at once",
                f"{self.ours[threads] * limit:,.0f}/s",
                f"the wire: {limit:,.0f}/s; urllib3's pool: {self.pool[threads] * limit:,.0f}/s",
                f"{self.ours[threads]:.0%}",
                f"at least {wanted:.0%}",
                self._reached(threads),
                () if self._reached(threads) else self._profile,
            )

    def curves(self) -> list[Curve]:
        pool = Curve("urllib3's pool", [(threads, 100 * share) for threads, share in self.pool.items()], True)
        return [pool, Curve("this project", [(threads, 100 * share) for threads, share in self.ours.items()])]
