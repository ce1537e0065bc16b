# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Wait until a contact is on a mailing list."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.operators.sentori import SentoriContactOperator
from airflow_provider_sentori.sensors.sentori import SentoriContactSensor

with DAG("welcome", schedule=None, start_date=datetime(2026, 1, 1), default_args={"retries": 2}):
    subscribed = SentoriContactSensor(
        task_id="wait_until_dmitri_is_subscribed",
        email="dmitri.volkov@example.org",
        until="subscribed",
        mailing_list="NEWS2024",
        deferrable=True,
        poke_interval=300,
        timeout=7 * 24 * 60 * 60,
    )
    member = SentoriContactOperator(
        task_id="make_dmitri_a_member",
        email="dmitri.volkov@example.org",
        fields={"IsMember": True},
    )
    subscribed >> member
