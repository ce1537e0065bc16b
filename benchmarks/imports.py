# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure long imports: rows per second, and memory compared with an idle process.

``imports.py [ROWS]``. Each run is its own process, against a sandbox in another one. The floor is the shortest
program that sends the same rows: csv.DictReader, json.dumps, a requests.Session. Compare the ratios: all values
depend on the machine.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

CHUNK = 10_000
COMPARED = 30_000


@contextmanager
def running_sandbox() -> Iterator[dict[str, str]]:
    """Run a sandbox in another process."""
    command = [sys.executable, "-m", "sentori_sandbox", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def peak() -> float:
    """The peak memory of this process, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def write_people(file: Path, rows: int) -> None:
    with file.open("w") as people:
        people.write("EmailAddress,FirstName,LastName,CompanyName\n")
        people.writelines(f"person{n}@example.com,First{n},Last{n},Company {n % 1000} & Sons\n" for n in range(rows))


def idle(sentori: dict[str, str], file: Path, options: dict[str, Any]) -> int:
    """Load everything that an import needs, and import no rows."""
    return import_file(sentori, file.with_name("header.csv"), {})


def floor(sentori: dict[str, str], file: Path, options: dict[str, Any]) -> int:
    import requests

    sent = 0
    with file.open(newline="") as people, requests.Session() as session:
        session.headers.update({"ApiKey": sentori["api_key"], "Content-Type": "application/json"})
        rows = csv.DictReader(people)
        while chunk := list(islice(rows, CHUNK)):
            body = json.dumps({"Name": "", "Description": "", "Contacts": chunk})
            session.post(f"{sentori['url']}/v2.0/contact/import/", data=body.encode(), timeout=300).raise_for_status()
            sent += len(chunk)
    return sent


def import_file(sentori: dict[str, str], file: Path, options: dict[str, Any]) -> int:
    from airflow_provider_sentori.core.api.client import SentoriApi
    from airflow_provider_sentori.core.http.settings import Settings
    from airflow_provider_sentori.core.http.transport import Transport
    from airflow_provider_sentori.core.imports.options import ImportOptions
    from airflow_provider_sentori.core.imports.run import import_rows
    from airflow_provider_sentori.core.memory.state_file import StateFile
    from airflow_provider_sentori.core.rows.sources import open_source
    from airflow_provider_sentori.core.runs.outcome import OF_IMPORTS
    from airflow_provider_sentori.core.runs.recorder import Recorder

    state = options.pop("state_file", None)
    with Transport(Settings(**sentori, timeout=300.0)) as transport:
        done = import_rows(
            SentoriApi(transport),
            lambda schema: open_source(str(file), schema=schema),
            ImportOptions(**options, memory=None if state is None else StateFile(state)),
            Recorder(OF_IMPORTS),
        )
    assert done.stopped_by is None and not done.warnings, (done.stopped_by, done.warnings)
    return done.summary["total"]


RUNS: dict[str, Callable[[dict[str, str], Path, dict[str, Any]], int]] = {
    "idle": idle,
    "floor": floor,
    "import": import_file,
}


def run(what: str, sentori: dict[str, str], file: Path, **options: Any) -> dict[str, float]:
    """Do one run in another process; return its ``rows``, ``seconds`` and ``peak``."""
    arguments = [json.dumps(part) for part in (what, sentori, str(file), options)]
    command = [sys.executable, "-P", __file__, "--child", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def child(what: str, sentori: dict[str, str], file: str, options: dict[str, Any]) -> None:
    started = time.perf_counter()
    rows = RUNS[what](sentori, Path(file), options)
    say(json.dumps({"rows": rows, "seconds": time.perf_counter() - started, "peak": peak()}))


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory(prefix="sentori-benchmark-") as folder, running_sandbox() as sentori:
        people, few, header = Path(folder, "people.csv"), Path(folder, "few.csv"), Path(folder, "header.csv")
        for file, count in ((people, rows), (few, COMPARED), (header, 0)):
            write_people(file, count)
        state = str(Path(folder, "state"))
        empty = run("idle", sentori, people)["peak"]
        say(f"{'':44}{'rows':>10}{'rows/s':>9}{'MiB above idle':>16}   (idle: {empty:.0f} MiB)")
        for label, what, file, options in (
            ("the shortest program", "floor", people, {}),
            ("sent without reads", "import", people, {"compare": False}),
            ("sent without reads, v1, compressed", "import", people, {"compare": False, "api_version": "v1"}),
            ("sent without reads, creates a state file", "import", people, {"compare": False, "state_file": state}),
            ("unchanged, with a state file: no request", "import", people, {"state_file": state}),
            ("unchanged, each contact read", "import", few, {}),
        ):
            found = run(what, sentori, file, **options)
            rate, above = found["rows"] / found["seconds"], found["peak"] - empty
            say(f"{label:44}{found['rows']:>10,.0f}{rate:>9,.0f}{above:>16.1f}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*(json.loads(part) for part in sys.argv[2:]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
