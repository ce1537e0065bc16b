# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every night: suppress opt-outs, unsubscribe leavers, import changed people, and apply the newsletter's readers."""

from collections import Counter
from datetime import datetime, timedelta

from airflow.providers.common.compat.sdk import DAG, AirflowException, AirflowFailException, BaseHook, task
from airflow_provider_sentori.hooks.sentori import SentoriHook
from airflow_provider_sentori.transfers.sql_to_sentori import (
    SqlToSentoriImportOperator,
    SqlToSentoriSubscribersOperator,
)

MAX_SUPPRESSED = 100
# Sentori does not show whether an address without a contact is suppressed: such an address is sent each night.
MAX_WITHOUT_CONTACT = 1000

with DAG(
    "nightly_sync",
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
) as dag:

    @task
    def suppress_opt_outs() -> dict[str, int]:
        """Suppress every opt-out that can be registered; fail at the end if one could not be."""
        from airflow_provider_sentori.core.errors import SentoriError
        from airflow_provider_sentori.core.suppressions.one import suppress

        rows = BaseHook.get_connection("crm").get_hook().get_records("SELECT id, email FROM opted_out ORDER BY id")

        def suppress_all(api, dry_run: bool) -> tuple[Counter, list[str]]:
            counts, failures = Counter(), []
            for row_id, email in rows:
                try:
                    outcome = suppress(api, email, dry_run=dry_run)
                    error = outcome.error
                    counts[outcome.action] += 1
                except SentoriError as refused:
                    if refused.concerns_run:
                        raise
                    error = refused
                    counts["failed"] += 1
                if error is not None:
                    failures.append(f"row with id {row_id}: {error}")
            return counts, failures

        with SentoriHook() as hook:
            predicted, _ = suppress_all(hook.get_conn(), dry_run=True)
            if predicted["suppressed"] > MAX_SUPPRESSED or predicted["unverifiable"] > MAX_WITHOUT_CONTACT:
                raise AirflowFailException(f"More would be suppressed than expected, so nothing was sent: {predicted}")
            counts, failures = suppress_all(hook.get_conn(), dry_run=False)
        if failures:
            # A retry is harmless: addresses that are suppressed by then are not sent again.
            raise AirflowException(f"{len(failures)} opt-outs were not registered: {' '.join(failures[:3])}")
        return counts

    unsubscribe_leavers = SqlToSentoriSubscribersOperator(
        task_id="unsubscribe_leavers",
        sql_conn_id="crm",
        sql="SELECT email FROM left_newsletter",
        columns={"email": "EmailAddress"},
        mailing_list="Monthly Newsletter",
        state="unsubscribed",
    )
    import_people = SqlToSentoriImportOperator(
        task_id="import_people",
        sql_conn_id="crm",
        sql="SELECT email, first_name, last_name FROM people",
        columns={"email": "EmailAddress", "first_name": "FirstName", "last_name": "LastName"},
        name="Nightly sync {{ run_id }}",
        report="{{ var.value.exports }}/reports/nightly-{{ run_id }}.jsonl",
        max_rejected="1%",
    )
    apply_readers = SqlToSentoriSubscribersOperator(
        task_id="apply_newsletter_readers",
        sql_conn_id="crm",
        sql="SELECT email FROM newsletter",
        columns={"email": "EmailAddress"},
        mailing_list="Monthly Newsletter",
        exact=True,
        max_unsubscribes="5%",
    )
    suppress_opt_outs() >> unsubscribe_leavers >> import_people >> apply_readers
