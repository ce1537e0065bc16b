# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Subscribe a contact to a mailing list, unsubscribe one, and suppress one for good."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.operators.sentori import SentoriSubscriptionOperator

with DAG("newsletter", schedule=None, start_date=datetime(2026, 1, 1)):
    dmitri = SentoriSubscriptionOperator(
        task_id="subscribe_dmitri",
        email="dmitri.volkov@example.org",
        mailing_list="NEWS2024",
    )
    eva = SentoriSubscriptionOperator(
        task_id="unsubscribe_eva",
        email="eva+news@example.com",
        mailing_list="Monthly Newsletter",
        state="unsubscribed",
    )
    jonas = SentoriSubscriptionOperator(
        task_id="suppress_jonas",
        email="jonas.weber@example.org",
        state="suppressed",
    )
    dmitri >> eva >> jonas
