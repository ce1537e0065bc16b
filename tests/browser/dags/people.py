# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Import two contacts, one of them invalid, and write a report."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.operators.sentori import SentoriImportOperator

with DAG("people", schedule=None, start_date=datetime(2026, 1, 1)):
    SentoriImportOperator(
        task_id="import",
        source=[{"EmailAddress": "mary@example.com", "FirstName": "Mary"}, {"EmailAddress": "nobody"}],
        report="{{ var.value.reports }}/people.jsonl",
        max_rejected=1,
    )
