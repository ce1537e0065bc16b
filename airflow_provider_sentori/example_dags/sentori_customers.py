# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A shop's file and a CRM's table are imported, the CRM's for a Draft Email. Another DAG hears of it."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG, Asset, task
from airflow_provider_sentori.operators.sentori import SentoriImportOperator, SentoriUploadGroupOperator
from airflow_provider_sentori.transfers.sql_to_sentori import SqlToSentoriOperator

CONTACTS = Asset("sentori://account/contacts")

with DAG("customers", schedule=None, start_date=datetime(2026, 1, 1), default_args={"retries": 2}):
    shop = SentoriImportOperator(
        task_id="the_customers_of_the_shop",
        source="{{ var.value.exports }}/customers.csv",
        columns={"mail": "EmailAddress", "first name": "FirstName"},
        ignore_unmapped=True,
        name="Customers of the shop",
        report="{{ var.value.exports }}/reports/{{ run_id }}.jsonl",
        max_rejected_percent=5,
        min_rows=100,
        outlets=[CONTACTS],
    )
    crm = SqlToSentoriOperator(
        task_id="whom_the_crm_knows",
        sql_conn_id="crm",
        sql="SELECT email, first_name FROM people",
        columns={"email": "EmailAddress", "first_name": "FirstName"},
        scope="all",
        name="All of the CRM",
        attach_to="DRAFT001",
    )
    guests = SentoriUploadGroupOperator(
        task_id="the_guests_get_the_same_draft",
        upload_group="{{ var.value.upload_group_of_guests }}",
        attach_to="DRAFT001",
    )
    shop >> crm >> guests

with DAG("customers_have_changed", schedule=[CONTACTS], start_date=datetime(2026, 1, 1), catchup=False) as dag:

    @task.short_circuit
    def somebody_is_new(**context):
        woken_by = context.get("triggering_asset_events") or context.get("triggering_dataset_events") or {}
        events = [event for events in woken_by.values() for event in events]
        return not events or any(event.extra.get("changed", True) for event in events)

    @task
    def welcome_them():
        """Whatever is to follow."""

    somebody_is_new() >> welcome_them()
