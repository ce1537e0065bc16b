# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A real Airflow with an empty database, and its web interface."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("airflow")
SECONDS_TO_START = 120


@dataclass(frozen=True)
class Airflow:
    """A running API server; ``run`` runs commands with its settings."""

    url: str
    environment: dict[str, str]

    def run(self, *command: str, **environment: str) -> None:
        done = subprocess.run(
            [PROGRAM, *command], env={**self.environment, **environment}, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def serving(home: Path, dags: Path) -> Iterator[Airflow]:
    """Run an Airflow in ``home`` with a folder of DAGs, until the context ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "AIRFLOW_HOME": home,
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": port,
        "AIRFLOW__API__WORKERS": 1,
        "AIRFLOW__CORE__DAGS_FOLDER": dags,
        "AIRFLOW__CORE__LOAD_EXAMPLES": False,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": True,
        "AIRFLOW__CORE__TEST_CONNECTION": "Enabled",
        "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
    environment = {**clean, **{name: str(value) for name, value in settings.items()}}
    airflow = Airflow(f"http://127.0.0.1:{port}", environment)
    airflow.run("db", "migrate")
    with (
        (home / "server.log").open("wb") as log,
        subprocess.Popen([PROGRAM, "api-server"], env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            wait_until_healthy(airflow.url, server, home / "server.log")
            yield airflow
        finally:
            server.terminate()


def wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        with suppress(OSError), urllib.request.urlopen(f"{url}/api/v2/monitor/health", timeout=5):
            return
        time.sleep(0.5)
    raise AssertionError(log.read_text())
