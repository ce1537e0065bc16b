# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The page that shows what was measured, as Markdown."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from goals import Goal
from imports import KINDS, MEMORY
from playbooks import MANY

HEAD = """<!-- Written by `make bench`. Do not edit. -->

# Performance

What `make bench` measured, and the goals. Read the ratios: both sides of each were measured in turn, in the same run.
Seconds depend on the machine.

{machine}

{reached}

"""
PLOTS = """
## Imports

![Rows a second, by the number of rows](images/import-throughput.svg)

![Memory above an idle process, by the number of rows](images/import-memory.svg)

## Many reads at once

Each response takes 50 ms, so that one connection allows 20 reads a second: this is the wire. What is missing to 100 %
is waiting for a processor.

![Share of what the wire allows, by reads at once](images/wire-efficiency.svg)
"""
METHOD = """
## How it is measured

- A [stub](../benchmarks/stub.py) in another process answers every request at once, or after 50 ms. It keeps nothing, so
  that the client is measured. The real Sentori is slower: there, the number of requests counts.
- Each run is a process of its own. Modules are imported before the clock starts; a ratio is the median of the ratios of
  neighbouring runs.
- The plain loop is `csv.DictReader`, `json.dumps` and `requests.post` in chunks of 10,000 rows. It checks nothing,
  finds no duplicates, remembers nothing, and does not tell what became of a row.
- Memory is the peak of the process (VmHWM) above the same program with an empty file.
- The tasks of Ansible are those of a real `ansible-playbook`, on the machine itself. The loop of `uri` only reads each
  contact.
- The tests hold the number of requests and of statements of SQL for each operation. They never hold seconds.
"""


def page(goals: Sequence[Goal], processors: str) -> str:
    wanted = [goal for goal in goals if goal.reached is not None]
    missed = [goal for goal in wanted if not goal.reached]
    reached = f"{len(wanted) - len(missed)} of {len(wanted)} goals were reached."
    parts = [HEAD.format(machine=processors, reached=reached), _table(goals), PLOTS]
    if missed:
        parts.append("\n## What stands in the way\n\nFor each goal that was not reached: where its time goes.\n")
        parts += map(_profile, missed)
    return "".join([*parts, METHOD])


def sentence(goals: Sequence[Goal]) -> str:
    """The figures that the README shows."""
    found = {goal.what: goal for goal in goals}
    rate, memory, many = (found[what] for what in (KINDS[0].label, MEMORY, MANY))
    return (
        f"An import with all checks runs at {rate.measured} of the rows a second of a plain loop that checks nothing"
        f" ({rate.ours}), and takes {memory.measured} or less for a million rows. A task with 1,000 contacts is"
        f" {many.measured} as a loop of `uri`."
    )


def machine() -> str:
    """The machine in a sentence, with its load, which is what disturbs a measurement."""
    found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    model = f" ({found[1]})" if found else ""
    return (
        f"{os.cpu_count()} processors{model}, Python {platform.python_version()}, {platform.system()}."
        f" When it began, the load was {os.getloadavg()[0]:.1f}."
    )


def _table(goals: Sequence[Goal]) -> str:
    lines = ["| what | measured | goal | reached | this project | beside |", "|---|---|---|---|---|---|"]
    for goal in goals:
        reached = {True: "yes", False: "**no**", None: "-"}[goal.reached]
        lines.append(f"| {goal.what} | {goal.measured} | {goal.goal} | {reached} | {goal.ours} | {goal.beside} |")
    return "\n".join(lines) + "\n"


def _profile(goal: Goal) -> str:
    lines = [f"\n### {goal.what}\n", f"{goal.measured}; the goal is {goal.goal}.\n"]
    if goal.profile:
        lines += ["| where | share |", "|---|---|"]
        lines += [f"| `{where}` | {share:.0%} |" for where, share in goal.profile]
    return "\n".join(lines) + "\n"
