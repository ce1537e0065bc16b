# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run tasks as a worker does, each in its own process and with its own log, without an API server.

``supervise.py DAG_FILE LOGS DAG_ID TASK_ID...`` writes ``LOGS/TASK_ID.log`` for each task, and
``LOGS/ended.json``: task -> its state, its rendered fields and its result. The result of another task
is read from ``LOGS/xcoms.json``: task -> value.
"""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import httpx
from airflow.sdk.api.client import Client
from airflow.sdk.api.datamodels._generated import BundleInfo, DagRun, TaskInstance
from airflow.sdk.execution_time import supervisor

NOW = "2026-01-01T00:00:00Z"
RUN = {
    "run_id": "run",
    "run_type": "manual",
    "state": "running",
    "logical_date": NOW,
    "data_interval_start": NOW,
    "data_interval_end": NOW,
    "start_date": NOW,
    "end_date": None,
    "run_after": NOW,
    "conf": {},
    "consumed_asset_events": [],
    # Airflow before 3.2 refuses what it does not know, and later ones need it.
    **({"partition_key": None} if "partition_key" in DagRun.model_fields else {}),
}
# Airflow 3.3 renamed it.
supervise_task = getattr(supervisor, "supervise_task", None) or supervisor.supervise


def main(dag_file: str, logs: str, dag_id: str, *task_ids: str) -> None:
    ended = {task_id: supervised(Path(dag_file).name, Path(logs), dag_id, task_id) for task_id in task_ids}
    Path(logs, "ended.json").write_text(json.dumps(ended))


def supervised(dag_file: str, logs: Path, dag_id: str, task_id: str) -> dict[str, Any]:
    ended: dict[str, Any] = {"returned": None}
    xcoms = json.loads((logs / "xcoms.json").read_text())

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/run"):
            return httpx.Response(200, json={"dag_run": RUN | {"dag_id": dag_id}, "max_tries": 1, "should_retry": True})
        if request.url.path.endswith("/state"):
            ended["state"] = json.loads(request.content)["state"]
        if request.url.path.endswith("/rtif"):
            ended["rendered"] = json.loads(request.content)
        if request.url.path.endswith("/return_value"):
            if request.method == "GET":
                task = request.url.path.split("/")[-2]
                return httpx.Response(200, json={"key": "return_value", "value": xcoms[task]})
            ended["returned"] = json.loads(request.content)
        return httpx.Response(200, json={})

    supervise_task(
        ti=TaskInstance(
            id=uuid.uuid4(),
            task_id=task_id,
            dag_id=dag_id,
            run_id="run",
            try_number=1,
            dag_version_id=uuid.uuid4(),
        ),
        bundle_info=BundleInfo(name="dags-folder"),
        dag_rel_path=dag_file,
        token="",
        client=Client(base_url=None, dry_run=True, token="", transport=httpx.MockTransport(answer)),
        log_path=str(logs / f"{task_id}.log"),
    )
    return ended


main(*sys.argv[1:])
