# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""docs/sandbox.md matches the code: its tables are complete and its snippets run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sentori_sandbox import Sandbox
from sentori_sandbox.api import ROUTES
from sentori_sandbox.control import KINDS
from snippets import snippets, text

PAGE = text("docs/sandbox.md")


def test_table_of_assumptions_equals_the_output_of_the_command():
    command = [sys.executable, "-m", "sentori_sandbox", "assumptions", "--markdown"]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert PAGE.endswith(f"\n\n{table}")


def test_page_names_every_fault_and_route():
    for kind, meaning in KINDS.items():
        assert f"| `{kind}` | {meaning} |" in PAGE
    for route in ROUTES:
        assert f"`{route.name}`" in PAGE


@pytest.mark.parametrize("snippet", [*snippets("docs/sandbox.md", "python"), *snippets("sandbox/README.md", "python")])
def test_python_snippets_run(sentori_sandbox, snippet):
    names: dict[str, object] = {}

    exec(snippet, names)

    for name, value in names.items():
        if name.startswith("test_"):
            value(sentori_sandbox)


def test_seed_of_the_page_is_valid():
    (seed,) = snippets("docs/sandbox.md", "json")

    with Sandbox(seed=json.loads(seed)) as sandbox:
        assert sandbox.contact("joe@example.com")["IsMember"] is True
        assert sandbox.subscribers("1234ABCD") == ["joe@example.com"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the snippet uses curl")
def test_shell_snippets_run():
    (script,) = snippets("docs/sandbox.md", "shell")
    (short,) = snippets("sandbox/README.md", "shell")

    of_the_page, of_the_readme = (run_in_shell(text) for text in (script, short))

    assert of_the_page.stdout.endswith('"LoyaltyPoints": 1815}{"count":1}')
    assert (of_the_page.returncode, of_the_readme.returncode) == (0, 0), of_the_page.stderr + of_the_readme.stderr


def run_in_shell(script: str) -> subprocess.CompletedProcess[str]:
    beside_python = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": beside_python, "NO_PROXY": "127.0.0.1"}
    return subprocess.run(["sh", "-ec", script], env=env, capture_output=True, text=True, timeout=60)
