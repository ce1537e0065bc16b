# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Update one contact, given by the parameters of the run."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.operators.sentori import SentoriContactOperator

with DAG(
    "one_contact",
    schedule=None,
    start_date=datetime(2026, 1, 1),
    params={"email": "mary@example.com", "company": "Example Ltd", "plan_only": True},
):
    SentoriContactOperator(
        task_id="update_company",
        email="{{ params.email }}",
        fields={"CompanyName": "{{ params.company }}"},
        plan_only="{{ params.plan_only }}",
    )
