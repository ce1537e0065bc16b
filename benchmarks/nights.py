# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure nights of an import whose memory is a table of PostgreSQL: every night another process.

``nights.py [ROWS]``. The first night sends all rows without reads; then 0.5 % of them change; then nothing changes
for a day; then all change, and the worker is killed in the middle. Shows requests, seconds and the size of the table.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import requests
from processes import running_sandbox, say

sys.path.append(str(Path(__file__).parents[1] / "tests" / "airflow"))

LEASE_SECONDS = 5.0


def write_people(file: Path, rows: int, changed: int) -> None:
    with file.open("w") as people:
        people.write("EmailAddress,FirstName,LastName,CompanyName\n")
        people.writelines(
            f"person{n}@example.com,{'New' if n < changed else 'Old'}{n},Last{n},Company {n % 1000}\n"
            for n in range(rows)
        )


def night(sentori: dict[str, str], file: str, compare: bool) -> None:
    """One night of one worker."""
    from airflow.providers.common.compat.sdk import BaseHook
    from airflow_provider_sentori._internal.memory.state_table import StateTable
    from airflow_provider_sentori.core.api.client import SentoriApi
    from airflow_provider_sentori.core.http.settings import Settings
    from airflow_provider_sentori.core.http.transport import Transport
    from airflow_provider_sentori.core.imports.options import ImportOptions
    from airflow_provider_sentori.core.imports.run import import_rows
    from airflow_provider_sentori.core.rows.sources import open_source
    from airflow_provider_sentori.core.runs.outcome import OF_IMPORTS
    from airflow_provider_sentori.core.runs.recorder import Recorder

    place = StateTable("warehouse", "sentori_state", "nights", "a night", LEASE_SECONDS)
    # Airflow loads its providers once, which takes seconds.
    BaseHook.get_connection("warehouse").get_hook()
    started = time.perf_counter()
    with Transport(Settings(**sentori, timeout=300.0)) as transport:
        done = import_rows(
            SentoriApi(transport),
            lambda schema: open_source(file, schema=schema),
            ImportOptions(memory=place, compare=compare),
            Recorder(OF_IMPORTS),
        )
        cost = transport.statistics.requests
    assert done.stopped_by is None and done.complete, done.stopped_by
    say(json.dumps({"seconds": time.perf_counter() - started, "requests": cost, "total": done.summary["total"]}))


def start(sentori: dict[str, str], file: Path, *, compare: bool = True) -> subprocess.Popen[str]:
    arguments = [json.dumps(part) for part in (sentori, str(file), compare)]
    command = [sys.executable, __file__, "--child", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def show(label: str, started: subprocess.Popen[str]) -> None:
    printed = started.communicate()[0].splitlines()
    assert started.returncode == 0
    found = json.loads(printed[-1])
    rate = found["total"] / found["seconds"]
    say(f"{label:52}{found['requests']:>10,}{found['seconds']:>9.1f}{rate:>9,.0f}")


def main(rows: int) -> None:
    import psycopg2
    from postgresql import USER, served

    with (
        tempfile.TemporaryDirectory(prefix="sentori-nights-") as folder,
        served() as socket,
        running_sandbox() as found,
        closing(psycopg2.connect(host=str(socket), user=USER, dbname="postgres")) as database,
    ):
        sentori = {name: found[name] for name in ("url", "api_key")}
        warehouse = {"conn_type": "postgres", "host": str(socket), "login": USER, "schema": "postgres"}
        os.environ.update(AIRFLOW_HOME=folder, AIRFLOW_CONN_WAREHOUSE=json.dumps(warehouse))
        database.autocommit = True
        cursor = database.cursor()
        people = Path(folder, "people.csv")

        def asked(query: str) -> Any:
            cursor.execute(query)
            (answer,) = cursor.fetchone()
            return answer

        say(f"{'':52}{'requests':>10}{'seconds':>9}{'rows/s':>9}")
        write_people(people, rows, 0)
        show("all new, sent without reads", start(sentori, people, compare=False))
        size = asked("SELECT pg_total_relation_size('sentori_state')") / rows
        show("unchanged", start(sentori, people))
        write_people(people, rows, rows // 200)
        show(f"{rows // 200:,} changed", start(sentori, people))
        cursor.execute("UPDATE sentori_state SET seen = seen - 86400")
        period, now = 7 * 86400, int(time.time())
        # Numbers of PostgreSQL, other than those of Python, have a negative rest.
        moment = f"mod(mod({now} - address::numeric, {period}) + {period}, {period})"
        due = asked(f"SELECT count(*) FROM sentori_state WHERE kind = 0 AND seen < {now} - {moment}")
        show(f"unchanged a day later, about {due:,} due", start(sentori, people))
        write_people(people, rows, rows)
        before = len(imports(sentori))
        with start(sentori, people, compare=False) as killed:
            while len(imports(sentori)) < before + 3:
                time.sleep(0.1)
            killed.kill()
        time.sleep(LEASE_SECONDS + 1)
        show("all changed, after a worker that was killed", start(sentori, people))
        sent = Counter(row["address"] for one in imports(sentori)[before:] for row in one["rows"])
        say(f"After the kill {len(sent):,} rows were sent, {sent.total() - len(sent):,} of them twice.")
        say(f"{size:.0f} bytes a row in PostgreSQL.")


def imports(sentori: dict[str, str]) -> list[Any]:
    """What the sandbox has imported: more than Sentori shows."""
    found: list[Any] = requests.get(f"{sentori['url']}/_sandbox/truth", timeout=300).json()
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        night(*(json.loads(part) for part in sys.argv[2:]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
