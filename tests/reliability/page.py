# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes ``docs/reliability.md`` from the figures of the parts that have run; as a program, it does only that.

A part is a JSON file in ``build/reliability``, named as in ORDER, with the keys of ``Part``. The section of a part that
has not run since stays in the page as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "reliability"
PAGE = ROOT / "docs" / "reliability.md"

ORDER = ("cells", "load", "races", "kills", "fuzz")

HEAD = """\
# Reliability

What was done to break this project, and what came of it. `make faults` does it again and writes this page: do not edit
it. A short form of each part runs with all tests.
"""

# What must never happen, of all parts together.
NEVER = ("lost", "twice", "leaked")


Row = Sequence[str | int]


@dataclass(frozen=True)
class Table:
    """A table of a part."""

    head: Sequence[str]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Part:
    """What one part has to tell.

    ``figures``: what was counted -> how many, for the table at the top. ``lost``: things of which the outcomes or the
    state were wrong; ``twice``: requests that took effect twice; ``leaked``: texts with a key or an address.
    """

    title: str
    text: str
    figures: Mapping[str, int]
    lost: int = 0
    twice: int = 0
    leaked: int = 0
    tables: Sequence[Table] = field(default_factory=tuple)


def save(name: str, part: Part) -> None:
    """Keep the figures of a part for the page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(asdict(part), indent=1))


def write(folder: Path = FOLDER, page: Path = PAGE) -> None:
    """Write the page."""
    known = _sections(page.read_text() if page.exists() else "")
    for name in ORDER:
        path = folder / f"{name}.json"
        if path.exists():
            known[name] = _section(json.loads(path.read_text()))
    shown = [(name, *known[name]) for name in ORDER if name in known]
    counts: dict[str, int] = {}
    for _, figures, _ in shown:
        counts.update({label: count for label, count in figures.items() if label not in NEVER})
    for label in NEVER:
        counts[label] = sum(figures[label] for _, figures, _ in shown)
    totals = _table(
        ["", ""], [[label, f"**{count:,}**" if label in NEVER else count] for label, count in counts.items()]
    )
    sections = [f"<!-- {name} {json.dumps(figures)} -->\n{text}" for name, figures, text in shown]
    page.write_text("\n".join([HEAD, totals, *sections]))


def _section(part: Mapping[str, object]) -> tuple[dict[str, int], str]:
    """The figures of a part with those of NEVER, and its section."""
    made = Part(**part)  # type: ignore[arg-type]
    figures = {**made.figures, **{label: getattr(made, label) for label in NEVER}}
    tables = [_table(table["head"], table["rows"]) for table in made.tables]  # type: ignore[index]
    return figures, "\n".join([f"## {made.title}\n", f"{made.text}\n", *tables])


def _sections(page: str) -> dict[str, tuple[dict[str, int], str]]:
    """The sections that a page has: name -> figures and text."""
    pieces = re.split(r"^<!-- (\w+) (\{.*\}) -->\n", page, flags=re.MULTILINE)[1:]
    names, figures, texts = pieces[::3], pieces[1::3], pieces[2::3]
    return {
        name: (json.loads(found), text.strip() + "\n") for name, found, text in zip(names, figures, texts, strict=True)
    }


def _table(head: Sequence[str], rows: Sequence[Row]) -> str:
    align = ["---", *["---:" if isinstance(cell, int) else "---" for cell in (rows[0][1:] if rows else head[1:])]]
    lines = [head, align, *([f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    write()
