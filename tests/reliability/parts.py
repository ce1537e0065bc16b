# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The parts of ``make faults``: each runs, tells what breaks the law, and keeps its figures for the page."""

from __future__ import annotations

import sys
from collections import Counter

import load
import page
import races
from faults import FAMILIES, FAULTS
from law import CRASHED, HELD, LEAKED, LOST, TWICE, UNNAMED
from matrix import Bench
from operations import OPERATIONS
from workers import judge_all

CONTACTS = 50_000
SEEDS = range(50)

CELLS = """\
A proxy between the core and the [sandbox](sandbox.md) spoils one request of an operation, and forwards all others. Each
operation is run with each fault at each of its requests: a cell. *Acted* means that Sentori acts on the request before
its answer is spoiled. In each cell:

- Sentori is as the outcomes told: what is said to be done is done, what is said to have failed is untouched, and only
  what is `in_doubt` or `unverifiable` may be either.
- No request took effect twice.
- The message names what happened, without the key or an address. Nothing but an error of this project is raised.
- No request is held beyond its deadline.
- A run without a fault afterwards ends where it would have ended without one, and the run after that sends no write.

One thing cannot be told from a success: an answer that a server invents, without asking Sentori, where no answer is
documented and nothing is read afterwards (deleting a contact, attaching an upload group, suppressing an address without
a contact). These cells are left out."""

LOAD = """\
Contacts are added in one run with 32 requests at once, while 2 % of all requests fail in seeded random ways: before or
after Sentori has acted on them. At the end each contact is in Sentori, or named in the report; none was added twice."""

RACES = """\
Two runs work on the same contacts at once. A seed decides, request by request, which of them goes on. Each contact ends
as one of the two orders would have left it: the one run first, or the other. Two things cannot be promised, because
Sentori has no write with a condition, and only fields that differ are sent:

- If two runs set the same two fields differently, each field ends as one of the runs wants it. If one of the fields had
  its value already, the two fields may end with values of different runs.
- An address that one run suppresses while another run subscribes it stays suppressed. Sentori may still keep it as a
  member of the list, to whom it sends nothing."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run_cells() -> bool:
    """Judge all cells; whether all hold."""
    with Bench() as bench:
        cells = {cell.id: cell for operation in OPERATIONS for cell in bench.cells(operation)}
    kinds: Counter[str] = Counter()
    for number, (name, breaches) in enumerate(judge_all(list(cells)), 1):
        for breach in breaches:
            kinds[breach.kind] += 1
            say(f"{name}\n    {breach.kind}: {breach.sentence}\n    alone: {alone(name)}")
        if number % 1000 == 0:
            say(f"{number} of {len(cells)} cells")
    family_of = {fault.id: family for family, faults in FAMILIES.items() for fault in faults}
    counts = Counter((cell.operation.name, family_of[cell.fault.id]) for cell in cells.values())
    requests = {name: max(cell.request for cell in cells.values() if cell.operation.name == name)
                for name in dict.fromkeys(cell.operation.name for cell in cells.values())}  # fmt: skip
    by_fault = Counter(cell.fault.id for cell in cells.values())
    rows: list[page.Row] = [[name, requests[name], *(counts[name, family] for family in FAMILIES)] for name in requests]
    faults: list[page.Row] = [
        [family, fault.id, by_fault[fault.id]] for family, faults in FAMILIES.items() for fault in faults
    ]
    page.save(
        "cells",
        page.Part(
            title="An evil server and an evil network",
            text=CELLS,
            figures={
                "operations": len(OPERATIONS),
                "faults": len(FAULTS),
                "cells": len(cells),
                "messages that do not name what happened": kinds[UNNAMED],
                "requests that were held beyond their deadline": kinds[HELD],
            },
            lost=kinds[LOST] + kinds[CRASHED],
            twice=kinds[TWICE],
            leaked=kinds[LEAKED],
            tables=[
                page.Table(["operation", "requests", *FAMILIES], rows),
                page.Table(["kind", "fault", "cells"], faults),
            ],
        ),
    )
    say(f"{len(cells)} cells, {kinds.total()} broke the law")
    return not kinds


def alone(name: str) -> str:
    """How to judge one cell."""
    return f'make faults CELL="{name}"'


def run_load() -> bool:
    """Add many contacts while requests fail; whether all are accounted for."""
    done = load.run(CONTACTS)
    say(f"load: {done._replace(untold=done.untold[:10], twice=done.twice[:10])}")
    problems = done.problems
    for problem in problems:
        say(f"load: {problem}")
    rows: list[page.Row] = [
        ["in Sentori at the end", done.created],
        ["named in the report", done.named],
        ["requests", done.requests],
        ["of these failed", done.failures],
        ["connections at once, at most", done.most_connections],
        [f"MiB of memory more than after {load.WARM:,} contacts", round(done.growth)],
    ]
    page.save(
        "load",
        page.Part(
            title="Load",
            text=LOAD,
            figures={"contacts in one run": done.contacts, "requests that failed in it": done.failures},
            lost=len(problems) - bool(done.twice),
            twice=len(done.twice),
            tables=[page.Table(["", f"{done.contacts:,} contacts"], rows)],
        ),
    )
    return not problems


def run_races() -> bool:
    """Race two runs in many orders of their requests; whether each contact ends as one of the two leaves it."""
    found = 0
    with races.Track() as track:
        for race in races.RACES:
            for breach in track.breaches(race, SEEDS):
                found += 1
                say(f"race: {breach}")
    count = len(races.RACES) * len(SEEDS)
    page.save(
        "races",
        page.Part(
            title="Two runs at once",
            text=RACES,
            figures={"races of two runs": count},
            lost=found,
            tables=[page.Table(["two runs", "races"], [(race.name, len(SEEDS)) for race in races.RACES])],
        ),
    )
    say(f"{count} races, {found} broke the law")
    return not found
