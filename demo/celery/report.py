# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The result of the demo: two tables and the problems found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import people
from airflow_api import Try
from scenario import COMPARE, IMPORT, Night, Run
from sentori_sandbox import Sandbox


def table_of_shards(run: Run, killed: Collection[Try]) -> str:
    """A line for each shard: the number of tries of its tasks, and their workers."""
    killed_tries = {(one.task, one.shard, one.number) for one in killed}

    def tries(task: str, shard: int) -> list[str]:
        found = [one for one in run.tries if (one.task, one.shard) == (task, shard)]
        states = ["killed" if (one.task, one.shard, one.number) in killed_tries else one.state for one in found]
        workers = [
            one.worker if state == "success" else f"{one.worker} ({state})"
            for one, state in zip(found, states, strict=True)
        ]
        return [str(len(found)), ", ".join(workers)]

    lines = [["shard", "tries", "compared by", "tries", "imported by"]]
    for shard in sorted({one.shard for one in run.tries}):
        lines.append([str(shard), *tries(COMPARE, shard), *tries(IMPORT, shard)])
    return _table(lines)


def table_of_runs(runs: Iterable[Run]) -> str:
    """A line for each run: its effect on Sentori."""
    lines = [["run", "contacts", "reads", "writes", "imports", "rows sent", "sent twice", "seconds"]]
    for run in runs:
        counts = (run.contacts, run.reads, run.writes, run.imports, run.rows, run.rows_sent_twice, run.seconds)
        lines.append([run.name, *(f"{count:,.0f}" for count in counts)])
    return _table(lines, numbers=True)


def table_of_nights(nights: Iterable[Night]) -> str:
    """A line for each night: its workers, and its requests."""
    lines = [["night", "workers", "reads", "writes"]]
    for night in nights:
        lines.append([night.name, " ".join(sorted(night.workers)), f"{night.reads:,}", str(night.writes)])
    return _table(lines)


def problems_of_nights(first: Night, second: Night) -> Iterator[str]:
    """Yield a sentence for each unexpected result."""
    if not first.reads:
        yield "The first night read no contact."
    if first.workers & second.workers:
        yield "The second night had a worker of the first one."
    if second.reads or first.writes or second.writes:
        yield f"The second night read {second.reads:,} contacts; both sent {first.writes + second.writes} writes."


def problems(first: Run, second: Run, killed: Collection[Try], sandbox: Sandbox) -> Iterator[str]:
    """Yield a sentence for each unexpected result."""
    expected, contacts = people.people(), sandbox.contacts()
    before = {one["EmailAddress"]: one["FirstName"] for one in people.known_before()}
    differing = sum(before.get(email) != name for email, name in expected.items())
    if len(contacts) != len(expected):
        yield f"Sentori has {len(contacts):,} contacts; expected are {len(expected):,}."
    if {one["EmailAddress"]: one["FirstName"] for one in contacts} != expected:
        yield "The contacts of Sentori differ from the people of the table."
    if first.rows != differing or first.rows_sent_twice:
        yield f"{first.rows:,} rows were sent, {first.rows_sent_twice:,} of them again; {differing:,} differed."
    if {one.task for one in killed} != {COMPARE, IMPORT}:
        yield "A worker was not killed in each of the two stages."
    for lost in killed:
        later = [one for one in first.tries if one[:2] == lost[:2] and one.number > lost.number]
        if not any(one.state == "success" for one in later):
            yield f"{lost.task} of shard {lost.shard} was not retried successfully."
    if second.writes:
        yield f"The second run sent {second.writes} writes."


def _table(lines: Sequence[Sequence[str]], numbers: bool = False) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = []
    for line in lines:
        cells = [line[0].ljust(widths[0])]
        cells += [
            cell.rjust(width) if numbers else cell.ljust(width)
            for cell, width in zip(line[1:], widths[1:], strict=True)
        ]
        shown.append("  ".join(cells).rstrip())
    return "\n".join(shown)
