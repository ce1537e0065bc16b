# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A run that is killed by the system loses no opt-out: the next run registers what is missing."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sentori_sandbox import Sandbox

PROGRAM = """
import sys
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.rows.sources import open_source
from airflow_provider_sentori.core.runs.outcome import OF_SUPPRESSIONS
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.suppressions.bulk import apply_suppressions

url, key, src, state_file, state = sys.argv[1:]
with Transport(Settings(url=url, api_key=key)) as transport:
    done = apply_suppressions(
        SentoriApi(transport), lambda: open_source(src), Recorder(OF_SUPPRESSIONS),
        state=state, max_suppressions="100%", memory=StateFile(state_file), concurrency=4,
    )
print(done.summary)
"""
PEOPLE = [f"p{number}@example.com" for number in range(400)]


@pytest.mark.parametrize("state", ["suppressed", "erased"])
def test_a_run_that_is_killed_anywhere_loses_no_opt_out(sentori_sandbox: Sandbox, tmp_path: Path, state: str) -> None:
    sentori_sandbox.reset(seed={"contacts": [{"EmailAddress": email} for email in PEOPLE[::2]]})
    (tmp_path / "opted-out.txt").write_text("\n".join(PEOPLE))
    program = [sys.executable, "-P", "-c", PROGRAM, sentori_sandbox.url, sentori_sandbox.api_key]
    arguments = [str(tmp_path / "opted-out.txt"), str(tmp_path / "state.db"), state]

    for writes in (1, 100, 250):
        run = subprocess.Popen([*program, *arguments], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while len(sentori_sandbox.writes()) < writes and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        run.kill()
        run.wait()

    subprocess.run([*program, *arguments], check=True, timeout=120, stdout=subprocess.DEVNULL)
    assert sentori_sandbox.suppression_list() == sorted(PEOPLE)
    assert bool(sentori_sandbox.contacts()) == (state == "suppressed")
    sentori_sandbox.clear_requests()
    subprocess.run([*program, *arguments], check=True, timeout=120, stdout=subprocess.DEVNULL)
    assert sentori_sandbox.writes() == []
