# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure two nights of many opt-outs: seconds, requests, and memory compared with a run of a tenth of them.

``suppressions.py [ADDRESSES]``. Half of them have a contact. The sandbox and each run are processes of their own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from imports import peak, running_sandbox


def suppress(sentori: dict[str, str], src: Path, state_file: Path) -> dict[str, float]:
    from airflow_provider_sentori.core.api.client import SentoriApi
    from airflow_provider_sentori.core.http.settings import Settings
    from airflow_provider_sentori.core.http.transport import Transport
    from airflow_provider_sentori.core.memory.state_file import StateFile
    from airflow_provider_sentori.core.rows.sources import open_source
    from airflow_provider_sentori.core.runs.outcome import OF_SUPPRESSIONS
    from airflow_provider_sentori.core.runs.recorder import Recorder
    from airflow_provider_sentori.core.suppressions.bulk import apply_suppressions

    started = time.monotonic()
    with Transport(Settings(**sentori)) as transport:
        api = SentoriApi(transport)
        done = apply_suppressions(
            api,
            lambda: open_source(str(src)),
            Recorder(OF_SUPPRESSIONS),
            max_suppressions="100%",
            memory=StateFile(str(state_file)),
        )
        requests = api.statistics.requests
    assert not done.counts["failed"] and not done.counts["in_doubt"]
    seconds = time.monotonic() - started
    return {"total": done.summary["total"], "seconds": seconds, "requests": requests, "peak": peak()}


def run(sentori: dict[str, str], src: Path, state_file: Path) -> dict[str, float]:
    """Do one run in another process."""
    arguments = [json.dumps(sentori), str(src), str(state_file)]
    command = [sys.executable, __file__, "--run", *arguments]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def main(count: int) -> None:
    with running_sandbox() as sentori, tempfile.TemporaryDirectory() as folder:
        for part, addresses in (("small", count // 10), ("large", count)):
            src = Path(folder, f"{part}.txt")
            src.write_text("".join(f"{part}{number}@example.com\n" for number in range(addresses)))
            people = Path(folder, f"{part}.csv")
            half = (f"{part}{number}@example.com\n" for number in range(0, addresses, 2))
            people.write_text("EmailAddress\n" + "".join(half))
            add_contacts(sentori, people)
            for night in ("first", "second"):
                found = run(sentori, src, Path(folder, f"{part}.db"))
                shown = "{0:6} {total:8,.0f} addresses {seconds:7.1f} s {requests:9,.0f} requests {peak:5.0f} MiB"
                say(shown.format(night, **found))


def add_contacts(sentori: dict[str, str], people: Path) -> None:
    from imports import import_file

    import_file(sentori, people, {"compare": False})


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        say(json.dumps(suppress(json.loads(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
