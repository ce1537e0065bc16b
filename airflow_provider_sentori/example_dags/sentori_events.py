# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A Mailing List has exactly these subscribers, and those of a file are off another one."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG, task
from airflow_provider_sentori.operators.sentori import SentoriSubscribersOperator

with DAG("events", schedule=None, start_date=datetime(2026, 1, 1), default_args={"retries": 2}):

    @task(show_return_value_in_logs=False)
    def guests() -> list[str]:
        return ["carla.rossi@example.org", "zoe.muller@example.net"]

    invited = SentoriSubscribersOperator(
        task_id="the_guests_and_nobody_else",
        mailing_list="EVNT2024",
        emails=guests(),
        exact=True,
        max_unsubscribes="5%",
    )
    left = SentoriSubscribersOperator(
        task_id="who_has_left",
        mailing_list="NEWS2024",
        emails_path="{{ var.value.who_has_left }}",
        state="unsubscribed",
    )
    invited >> left
