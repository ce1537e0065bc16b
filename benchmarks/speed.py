# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure imports beside what a user would write instead, against ``stub.py``: rows a second, and peak memory.

``speed.py [ROWS]`` prints a table in Markdown. Each run is its own process, and each figure the median of three.
Compare the ratios: all values depend on the machine.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from imports import CHUNK, import_file, peak, say, write_people

STUB = Path(__file__).with_name("stub.py")
RUNS = 3
KEY = "0123456789abcdef0123456789abcdef"


@contextmanager
def running_stub() -> Iterator[str]:
    """The URL of a stub in another process."""
    with subprocess.Popen([sys.executable, str(STUB)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def plain_loop(url: str, file: Path, options: dict[str, Any]) -> int:
    import requests

    sent = 0
    with file.open(newline="") as people, requests.Session() as session:
        session.headers.update({"ApiKey": KEY, "Content-Type": "application/json"})
        rows = csv.DictReader(people)
        while chunk := list(islice(rows, CHUNK)):
            body = json.dumps({"Name": "", "Description": "", "Contacts": chunk}).encode()
            session.post(f"{url}/v2.0/contact/import/", data=body, timeout=300).raise_for_status()
            sent += len(chunk)
    return sent


def ready_json(url: str, file: Path, options: dict[str, Any]) -> int:
    """``gzip -1 | curl`` of JSON that another process has written."""
    address = f"{url}/v2.0/contact/import/"
    command = (
        f"gzip -1 <'{file}.json' | curl -sS -o /dev/null --fail"
        f" -H 'Content-Encoding: gzip' --data-binary @- '{address}'"
    )
    subprocess.run(["sh", "-c", command], check=True)
    return int(options["rows"])


def of_this_project(url: str, file: Path, options: dict[str, Any]) -> int:
    return import_file({"url": url, "api_key": KEY}, file, options)


KINDS: dict[str, Callable[[str, Path, dict[str, Any]], int]] = {
    "plain": plain_loop,
    "curl": ready_json,
    "import": of_this_project,
}


def once(kind: str, url: str, file: Path, options: dict[str, Any]) -> dict[str, float]:
    arguments = [json.dumps(part) for part in (kind, url, str(file), options)]
    done = subprocess.run(
        [sys.executable, __file__, "--child", *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measured(kind: str, url: str, file: Path, options: dict[str, Any]) -> dict[str, float]:
    """The medians of several runs."""
    found = []
    for number in range(RUNS):
        given = dict(options)
        if options.get("new_state"):
            given = {"compare": False, "state_file": f"{options['new_state']}{number}"}
        found.append(once(kind, url, file, given))
    return {name: median(one[name] for one in found) for name in found[0]}


def child(kind: str, url: str, file: str, options: dict[str, Any]) -> None:
    started = time.perf_counter()
    rows = KINDS[kind](url, Path(file), options)
    say(json.dumps({"rate": rows / (time.perf_counter() - started), "peak": peak()}))


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory(prefix="sentori-speed-") as folder, running_stub() as url:
        people, header, state = Path(folder, "people.csv"), Path(folder, "header.csv"), str(Path(folder, "state"))
        write_people(people, rows)
        write_people(header, 0)
        with people.open(newline="") as source, open(f"{people}.json", "w") as ready:
            json.dump({"Contacts": list(csv.DictReader(source))}, ready)
        idle = once("import", url, header, {})["peak"]
        plain = measured("plain", url, people, {})["rate"]
        say(f"{rows:,} rows; medians of {RUNS} runs; peak memory of an idle process: {idle:.0f} MiB\n")
        say("| import | rows a second | of the plain loop | goal | MiB above idle |")
        say("|---|---|---|---|---|")
        say(f"| the plain loop: `csv.DictReader`, `json`, `requests.post` | {plain:,.0f} | 1.00 | - | - |")
        if shutil.which("curl"):
            rate = measured("curl", url, people, {"rows": rows})["rate"]
            say(f"| `gzip -1 \\| curl` of JSON that is ready | {rate:,.0f} | {rate / plain:.2f} | - | - |")
        for label, goal, options in (
            ("`compare: false`, API v2.0", 0.5, {"compare": False}),
            ("`compare: false`, API v1, compressed", 0.35, {"compare": False, "api_version": "v1"}),
            ("`compare: false`, making a state file", 0.3, {"new_state": state}),
            ("unchanged by the state file: no request", 0.45, {"state_file": f"{state}0"}),
        ):
            found = measured("import", url, people, options)
            ratio, above = found["rate"] / plain, found["peak"] - idle
            say(f"| {label} | {found['rate']:,.0f} | {ratio:.2f} | {goal} | {above:.0f} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*(json.loads(part) for part in sys.argv[2:]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
