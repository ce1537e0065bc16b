# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Import a table into Sentori in shards: all workers compare in parallel, one shard is imported at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.providers.common.compat.sdk import DAG, BaseHook, task
from airflow_provider_sentori.operators.sentori import SentoriImportOperator
from airflow_provider_sentori.transfers.sql_to_sentori import SqlToSentoriImportOperator

ROWS_PER_SHARD = 2_500

with DAG(
    "sentori_shards",
    schedule=None,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    default_args={"retries": 3, "retry_delay": timedelta(seconds=2)},
    tags=["sentori"],
):

    @task
    def key_ranges() -> list[dict[str, int]]:
        """The ranges of the table's key, one for each shard."""
        first, last = BaseHook.get_connection("crm").get_hook().get_first("SELECT min(id), max(id) FROM people")
        starts = range(first, last + 1, ROWS_PER_SHARD)
        return [{"low": low, "high": min(low + ROWS_PER_SHARD - 1, last)} for low in starts]

    compared = SqlToSentoriImportOperator.partial(
        task_id="compare",
        sql_conn_id="crm",
        sql="SELECT email, first_name FROM people WHERE id BETWEEN %(low)s AND %(high)s ORDER BY id",
        columns={"email": "EmailAddress", "first_name": "FirstName"},
        plan_only=True,
        differences="{{ var.value.sentori_shards }}/{{ run_id }}/{{ ti.map_index }}.jsonl",
    ).expand(parameters=key_ranges())

    SentoriImportOperator.partial(
        task_id="import_differences",
        name="People, {{ run_id }} run",
        chunk_size=500,
        pool="sentori_import",
    ).expand(source=compared.output.map(lambda result: result["differences"]))
