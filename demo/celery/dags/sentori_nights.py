# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Import a part of a table every night: whatever worker does it knows from the database which rows Sentori has."""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.transfers.sql_to_sentori import SqlToSentoriImportOperator

with DAG(
    "sentori_nights",
    schedule=None,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    default_args={"retries": 3, "retry_delay": timedelta(seconds=2)},
    tags=["sentori"],
):
    SqlToSentoriImportOperator.partial(
        task_id="import_people",
        sql_conn_id="crm",
        sql="SELECT email, first_name FROM people WHERE id BETWEEN %(low)s AND %(high)s ORDER BY id",
        columns={"email": "EmailAddress", "first_name": "FirstName"},
        state_conn_id="crm",
    ).expand(parameters=[{"low": 1, "high": 2_500}, {"low": 2_501, "high": 5_000}])
