# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure the export of a long mailing list to a file, and to tables of SQLite and PostgreSQL: seconds and memory.

``exports.py [SUBSCRIBERS]``. A stub answers at once; each run is a process of its own, after an idle one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from processes import peak

KEY = "00000000-0000-4000-8000-000000000000"
TARGETS = ("idle", "file", "sqlite", "postgres")
# Where PostgreSQL is started for the tests.
sys.path.append(str(Path(__file__).parents[1] / "tests" / "airflow"))


@contextmanager
def stub(count: int) -> Iterator[str]:
    """The URL of a server that answers every read with a list of so many subscribers, the newest first."""
    people = ({"SystemID": str(at), "EmailAddress": f"person{at}@example.com"} for at in range(count, 0, -1))
    body = json.dumps(list(people)).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def run(target: str, folder: str) -> dict[str, float]:
    """Two nights: the second finds nothing to write."""
    from airflow_provider_sentori.operators.sentori import SentoriExportOperator
    from airflow_provider_sentori.transfers.sentori_to_sql import SentoriToSqlOperator

    subscribers = {"task_id": "export", "what": "subscribers", "mailing_list": "NEWS"}
    if target == "file":
        operator = SentoriExportOperator(dest=f"{folder}/news.csv", **subscribers)
    else:
        operator = SentoriToSqlOperator(table="news", sql_conn_id=target, **subscribers)
    seconds = []
    for changed in (True, False) if target != "idle" else ():
        started = time.monotonic()
        assert operator.execute({})["changed"] is changed
        seconds.append(time.monotonic() - started)
    return {"peak": peak(), **dict(zip(("first", "second"), seconds, strict=False))}


def main(count: int) -> None:
    from postgresql import USER, served

    with stub(count) as url, served() as socket, tempfile.TemporaryDirectory() as folder:
        connections = {
            "sentori_default": {
                "conn_type": "sentori",
                "host": url,
                "password": "00000000-0000-4000-8000-000000000000",
            },
            "sqlite": {"conn_type": "sqlite", "host": f"{folder}/news.db"},
            "postgres": {"conn_type": "postgres", "host": str(socket), "login": USER, "schema": "postgres"},
        }
        environment = {
            **os.environ,
            "AIRFLOW_HOME": folder,
            **{f"AIRFLOW_CONN_{name.upper()}": json.dumps(connection) for name, connection in connections.items()},
        }
        idle = 0.0
        for target in TARGETS:
            command = [sys.executable, __file__, "--run", target, folder]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            found = json.loads(done.stdout.splitlines()[-1])
            if target == "idle":
                idle = found["peak"]
                continue
            shown = "{0:8} {1:,} subscribers: {first:5.1f} s, the second night {second:5.1f} s, {2:4.0f} MiB above idle"
            sys.stdout.write(shown.format(target, count, found["peak"] - idle, **found) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        sys.stdout.write("\n" + json.dumps(run(sys.argv[2], sys.argv[3])) + "\n")
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
