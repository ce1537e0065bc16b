# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure every goal, and write ``docs/performance.md``, its plots, and the sentence of the README: ``make bench``."""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path

import dags
import imports
import page
import playbooks
import plots
import reads
import subscribers
from processes import say
from stub import running_stub

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
IMAGES = DOCS / "images"


def main() -> None:
    began, machine = time.monotonic(), page.machine()
    with tempfile.TemporaryDirectory(prefix="sentori-performance-") as folder, running_stub() as url:
        files = imports.Folder(Path(folder), url)
        goals = list(imports.rates(files))
        growth = imports.Growth(files)
        goals += growth.goals()
    wire = reads.Wire()
    goals += [reads.cpu(), *wire.goals(), *subscribers.goals(), *playbooks.goals(), *dags.goals()]

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
    say(f"docs/performance.md, after {(time.monotonic() - began) / 60:.1f} minutes")


if __name__ == "__main__":
    main()
