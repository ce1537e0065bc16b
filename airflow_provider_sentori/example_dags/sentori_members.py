# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Use the hook in your own tasks."""

from datetime import datetime

from airflow.providers.common.compat.sdk import dag, task


@dag(schedule=None, start_date=datetime(2026, 1, 1))
def members():
    @task
    def loyalty_points(email: str) -> float:
        from airflow_provider_sentori.hooks.sentori import SentoriHook

        with SentoriHook() as hook:
            return hook.get_contact(email)["LoyaltyPoints"]

    @task
    def update_members(points: float) -> dict[str, int]:
        from airflow_provider_sentori.hooks.sentori import SentoriHook

        rows = [
            {"EmailAddress": "carla.rossi@example.org", "LoyaltyPoints": points, "IsMember": True},
            {"EmailAddress": "dmitri.volkov@example.org", "IsMember": True},
        ]
        with SentoriHook() as hook:
            return hook.apply_contacts(rows).summary

    update_members(loyalty_points("carla.rossi@example.org"))


members()
