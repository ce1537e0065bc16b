# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Memories in a file, and in a table of PostgreSQL and of SQLite."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori._internal.memory.state_table import StateTable
from airflow_provider_sentori.core.memory.storage import Place
from postgresql import USER, served

Table = Callable[..., StateTable]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Path]:
    with served() as socket:
        yield socket


@pytest.fixture
def connections(postgresql: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connections ``postgresql`` and ``sqlite`` of Airflow."""
    server = {"conn_type": "postgres", "host": str(postgresql), "login": USER, "schema": "postgres"}
    monkeypatch.setenv("AIRFLOW_CONN_POSTGRESQL", json.dumps(server))
    file = {"conn_type": "sqlite", "host": str(tmp_path / "warehouse.db")}
    monkeypatch.setenv("AIRFLOW_CONN_SQLITE", json.dumps(file))


@pytest.fixture(params=["postgresql", "sqlite"])
def table(request: pytest.FixtureRequest, connections: None) -> Table:
    """``table(...)``: a memory in a table that no other test has."""
    name = f"state_{uuid.uuid4().hex[:16]}"

    def place(key: str = "nightly.import", run: str = "task nightly.import", **options: Any) -> StateTable:
        return StateTable(request.param, name, key, run, **options)

    return place


@pytest.fixture(params=["file", "postgresql", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A new memory in each storage."""
    from airflow_provider_sentori.core.memory.state_file import StateFile

    if request.param == "file":
        return StateFile(str(tmp_path / "people.state"))
    request.getfixturevalue("connections")
    return StateTable(request.param, f"state_{uuid.uuid4().hex[:16]}", "nightly.import", "task nightly.import")
