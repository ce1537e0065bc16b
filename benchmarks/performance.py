# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure every goal, and write ``docs/performance.md``, its plots, and the sentence of the README: ``make bench``."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import dags
import imports
import page
import playbooks
import plots
import reads
import subscribers
from goals import Goal
from processes import say
from stub import running_stub

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
IMAGES = DOCS / "images"
FIGURES = re.compile(r"(<!-- Written by make bench: -->\n).*?(\n<!-- end -->)", re.DOTALL)


def main() -> None:
    began, machine = time.monotonic(), page.machine()
    with tempfile.TemporaryDirectory(prefix="sentori-performance-") as folder, running_stub() as url:
        files = imports.Folder(Path(folder), url)
        goals = shown(imports.rates(files))
        growth = imports.Growth(files)
        goals += shown(growth.goals())
    wire = reads.Wire()
    goals += shown([reads.cpu()], wire.goals(), subscribers.goals(), playbooks.goals(), dags.goals())

    throughput, memory = growth.curves()
    rows, rate = "rows of the file", "rows a second"
    plots.draw(IMAGES / "import-throughput.svg", "Imports: throughput", throughput, rows, rate)
    plots.draw(
        IMAGES / "import-memory.svg",
        "Imports: memory above an idle process",
        memory,
        rows,
        "MiB",
        limit=imports.MOST_MEMORY,
    )
    plots.draw(
        IMAGES / "wire-efficiency.svg",
        "Reads at 50 ms: share of what the wire allows",
        wire.curves(),
        "reads at once",
        "%",
    )
    (DOCS / "performance.md").write_text(page.page(goals, machine))
    readme = ROOT / "README.md"
    readme.write_text(FIGURES.sub(lambda found: found[1] + page.sentence(goals) + found[2], readme.read_text()))
    say(f"docs/performance.md, after {(time.monotonic() - began) / 60:.1f} minutes")


def shown(*measured: Iterable[Goal]) -> list[Goal]:
    """The goals, each printed as soon as it is measured."""
    goals = []
    for goal in chain.from_iterable(measured):
        say(f"  {goal.what}: {goal.measured} (goal: {goal.goal})")
        goals.append(goal)
    return goals


if __name__ == "__main__":
    main()
