# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Have exactly these subscribers on one mailing list, and unsubscribe the addresses of a file from another."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG, task
from airflow_provider_sentori.operators.sentori import SentoriSubscribersOperator

with DAG("events", schedule=None, start_date=datetime(2026, 1, 1), default_args={"retries": 2}):

    @task(show_return_value_in_logs=False)
    def guests() -> list[str]:
        return ["carla.rossi@example.org", "zoe.muller@example.net"]

    invited = SentoriSubscribersOperator(
        task_id="invite_exactly_these_guests",
        mailing_list="EVNT2024",
        emails=guests(),
        exact=True,
        max_unsubscribes="5%",
    )
    left = SentoriSubscribersOperator(
        task_id="unsubscribe_addresses_of_file",
        mailing_list="NEWS2024",
        source="{{ var.value.unsubscribed_file }}",
        state="unsubscribed",
    )
    invited >> left
