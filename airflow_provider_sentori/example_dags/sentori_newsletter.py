# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""People are on a Mailing List, off it, or are never mailed again."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.operators.sentori import SentoriSubscriptionOperator

with DAG("newsletter", schedule=None, start_date=datetime(2026, 1, 1)):
    dmitri = SentoriSubscriptionOperator(
        task_id="dmitri_reads_it",
        email="dmitri.volkov@example.org",
        mailing_list="NEWS2024",
    )
    eva = SentoriSubscriptionOperator(
        task_id="eva_does_not",
        email="eva+news@example.com",
        mailing_list="Monthly Newsletter",
        state="unsubscribed",
    )
    jonas = SentoriSubscriptionOperator(
        task_id="jonas_must_never_be_mailed_again",
        email="jonas.weber@example.org",
        state="suppressed",
    )
    dmitri >> eva >> jonas
