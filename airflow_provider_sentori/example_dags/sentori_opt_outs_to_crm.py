# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every night: mark in the CRM whom Sentori cannot mail any more, then subscribe everybody else."""

from datetime import datetime, timedelta

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.transfers.sentori_to_sql import SentoriToSqlOperator
from airflow_provider_sentori.transfers.sql_to_sentori import SqlToSentoriSubscribersOperator

with DAG(
    "opt_outs_to_crm",
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5), "sql_conn_id": "crm"},
) as dag:
    mark = SentoriToSqlOperator(
        task_id="mark_opt_outs_in_the_crm",
        what="contacts",
        people_sql="SELECT email FROM readers",
        table="readers",
        mode="upsert",
        columns={"email": "email", "IsSuppressed": "opted_out", "IsBadEmailAddress": "bounced"},
    )
    subscribe = SqlToSentoriSubscribersOperator(
        task_id="subscribe_readers",
        sql="SELECT email FROM readers WHERE NOT COALESCE(opted_out, false) AND NOT COALESCE(bounced, false)",
        columns={"email": "EmailAddress"},
        mailing_list="Monthly Newsletter",
        create_missing=True,
    )
    mark >> subscribe
