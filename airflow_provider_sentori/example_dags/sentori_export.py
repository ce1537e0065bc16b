# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every night: write the newsletter's subscribers to a file and to a table, with who joined and who left."""

from datetime import datetime, timedelta

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.operators.sentori import SentoriExportOperator
from airflow_provider_sentori.transfers.sentori_to_sql import SentoriToSqlOperator

with DAG(
    "export_newsletter",
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
):
    SentoriExportOperator(
        task_id="write_subscribers_to_a_file",
        what="subscribers",
        mailing_list="Monthly Newsletter",
        dest="{{ var.value.exports }}/newsletter.csv.gz",
    )
    SentoriToSqlOperator(
        task_id="write_subscribers_to_a_table",
        what="subscribers",
        mailing_list="Monthly Newsletter",
        sql_conn_id="crm",
        table="newsletter_subscribers",
        changes_table="newsletter_changes",
    )
