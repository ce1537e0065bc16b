# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contacts are present, have a new address, or are absent."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.operators.sentori import SentoriContactOperator

with DAG(
    "contacts",
    schedule=None,
    start_date=datetime(2026, 1, 1),
    default_args={"retries": 2},
):
    mary = SentoriContactOperator(
        task_id="mary_is_a_contact",
        email="mary@example.com",
        fields={"FirstName": "Mary", "LastName": "Example"},
    )
    june = SentoriContactOperator(
        task_id="june_has_a_new_address",
        email="june@example.com",
        new_email="june@example.org",
        fields={"LastName": ""},
    )
    joe = SentoriContactOperator(
        task_id="joe_is_no_contact",
        email="joe@example.com",
        state="absent",
    )
    mary >> june >> joe
