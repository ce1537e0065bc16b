# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every playbook that the documentation shows is played, for real and again."""

from __future__ import annotations

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


def test_there_are_playbooks_to_play() -> None:
    assert len(PLAYBOOKS) >= 4


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_playbook_of_the_documentation_ends_well_and_changes_nothing_again(
    player: Player, sentori_sandbox: Sandbox, playbook: str
) -> None:
    sentori_sandbox.reset(seed="demo")
    written = player.folder / "documented.yml"
    written.write_text(playbook)
    first, again = (player.run(written, "-e", f"ansible_python_interpreter={sys.executable}") for _ in range(2))
    assert first.returncode == again.returncode == 0, first.output + again.output
    assert "[WARNING]" not in first.output
    assert not any(result.get("changed") for result in again.results)
