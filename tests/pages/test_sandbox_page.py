# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""docs/sandbox.md tells the truth: its tables are the code's, and its snippets run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sentori_sandbox import Sandbox
from sentori_sandbox.faults import KINDS
from sentori_sandbox.routes import ROUTES
from snippets import snippets, text

PAGE = text("docs/sandbox.md")


def test_the_table_of_assumptions_is_what_the_command_prints():
    command = [sys.executable, "-m", "sentori_sandbox", "assumptions", "--markdown"]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert PAGE.endswith(f"\n\n{table}")


def test_every_fault_and_every_route_is_named():
    for kind, meaning in KINDS.items():
        assert f"| `{kind}` | {meaning} |" in PAGE
    for route in ROUTES:
        assert f"`{route.name}`" in PAGE


@pytest.mark.parametrize("snippet", [*snippets("docs/sandbox.md", "python"), *snippets("sandbox/README.md", "python")])
def test_the_python_snippets_run(sentori_sandbox, snippet):
    names: dict[str, object] = {}

    exec(snippet, names)

    for name, value in names.items():
        if name.startswith("test_"):
            value(sentori_sandbox)


def test_the_seed_can_be_sown():
    (seed,) = snippets("docs/sandbox.md", "json")

    with Sandbox(seed=json.loads(seed)) as sandbox:
        assert sandbox.contact("joe@example.com")["IsMember"] is True
        assert sandbox.subscribers("1234ABCD") == ["joe@example.com"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the snippet uses curl")
def test_the_shell_snippets_run():
    (script,) = snippets("docs/sandbox.md", "shell")
    (short,) = snippets("sandbox/README.md", "shell")

    asked, short_one = (in_a_shell(text) for text in (script, short))

    assert asked.stdout.endswith('"LoyaltyPoints": 1815}{"count":1}')
    assert (asked.returncode, short_one.returncode) == (0, 0), asked.stderr + short_one.stderr


def in_a_shell(script: str) -> subprocess.CompletedProcess[str]:
    beside_python = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": beside_python, "NO_PROXY": "127.0.0.1"}
    return subprocess.run(["sh", "-ec", script], env=env, capture_output=True, text=True, timeout=60)
