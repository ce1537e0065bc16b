# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The page: made of the parts that have run, and up to date."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import page
from faults import FAULTS
from operations import OPERATIONS


def part(count: int) -> str:
    made = page.Part(
        "Bad input", "Each was tried.", {"inputs": count}, lost=1, tables=[page.Table(["a", "b"], [["x", 5]])]
    )
    return json.dumps(asdict(made))


def test_a_part_that_has_not_run_since_keeps_its_section(tmp_path: Path) -> None:
    written = tmp_path / "page.md"
    for name, count in (("fuzz", 1000), ("kills", 7)):
        (tmp_path / f"{name}.json").write_text(part(count))
    page.write(tmp_path, written)
    (tmp_path / "fuzz.json").unlink()
    (tmp_path / "kills.json").write_text(part(8000))
    before = written.read_text()
    page.write(tmp_path, written)
    after = written.read_text()
    assert before.index("<!-- kills") < before.index("<!-- fuzz")
    assert before.partition("<!-- fuzz")[2] == after.partition("<!-- fuzz")[2]
    assert "| lost | **2** |" in after and '<!-- kills {"inputs": 8000' in after


def test_the_page_names_each_operation_and_each_fault() -> None:
    text = page.PAGE.read_text()
    for name in (*(operation.name for operation in OPERATIONS), *(fault.id for fault in FAULTS)):
        assert f"| {name} |" in text, f"{name}: run make faults"
