# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every playbook that the documentation shows is played, for real and again."""

from __future__ import annotations

import json
import re
import sys

import pytest
from player import ROOT, Player
from sentori_sandbox import Sandbox

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PLAYBOOKS = [
    pytest.param(block, id=f"{page.name}:{number}")
    for page in PAGES
    for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE))
    if "hosts:" in block
]

IMPORTS = (ROOT / "docs" / "imports.md").read_text()
(NEWCOMERS,) = re.findall(r"^```csv\n(.*?)^```", IMPORTS, re.DOTALL | re.MULTILINE)
(REPORT,) = re.findall(r"^```json\n(.*?)^```", IMPORTS, re.DOTALL | re.MULTILINE)


def test_there_are_playbooks_to_play() -> None:
    assert len(PLAYBOOKS) >= 4


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_playbook_of_the_documentation_ends_well_and_changes_nothing_again(
    player: Player, sentori_sandbox: Sandbox, playbook: str
) -> None:
    sentori_sandbox.reset(seed="demo")
    written = player.folder / "documented.yml"
    written.write_text(playbook)
    (player.folder / "newcomers.csv").write_text(NEWCOMERS)
    first, again = (player.run(written, "-e", f"ansible_python_interpreter={sys.executable}") for _ in range(2))
    assert first.returncode == again.returncode == 0, first.output + again.output
    assert "[WARNING]" not in first.output
    assert not any(result.get("changed") for result in again.results)


def test_the_guide_to_imports_shows_the_report_as_it_is(player: Player, sentori_sandbox: Sandbox) -> None:
    (playbook,) = [block.values[0] for block in PLAYBOOKS if "newcomers.csv" in str(block.values[0])]
    (player.folder / "newcomers.csv").write_text(NEWCOMERS)
    (player.folder / "documented.yml").write_text(str(playbook))
    player.run(player.folder / "documented.yml", "-e", f"ansible_python_interpreter={sys.executable}")
    written = (player.folder / "newcomers-report.jsonl").read_text()
    assert [json.loads(line) for line in written.splitlines()] == [json.loads(line) for line in REPORT.splitlines()]
