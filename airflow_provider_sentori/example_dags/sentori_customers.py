# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Import a shop's file and a CRM's table, the latter for a draft email. Another DAG runs when they have changed."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG, Asset, task
from airflow_provider_sentori.operators.sentori import SentoriImportOperator, SentoriUploadGroupOperator
from airflow_provider_sentori.transfers.sql_to_sentori import SqlToSentoriImportOperator

CONTACTS = Asset("sentori://account/contacts")

with DAG("customers", schedule=None, start_date=datetime(2026, 1, 1), default_args={"retries": 2}):
    shop = SentoriImportOperator(
        task_id="import_customers_of_shop",
        source="{{ var.value.exports }}/customers.csv",
        columns={"mail": "EmailAddress", "first name": "FirstName"},
        ignore_unmapped=True,
        name="Customers of the shop",
        report="{{ var.value.exports }}/reports/{{ run_id }}.jsonl",
        max_rejected=5,
        outlets=[CONTACTS],
    )
    crm = SqlToSentoriImportOperator(
        task_id="import_people_of_crm",
        sql_conn_id="crm",
        sql="SELECT email, first_name FROM people",
        columns={"email": "EmailAddress", "first_name": "FirstName"},
        scope="all",
        name="People of the CRM",
        attach_to="DRAFT001",
    )
    guests = SentoriUploadGroupOperator(
        task_id="attach_guests_to_draft",
        upload_group="{{ var.value.upload_group_of_guests }}",
        attach_to="DRAFT001",
    )
    shop >> crm >> guests

with DAG("customers_have_changed", schedule=[CONTACTS], start_date=datetime(2026, 1, 1), catchup=False) as dag:

    @task.short_circuit
    def contacts_have_changed(**context):
        triggering = context.get("triggering_asset_events") or context.get("triggering_dataset_events") or {}
        events = [event for events in triggering.values() for event in events]
        return not events or any(event.extra.get("changed", True) for event in events)

    @task
    def send_welcome():
        """Replace this with what is to follow."""

    contacts_have_changed() >> send_welcome()
