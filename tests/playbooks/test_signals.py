# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C, or the end of the connection to a host, stops a module with a result that says what was done."""

from __future__ import annotations

import json
import os
import signal
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from modules import Modules
from sentori_sandbox import Sandbox

PEOPLE = [{"EmailAddress": f"p{number}@example.com"} for number in range(20)]


def run_ignoring(modules: Modules, result: Path, options: dict[str, Any]) -> None:
    """As under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    run_in_process(modules, result, options)


def run_in_process(modules: Modules, result: Path, options: dict[str, Any]) -> None:
    result.write_text(json.dumps(modules.run("sentori_contacts", options)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_stops_a_module_which_says_what_was_done(
    modules: Modules, sentori_sandbox: Sandbox, tmp_path: Path, number: signal.Signals
) -> None:
    result, report = tmp_path / "result.json", tmp_path / "report.jsonl"
    sentori_sandbox.fault("contact/add", kind="wait", seconds=0.3, times=len(PEOPLE))
    options = {"contacts": PEOPLE, "report": str(report), "concurrency": 2}
    process = get_context("fork").Process(target=run_in_process, args=(modules, result, options))
    process.start()
    while len(sentori_sandbox.writes()) < 4:
        assert process.is_alive()
        time.sleep(0.01)
    assert process.pid is not None
    os.kill(process.pid, number)
    process.join(60)
    sentori_sandbox.clear_faults()

    done = json.loads(result.read_text())
    created = len(sentori_sandbox.contacts())
    assert 0 < created < len(PEOPLE)
    assert (done["failed"], done["summary"]["created"]) == (True, created)
    assert done["summary"]["created"] + done["summary"]["failed"] == len(PEOPLE)
    assert "the run was stopped" in done["msg"]
    *_, last = (json.loads(line) for line in report.read_text().splitlines())
    assert last["summary"] == done["summary"]


def test_a_signal_that_is_ignored_stops_nothing(modules: Modules, sentori_sandbox: Sandbox, tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    sentori_sandbox.fault("contact/add", kind="wait", seconds=0.1, times=len(PEOPLE))
    options = {"contacts": PEOPLE, "concurrency": 4}
    process = get_context("fork").Process(target=run_ignoring, args=(modules, result, options))
    process.start()
    while len(sentori_sandbox.writes()) < 4:
        assert process.is_alive()
        time.sleep(0.01)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGHUP)
    process.join(60)

    assert json.loads(result.read_text())["summary"]["created"] == len(PEOPLE)
