# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every night: suppress opt-outs, unsubscribe leavers, import changed people, and apply the newsletter's readers."""

from datetime import datetime, timedelta

from airflow.providers.common.compat.sdk import DAG, AirflowFailException, task
from airflow_provider_sentori.transfers.sql_to_sentori import (
    SqlToSentoriImportOperator,
    SqlToSentoriSubscribersOperator,
    SqlToSentoriSuppressionsOperator,
)

FILES = "{{ var.value.exports }}/{{ ti.task_id }}-{{ run_id }}"

with DAG(
    "nightly_sync",
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    params={"max_rejected": "5%"},
    default_args={
        "retries": 3,
        "retry_delay": timedelta(minutes=5),
        "sql_conn_id": "crm",
        # What earlier nights have done, and who has left the list since: in a table that any worker reaches.
        "state_conn_id": "warehouse",
        "state_key": "nightly_sync",
        "max_rejected": "{{ params.max_rejected }}",
        "max_source_drop": "20%",
        "report": f"{FILES}.jsonl",
        "rejects": f"{FILES}.csv",
    },
) as dag:
    opt_outs = SqlToSentoriSuppressionsOperator(
        task_id="suppress_opt_outs",
        sql="SELECT email FROM opted_out",
        columns={"email": "EmailAddress"},
        max_suppressions=1000,
    )
    leavers = SqlToSentoriSubscribersOperator(
        task_id="unsubscribe_leavers",
        sql="SELECT email FROM left_newsletter",
        columns={"email": "EmailAddress"},
        mailing_list="Monthly Newsletter",
        state="unsubscribed",
    )
    people = SqlToSentoriImportOperator(
        task_id="import_people",
        sql="SELECT email, first_name, last_name FROM people",
        columns={"email": "EmailAddress", "first_name": "FirstName", "last_name": "LastName"},
        name="Nightly sync {{ run_id }}",
    )
    readers = SqlToSentoriSubscribersOperator(
        task_id="apply_newsletter_readers",
        sql="SELECT email FROM newsletter",
        columns={"email": "EmailAddress"},
        mailing_list="Monthly Newsletter",
        exact=True,
        max_unsubscribes="5%",
    )

    def if_complete(applied):
        """The task ``applied``, then one that stops the night unless all rows but refused ones were applied."""

        @task(task_id=f"check_{applied.task_id}", trigger_rule="all_done", retries=0)
        def check(ti=None):
            result = ti.xcom_pull(task_ids=applied.task_id, key="sentori_result") or ti.xcom_pull(
                task_ids=applied.task_id
            )
            if not result or not result["complete"]:
                raise AirflowFailException(f"{applied.task_id} is not complete: the tasks after it do not run.")

        checked = check()
        applied >> checked
        return checked

    @task(trigger_rule="one_failed", retries=0)
    def fail_if_one_failed():
        """The run is as its last tasks are: a task that failed because of refused rows must be seen."""
        raise AirflowFailException("A task of this night has failed.")

    if_complete(opt_outs) >> leavers
    if_complete(leavers) >> people
    if_complete(people) >> readers
    [opt_outs, leavers, people, readers] >> fail_if_one_failed()
