# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Ensure that contacts exist, have a new address, or do not exist."""

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
        task_id="ensure_mary_is_a_contact",
        email="mary@example.com",
        fields={"FirstName": "Mary", "LastName": "Example"},
    )
    june = SentoriContactOperator(
        task_id="change_the_address_of_june",
        email="june@example.com",
        new_email="june@example.org",
        fields={"LastName": ""},
    )
    joe = SentoriContactOperator(
        task_id="ensure_joe_is_not_a_contact",
        email="joe@example.com",
        state="absent",
    )
    mary >> june >> joe
