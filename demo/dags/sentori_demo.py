# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Keep contacts, two mailing lists and a CRM's people in sync. The second run sends no write."""

from __future__ import annotations

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.operators.sentori import (
    SentoriContactOperator,
    SentoriSubscribersOperator,
    SentoriSubscriptionOperator,
)
from airflow_provider_sentori.transfers.sql_to_sentori import SqlToSentoriImportOperator

with DAG("sentori_demo", schedule=None, start_date=datetime(2026, 1, 1), catchup=False, tags=["sentori"]):
    grace = SentoriContactOperator(
        task_id="ensure_grace_is_a_contact",
        email="grace.hopper@example.com",
        fields={"FirstName": "Grace", "LastName": "Hopper", "CompanyName": "Compilers & Daughters"},
    )
    ada = SentoriContactOperator(
        task_id="rename_ada",
        email="ada.lovelace@example.com",
        new_email="ada.king@example.com",
        fields={"LastName": "King"},
    )
    ben = SentoriContactOperator(
        task_id="ensure_ben_is_absent",
        email="ben.okafor@example.com",
        state="absent",
    )
    news = SentoriSubscriptionOperator(
        task_id="subscribe_grace_to_the_newsletter",
        email="grace.hopper@example.com",
        mailing_list="NEWS2024",
    )
    offers = SentoriSubscribersOperator(
        task_id="sync_subscribers_of_offers",
        mailing_list="OFFR2024",
        emails=["ada.king@example.com", "grace.hopper@example.com", "kim.park@example.com"],
        exact=True,
        max_unsubscribes=1,
    )
    crm = SqlToSentoriImportOperator(
        task_id="import_people_of_the_crm",
        sql_conn_id="crm",
        sql="SELECT email, first_name, last_name FROM people",
        columns={"email": "EmailAddress", "first_name": "FirstName", "last_name": "LastName"},
        name="From the CRM",
    )
    grace >> ada >> ben >> news >> offers >> crm
