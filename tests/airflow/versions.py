# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The Airflow version of the tests, and names that differ between versions."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

# From (2, 11) to (3, 3).
AIRFLOW = tuple(int(part) for part in version("apache-airflow").split(".")[:2])


def dag_bag(folder: Path) -> Any:
    """The DAGs of a folder."""
    if AIRFLOW >= (3, 2):
        from airflow.dag_processing.dagbag import DagBag
    else:
        from airflow.models.dagbag import DagBag
    return DagBag(str(folder))


def serialized(dag: object) -> Any:
    """The DAG as Airflow stores it."""
    from airflow.serialization import serialized_objects

    if AIRFLOW >= (3, 2):
        return serialized_objects.DagSerialization.serialize_dag(dag)
    return serialized_objects.SerializedDAG.serialize_dag(dag)
