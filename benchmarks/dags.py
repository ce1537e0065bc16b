# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure how long a DAG file with every operator of the provider takes to parse, above one with a BashOperator."""

from __future__ import annotations

import os
import runpy
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from goals import Goal
from processes import in_process, profile_of, say

ROUNDS, MOST = 7, 60.0
HEAD = """from datetime import datetime

from airflow.providers.common.compat.sdk import DAG
from airflow.providers.standard.operators.bash import BashOperator
"""
BASH = """
with DAG("bash", schedule=None, start_date=datetime(2026, 1, 1)):
    BashOperator(task_id="bash", bash_command="true")
"""
EVERY = """
from airflow_provider_sentori.operators.sentori import (
    SentoriContactOperator,
    SentoriExportOperator,
    SentoriImportOperator,
    SentoriSubscribersOperator,
    SentoriSubscriptionOperator,
    SentoriSuppressionsOperator,
    SentoriUploadGroupOperator,
)
from airflow_provider_sentori.sensors.sentori import SentoriContactSensor
from airflow_provider_sentori.transfers.sentori_to_sql import SentoriToSqlOperator
from airflow_provider_sentori.transfers.sql_to_sentori import (
    SqlToSentoriContactsOperator,
    SqlToSentoriImportOperator,
    SqlToSentoriSubscribersOperator,
    SqlToSentoriSuppressionsOperator,
)

EMAIL, NEWS = "ada@example.com", "Newsletter"
QUERY = {"sql": "SELECT email FROM people", "sql_conn_id": "warehouse"}

with DAG("every", schedule=None, start_date=datetime(2026, 1, 1)):
    BashOperator(task_id="bash", bash_command="true")
    SentoriContactOperator(task_id="contact", email=EMAIL, fields={"FirstName": "Ada"})
    SentoriSubscriptionOperator(task_id="subscription", email=EMAIL, mailing_list=NEWS)
    SentoriSubscribersOperator(task_id="subscribers", emails=[EMAIL], mailing_list=NEWS)
    SentoriSuppressionsOperator(task_id="suppressions", emails=[EMAIL])
    SentoriImportOperator(task_id="import", source="people.csv")
    SentoriUploadGroupOperator(task_id="group", upload_group="1234ABCD", attach_to="5678EFGH")
    SentoriExportOperator(task_id="export", what="subscribers", mailing_list=NEWS, dest="people.csv")
    SentoriContactSensor(task_id="sensor", email=EMAIL)
    SqlToSentoriContactsOperator(task_id="sql_contacts", **QUERY)
    SqlToSentoriImportOperator(task_id="sql_import", **QUERY)
    SqlToSentoriSubscribersOperator(task_id="sql_subscribers", mailing_list=NEWS, **QUERY)
    SqlToSentoriSuppressionsOperator(task_id="sql_suppressions", **QUERY)
    SentoriToSqlOperator(task_id="to_sql", what="subscribers", mailing_list=NEWS, table="p", sql_conn_id="warehouse")
"""


def parse(file: str) -> Callable[[], object]:
    """Run a DAG file, as Airflow does: Airflow itself is loaded already. Fails if the file loads requests."""
    from airflow.sdk import DAG

    assert DAG is not None
    before = "requests" in sys.modules

    def run() -> None:
        runpy.run_path(file)
        assert before or "requests" not in sys.modules, f"{file} imports requests."

    return run


def goals() -> Iterator[Goal]:
    with tempfile.TemporaryDirectory(prefix="sentori-dags-") as folder:
        os.environ.update(AIRFLOW_HOME=folder, AIRFLOW__CORE__LOAD_EXAMPLES="False")
        bash, every = str(Path(folder, "bash.py")), str(Path(folder, "every.py"))
        Path(bash).write_text(HEAD + BASH)
        Path(every).write_text(HEAD + EVERY)
        # The first run compiles files and fills caches.
        in_process(parse, file=every)
        pairs = []
        for number in range(ROUNDS):
            say(f"DAG files, round {number + 1} of {ROUNDS}")
            pairs.append((in_process(parse, file=every).seconds, in_process(parse, file=bash).seconds))
        above = 1000 * median(ours - other for ours, other in pairs)
        reached = above <= MOST
        profile = () if reached else profile_of(parse, file=every)
    ours, other = (1000 * median(seconds) for seconds in zip(*pairs, strict=True))
    yield Goal(
        "A DAG file with every operator; `requests` is not imported",
        f"{ours:.0f} ms",
        f"one with BashOperator: {other:.0f} ms",
        f"{above:.0f} ms more",
        f"at most {MOST:.0f} ms more",
        reached,
        profile,
    )
