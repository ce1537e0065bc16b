# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The part of ``make faults`` that kills and stops every tool for many people."""

from __future__ import annotations

import sys
from collections import Counter
from signal import SIGKILL, SIGTERM

import page
from killed import Kill, Scene
from law import TWICE
from postgresql import served

TEXT = """\
Each tool for many people is killed (SIGKILL), and in another run stopped (SIGTERM, as Airflow and Ctrl-C do), before
Sentori acts on one of its requests, and after that: at each of its requests, with the memory in a file of SQLite and
in PostgreSQL. Then it runs again. In each case:

- Sentori, the exported file or table, and the memory end as without the kill. No request took effect twice.
- A killed run leaves no export that is half, and no report that claims to be complete. A stopped run ends by itself,
  and its report says that not everything was done.
- The report of the next run has each row, and nothing in doubt. The run after that changes nothing."""


def run_kills() -> bool:
    """Judge all kills; whether all hold."""
    kinds: Counter[str] = Counter()
    counts: Counter[tuple[str, str]] = Counter()
    with served() as socket, Scene(socket) as scene:
        for kill in scene.kills():
            counts[_row(kill), kill.signal.name] += 1
            for breach in scene.judge(kill):
                kinds[breach.kind] += 1
                sys.stdout.write(f"{kill.id}\n    {breach.kind}: {breach.sentence}\n")
    names = dict.fromkeys(name for name, _ in counts)
    rows: list[page.Row] = [[name, counts[name, SIGKILL.name], counts[name, SIGTERM.name]] for name in names]
    killed, stopped = (sum(counts[name, number.name] for name in names) for number in (SIGKILL, SIGTERM))
    page.save(
        "kills",
        page.Part(
            title="Killed and stopped",
            text=TEXT,
            figures={"kills survived": killed, "stops survived": stopped},
            lost=kinds.total() - kinds[TWICE],
            twice=kinds[TWICE],
            tables=[page.Table(["tool, database", "killed", "stopped"], rows)],
        ),
    )
    sys.stdout.write(f"{killed} kills and {stopped} stops, {kinds.total()} broke the law\n")
    return not kinds


def _row(kill: Kill) -> str:
    is_kept = kill.verb.remembers or kill.verb.writes_table
    return f"{kill.verb.name}, {kill.database}" if is_kept else kill.verb.name
