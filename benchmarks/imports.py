# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure imports: rows a second beside the plain loop, memory above an idle process, and both by rows."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from goals import Curve, Goal
from importing import gzip_and_curl, plain_loop, this_project, write_people, write_ready
from processes import Cost, holders_of, in_process, profile_of, say

ROWS, ROUNDS = 200_000, 5
FEW, SOME, MANY = SIZES = (10_000, 100_000, 1_000_000)
# Rows and runs, one after the other: what is compared stands on both sides, since a machine is not always as fast.
GROWING = ((FEW, 3), (SOME, 2), (MANY, 1), (SOME, 2), (FEW, 3))
MOST_MEMORY, MOST_GROWTH = 40.0, 10.0
FOR_DUPLICATES = 16 * (MANY - SOME) / 1024**2
LINEAR = 1.10
PLAIN = "the plain loop"
MEMORY = f"Memory above idle, {MANY:,} rows"


class Kind(NamedTuple):
    """A way to import; ``goal``: of the plain loop's rows a second."""

    label: str
    short: str
    goal: float
    options: dict[str, Any]
    # A state file: None, or whether it is made by the run.
    makes_state: bool | None = None


KINDS = (
    Kind("Import without reads, API v2.0", "v2.0", 0.5, {"compare": False}),
    Kind("The same, API v1 with gzip", "v1, gzip", 0.35, {"compare": False, "api_version": "v1"}),
    Kind("The same, making a state file", "making a state file", 0.3, {"compare": False}, True),
    Kind("Unchanged by the state file: no request", "unchanged", 0.45, {}, False),
)


class Folder:
    """Files of people, and the state files of runs."""

    def __init__(self, path: Path, url: str) -> None:
        self._path = path
        self._url = url
        self._states: Counter[int] = Counter()

    def people(self, rows: int) -> str:
        file = self._path / f"{rows}.csv"
        if not file.exists():
            write_people(file, rows)
        return str(file)

    def arguments(self, kind: Kind, rows: int) -> dict[str, Any]:
        """Of ``this_project``. A run that makes a state file leaves it to the next with as many rows that uses one."""
        self._states[rows] += kind.makes_state is True
        state = (
            {} if kind.makes_state is None else {"state_file": str(self._path / f"{rows}-{self._states[rows]}.state")}
        )
        return {"url": self._url, "file": self.people(rows), "rows": rows, "options": {**kind.options, **state}}

    def plain(self, rows: int) -> Cost:
        return in_process(plain_loop, url=self._url, file=self.people(rows))

    def ours(self, kind: Kind, rows: int) -> Cost:
        return in_process(this_project, **self.arguments(kind, rows))

    def curl(self, rows: int) -> Cost:
        write_ready(Path(self.people(rows)))
        return in_process(gzip_and_curl, url=self._url, file=self.people(rows))


def rates(folder: Folder) -> Iterator[Goal]:
    """Each kind right beside the plain loop, many times in turn: the medians of the ratios."""
    pairs: dict[str, list[tuple[float, float]]] = {kind.label: [] for kind in KINDS}
    curl: list[tuple[float, float]] = []
    for number in range(ROUNDS):
        say(f"imports of {ROWS:,} rows, round {number + 1} of {ROUNDS}")
        for kind in KINDS:
            plain = folder.plain(ROWS).seconds
            pairs[kind.label].append((ROWS / folder.ours(kind, ROWS).seconds, ROWS / plain))
        if shutil.which("curl"):
            curl.append((ROWS / folder.plain(ROWS).seconds, ROWS / folder.curl(ROWS).seconds))
    for kind in KINDS:
        ratio, ours, plain = _medians(pairs[kind.label])
        reached = ratio >= kind.goal
        profile = () if reached else profile_of(this_project, **folder.arguments(kind, ROWS))
        figures = (f"{ours:,.0f} rows/s", f"plain loop: {plain:,.0f} rows/s", f"{ratio:.2f}")
        yield Goal(kind.label, *figures, f"at least {kind.goal:g}", reached, profile)
    if curl:
        _, plain, piped = _medians(curl)
        beside = (f"`gzip -1 \\| curl` of JSON that is ready: {piped:,.0f} rows/s", f"{piped / plain:.2f}")
        yield Goal("(peer) the plain loop", f"{plain:,.0f} rows/s", *beside)


