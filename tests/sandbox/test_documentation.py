# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""docs/sandbox.md tells the truth: its tables are the code's, and its snippets run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sentori_sandbox import Sandbox
from sentori_sandbox.faults import KINDS
from sentori_sandbox.routes import ROUTES

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text("utf-8")


def snippets(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_table_of_assumptions_is_what_the_command_prints():
    command = [sys.executable, "-m", "sentori_sandbox", "assumptions", "--markdown"]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert PAGE.endswith(f"\n\n{table}")


def test_every_fault_and_every_route_is_named():
    for kind, meaning in KINDS.items():
        assert f"| `{kind}` | {meaning} |" in PAGE
    for route in ROUTES:
        assert f"`{route.name}`" in PAGE


@pytest.mark.parametrize("number", range(len(snippets("python"))))
def test_the_python_snippets_run(sentori_sandbox, number):
    names: dict[str, object] = {}

    exec(snippets("python")[number], names)

    for name, value in names.items():
        if name.startswith("test_"):
            value(sentori_sandbox)


def test_the_seed_can_be_sown():
    (seed,) = snippets("json")

    with Sandbox(seed=json.loads(seed)) as sandbox:
        assert sandbox.contact("joe@example.com")["IsMember"] is True
        assert sandbox.subscribers("1234ABCD") == ["joe@example.com"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the snippet uses curl")
def test_the_shell_snippet_runs(tmp_path):
    (script,) = snippets("sh")
    (tmp_path / "sentori-sandbox").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sentori_sandbox "$@"\n')
    (tmp_path / "sentori-sandbox").chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "NO_PROXY": "127.0.0.1"}

    command = ["sh", "-e", "-c", f"{script}\nwait"]
    result = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=30)

    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith('"LoyaltyPoints": 1815}{"count":1}')
