# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Read Sentori in the code of a task."""

from datetime import datetime

from airflow.providers.common.compat.sdk import DAG, task
from airflow_provider_sentori.hooks.sentori import SentoriHook

VIPS = ["ada.lovelace@example.com", "kim.park@example.com"]

with DAG("reads", schedule=None, start_date=datetime(2026, 1, 1), default_args={"retries": 2}):

    @task
    def count_what_there_is():
        """The sizes of the account's lists; XCom gets counts, never people."""
        with SentoriHook() as hook:
            lists = {one["Name"]: len(hook.subscribers(one["ExternalID"])) for one in hook.mailing_lists()}
            return {"lists": lists, "drafts": len(hook.draft_emails()), "fields": len(hook.contact_fields())}

    @task
    def count_the_vips_who_can_be_mailed():
        with SentoriHook() as hook:
            contacts = [contact for contact in hook.get_contacts(VIPS) if contact is not None]
            return sum(not contact["IsSuppressed"] for contact in contacts)

    @task
    def is_the_manager_a_contact():
        with SentoriHook() as hook:
            return hook.get_contact("manager@example.com") is not None

    count_what_there_is() >> count_the_vips_who_can_be_mailed() >> is_the_manager_a_contact()
