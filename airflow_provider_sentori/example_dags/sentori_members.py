# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The hook in tasks of one's own."""

from datetime import datetime

from airflow.providers.common.compat.sdk import dag, task


@dag(schedule=None, start_date=datetime(2026, 1, 1))
def members():
    @task
    def loyalty(email: str) -> float:
        from airflow_provider_sentori.hooks.sentori import SentoriHook

        with SentoriHook() as hook:
            return hook.get_conn().get_contact(email)["LoyaltyPoints"]

    @task
    def keep_true(points: float) -> dict[str, int]:
        from airflow_provider_sentori.core.contacts import Contacts, desired_contacts
        from airflow_provider_sentori.core.plan import summary
        from airflow_provider_sentori.hooks.sentori import SentoriHook

        rows = [
            {"EmailAddress": "carla.rossi@example.org", "LoyaltyPoints": points, "IsMember": True},
            {"EmailAddress": "dmitri.volkov@example.org", "IsMember": True},
        ]
        with SentoriHook() as hook:
            contacts = Contacts(hook.get_conn(), concurrency=hook.settings.concurrency)
            return summary(contacts.run(desired_contacts(rows)))

    keep_true(loyalty("carla.rossi@example.org"))


members()
