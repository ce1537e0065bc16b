# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run ``airflow dags test`` for several DAGs in one process, so that Airflow is started only once.

``run_dags.py DAG_ID...`` migrates a new database, stores the DAGs in it (as a scheduler does; before Airflow 3.1 no
asset is known otherwise), then runs each DAG, and fails if one does.
"""

from __future__ import annotations

import sys

from airflow.cli.cli_parser import get_parser


def airflow(*command: str) -> None:
    arguments = get_parser().parse_args(command)
    arguments.func(arguments)


airflow("db", "migrate")
airflow("dags", "reserialize")
for dag_id in sys.argv[1:]:
    airflow("dags", "test", dag_id)
