# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Airflow with a temporary home for this process, and the sandbox as its connection.

The environment is set while pytest collects tests: Airflow reads it once, when it is imported.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from typing import Any

import pytest
from sentori_sandbox import Sandbox

Connection = Callable[..., str]

HOME = tempfile.mkdtemp(prefix="sentori-airflow-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for name in [name for name in os.environ if name.startswith(("AIRFLOW_CONN_", "AIRFLOW_VAR_", "AIRFLOW__"))]:
    del os.environ[name]
os.environ.update(
    AIRFLOW_HOME=HOME,
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__CORE__UNIT_TEST_MODE="True",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{HOME}/airflow.db",
)


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    """``connection(host=..., extra={...})`` defines a connection and returns its id; a string is used unchanged."""

    def define(whole: str | None = None, **parts: Any) -> str:
        monkeypatch.setenv("AIRFLOW_CONN_SENTORI_TEST", whole or json.dumps({"conn_type": "sentori", **parts}))
        return "sentori_test"

    return define


@pytest.fixture
def sentori(sentori_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The sandbox, reached by the connection ``sentori_default``."""
    for name, value in sentori_sandbox.env().items():
        monkeypatch.setenv(name, value)
    return sentori_sandbox
