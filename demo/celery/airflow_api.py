# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The parts of Airflow's REST API that the demo uses: runs, and the tries of their tasks."""

from __future__ import annotations

from typing import Any, NamedTuple

import requests
from processes import DemoError

TIMEOUT = 30


class Try(NamedTuple):
    """One try of a mapped task: its worker and its state."""

    task: str
    shard: int
    number: int
    worker: str
    state: str


class AirflowApi:
    """A client of the Airflow at ``url``, logged in as one of its users."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = url
        self._login = {"username": user, "password": password}
        self._session = requests.Session()
        self._session.trust_env = False

    def is_healthy(self) -> bool:
        """Whether the API answers and reports that scheduler and DAG processor are healthy."""
        try:
            health = self._ask("GET", "/api/v2/monitor/health")
        except DemoError:
            return False
        return all(health[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "dag_processor"))

    def log_in(self) -> None:
        """Get the token that all other calls but ``is_healthy`` need."""
        token = self._ask("POST", "/auth/token", self._login)["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def knows(self, dag: str) -> bool:
        return any(one["dag_id"] == dag for one in self._ask("GET", "/api/v2/dags")["dags"])

    def add_pool(self, name: str, slots: int) -> None:
        self._ask("POST", "/api/v2/pools", {"name": name, "slots": slots})

    def trigger(self, dag: str, run: str) -> None:
        self._ask("POST", f"/api/v2/dags/{dag}/dagRuns", {"dag_run_id": run, "logical_date": None})

    def state(self, dag: str, run: str) -> str:
        return str(self._ask("GET", f"/api/v2/dags/{dag}/dagRuns/{run}")["state"])

    def tasks(self, dag: str, run: str, task: str) -> list[Try]:
        """The newest try of each mapped task, in the order of the shards."""
        found = self._ask("GET", f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances?limit=100&task_id={task}")[
            "task_instances"
        ]
        return sorted(_try_of(one) for one in found if one["map_index"] >= 0)

    def tries(self, dag: str, run: str, task: str, shard: int) -> list[Try]:
        """All tries of one mapped task, oldest first."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances/{task}/{shard}/tries"
        return sorted(_try_of(one) for one in self._ask("GET", path)["task_instances"])

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            answer = self._session.request(method, f"{self._url}{path}", json=body, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise DemoError(f"{method} {path}: {error}") from None
        if not answer.ok:
            raise DemoError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()


def _try_of(found: dict[str, Any]) -> Try:
    return Try(
        found["task_id"], found["map_index"], found["try_number"], found["hostname"] or "", found["state"] or "none"
    )
