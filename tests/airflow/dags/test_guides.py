# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The Airflow snippets of the guides to testing and to credentials work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sentori_sandbox import Sandbox
from snippets import snippets


def test_the_test_in_the_guide_passes(sentori_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = snippets("docs/testing.md", "python")
    written: dict[str, Any] = {}
    exec(block, written)
    (test,) = [value for name, value in written.items() if name.startswith("test_")]

    test(sentori_sandbox, monkeypatch)

    assert sentori_sandbox.contact("mary@example.com") is not None


def test_a_connection_is_read_from_a_secrets_backend(tmp_path: Path) -> None:
    *_, backend = snippets("docs/credentials.md", "shell")
    (connections,) = snippets("docs/credentials.md", "json")
    (tmp_path / "connections.json").write_text(connections)
    ask = (
        "from airflow_provider_sentori.hooks.sentori import SentoriHook\n"
        "settings = SentoriHook().settings\n"
        "print('found', settings.api_key, settings.timeout)"
    )
    script = backend.replace("/run/secrets", str(tmp_path)) + '\nexec "$PYTHON" -P -c "$ASK"'
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_CONN_")}

    done = subprocess.run(
        ["sh", "-ec", script],
        env={**clean, "PYTHON": sys.executable, "ASK": ask},
        capture_output=True,
        text=True,
        timeout=120,
    )

    key = json.loads(connections)["sentori_default"]["password"]
    assert f"found {key} 10.0\n" in done.stdout, done.stdout + done.stderr
