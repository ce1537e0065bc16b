# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Airflow as in production, on loopback: CeleryExecutor, PostgreSQL, Redis, and workers that can be killed."""

from __future__ import annotations

import base64
import json
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from airflow_api import AirflowApi, Try
from processes import Processes
from services import HOST, Database, free_port
from worker_name import VARIABLE, worker_name

HERE = Path(__file__).parent
AIRFLOW = Path(sys.executable).parent / "airflow"
USER = "demo"
TASKS_PER_WORKER = 2
HEARTBEAT_TIMEOUT = 20
SECONDS_TO_MIGRATE = 120
SECONDS_TO_START = 120


class Cluster:
    """A running Airflow: its ``api`` and its workers."""

    def __init__(self, processes: Processes, api: AirflowApi, home: Path, environment: Mapping[str, str]) -> None:
        self.api = api
        self._home = home
        self._processes = processes
        self._environment = environment

    def start_worker(self, name: str) -> None:
        """Start a worker and return at once; see ``wait_for_worker``."""
        command = ["celery", "worker", "--celery-hostname", f"{name}@localhost", "--pid", f"{name}.pid"]
        # The log server would listen on all addresses, not only on loopback.
        command += ["--concurrency", str(TASKS_PER_WORKER), "--skip-serve-logs"]
        self._processes.start(name, AIRFLOW, *command, environment={**self._environment, VARIABLE: name})

    def wait_for_worker(self, name: str) -> None:
        ready, log = f"{name}@localhost ready", self._processes.log_of(name)
        self._processes.wait_for(f"readiness of {name}", lambda: ready in log.read_text(), SECONDS_TO_START)

    def kill_worker(self, name: str) -> None:
        self._processes.kill(name)

    def log_of(self, dag: str, run: str, one: Try) -> Path:
        """The log of a try of a mapped task."""
        task = f"dag_id={dag}/run_id={run}/task_id={one.task}/map_index={one.shard}"
        return self._home / "logs" / task / f"attempt={one.number}.log"


def start_airflow(
    processes: Processes, home: Path, database: Database, broker: str, environment: Mapping[str, str]
) -> Cluster:
    """Start Airflow without workers; it ends with ``processes``.

    ``home``: its folder, which must not exist. ``environment``: variables for the tasks.
    """
    home.mkdir(mode=0o700)
    with database.connect("postgres") as connection:
        connection.execute("CREATE DATABASE airflow")
    port, password = free_port(), secrets.token_hex(16)
    airflow = {**environment, **_settings(home, database, broker, port, password)}
    processes.run("migration", AIRFLOW, "db", "migrate", environment=airflow, seconds=SECONDS_TO_MIGRATE)
    for name in ("api-server", "scheduler", "dag-processor"):
        processes.start(name, AIRFLOW, name, environment=airflow)
    api = AirflowApi(f"http://{HOST}:{port}", USER, password)
    processes.wait_for("health of Airflow", api.is_healthy, SECONDS_TO_START)
    api.log_in()
    return Cluster(processes, api, home, airflow)


def _settings(home: Path, database: Database, broker: str, port: int, password: str) -> dict[str, str]:
    passwords = home / "passwords.json"
    passwords.write_text(json.dumps({USER: password}))
    sections: dict[str, dict[str, object]] = {
        "core": {
            "dags_folder": HERE / "dags",
            "executor": "CeleryExecutor",
            "parallelism": 8,
            "load_examples": False,
            "dags_are_paused_at_creation": False,
            "execution_api_server_url": f"http://{HOST}:{port}/execution/",
            "fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "hostname_callable": f"{worker_name.__module__}.{worker_name.__name__}",
            "simple_auth_manager_users": f"{USER}:admin",
            "simple_auth_manager_passwords_file": passwords,
        },
        "api": {"host": HOST, "port": port, "workers": 1, "secret_key": secrets.token_hex(16)},
        "api_auth": {"jwt_secret": secrets.token_hex(32)},
        "database": {"sql_alchemy_conn": database.url("airflow", "postgresql+psycopg")},
        "celery": {
            "broker_url": broker,
            "result_backend": database.url("airflow", "db+postgresql+psycopg"),
            "worker_concurrency": TASKS_PER_WORKER,
        },
        # Retry the tasks of a dead worker sooner than after the default of five minutes.
        "scheduler": {
            "task_instance_heartbeat_timeout": HEARTBEAT_TIMEOUT,
            "task_instance_heartbeat_timeout_detection_interval": 2,
            "task_queued_timeout": 90,
            "task_queued_timeout_check_interval": 10,
        },
        "workers": {"min_heartbeat_interval": 3},
        "logging": {"base_log_folder": home / "logs", "colored_console_log": False},
        "usage_data_collection": {"enabled": False},
    }
    named = {
        f"AIRFLOW__{section.upper()}__{name.upper()}": str(value)
        for section, options in sections.items()
        for name, value in options.items()
    }
    return {**named, "AIRFLOW_HOME": str(home), "PYTHONPATH": str(HERE)}