def _medians(pairs: list[tuple[float, float]]) -> tuple[float, float, float]:
    ours, others = zip(*pairs, strict=True)
    return median(one / other for one, other in pairs), median(ours), median(others)


class Growth:
    """Seconds and memory by rows, of the plain loop and of each kind."""

    def __init__(self, folder: Folder) -> None:
        self._seconds: dict[tuple[str, int], list[float]] = {}
        self._memory: dict[tuple[str, int], list[float]] = {}
        self._folder = folder
        idle_plain, idle = folder.plain(0), folder.ours(KINDS[0], 0)
        for rows, runs in GROWING:
            say(f"imports of {rows:,} rows, {runs} of each kind")
            for _ in range(runs):
                self._take(PLAIN, rows, folder.plain(rows), idle_plain)
                for kind in KINDS:
                    self._take(kind.short, rows, folder.ours(kind, rows), idle)

    def _take(self, name: str, rows: int, cost: Cost, idle: Cost) -> None:
        self._seconds.setdefault((name, rows), []).append(cost.seconds)
        self._memory.setdefault((name, rows), []).append(cost.peak - idle.peak)

    def rate(self, name: str, rows: int) -> float:
        return rows / median(self._seconds[name, rows])

    def memory(self, name: str, rows: int) -> float:
        return median(self._memory[name, rows])

    def goals(self) -> Iterator[Goal]:
        at_most = {kind.short: self.memory(kind.short, MANY) for kind in KINDS}
        growth = {name: above - self.memory(name, SOME) for name, above in at_most.items()}
        slower = {kind.short: self.rate(kind.short, FEW) / self.rate(kind.short, MANY) for kind in KINDS}
        plain = f"plain loop: {self.memory(PLAIN, MANY):.0f} MiB"
        worst = max(at_most.values())
        heaviest = next(kind for kind in KINDS if at_most[kind.short] == worst)
        is_too_much = worst > MOST_MEMORY or max(growth.values()) > MOST_GROWTH + FOR_DUPLICATES
        holders = holders_of(this_project, **self._folder.arguments(heaviest, SOME)) if is_too_much else ()
        yield Goal(
            MEMORY,
            _listed(at_most, "{:.0f} MiB"),
            plain,
            f"{worst:.0f} MiB",
            f"at most {MOST_MEMORY:.0f} MiB",
            worst <= MOST_MEMORY,
            holders,
        )
        yield Goal(
            f"Its growth from {SOME:,} rows on",
            _listed(growth, "{:.0f} MiB"),
            f"16 bytes a row for duplicates: {FOR_DUPLICATES:.0f} MiB",
            f"{max(growth.values()):.0f} MiB",
            f"at most {MOST_GROWTH:.0f} MiB + {FOR_DUPLICATES:.0f} MiB",
            max(growth.values()) <= MOST_GROWTH + FOR_DUPLICATES,
            holders,
        )
        rates = {kind.short: self.rate(kind.short, MANY) for kind in KINDS}
        late = max(slower, key=lambda name: slower[name])
        (kind,) = (kind for kind in KINDS if kind.short == late)
        reached = slower[late] <= LINEAR
        yield Goal(
            f"Time of a row at {MANY:,} rows",
            _listed(rates, "{:,.0f} rows/s"),
            "at " + f"{FEW:,}: " + _listed({name: self.rate(name, FEW) for name in rates}, "{:,.0f} rows/s"),
            f"{slower[late]:.2f} times ({late})",
            f"at most {LINEAR:.2f} times that at {FEW:,}",
            reached,
            () if reached else profile_of(this_project, **self._folder.arguments(kind, SOME)),
        )

    def curves(self) -> tuple[list[Curve], list[Curve]]:
        """Rows a second by rows, and MiB above idle by rows."""
        names = [PLAIN, *(kind.short for kind in KINDS)]
        rate = [Curve(name, [(rows, self.rate(name, rows)) for rows in SIZES], name == names[0]) for name in names]
        memory = [Curve(name, [(rows, self.memory(name, rows)) for rows in SIZES], name == names[0]) for name in names]
        return rate, memory


def _listed(figures: dict[str, float], form: str) -> str:
    return ", ".join(f"{name}: {form.format(figure)}" for name, figure in figures.items())
