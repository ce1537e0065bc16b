# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every night: who said no first, then who has changed, then who reads the newsletter, exactly."""

from datetime import datetime, timedelta

from airflow.providers.common.compat.sdk import DAG, AirflowFailException, BaseHook, task
from airflow_provider_sentori.transfers.sql_to_sentori import SqlToSentoriOperator

MOST_A_NIGHT = 100
# Whether somebody who is no Contact is suppressed, Sentori shows nobody: they are sent each night.
MOST_WITHOUT_A_CONTACT = 1000

with DAG(
    "nightly_sync",
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
) as dag:

    @task
    def who_said_no_is_never_mailed_again() -> dict[str, int]:
        from airflow_provider_sentori.core.declared import keep_subscription
        from airflow_provider_sentori.core.errors import InvalidInput
        from airflow_provider_sentori.core.plan import OF_SUBSCRIPTIONS, Outcome
        from airflow_provider_sentori.run import Tally, run

        said_no = BaseHook.get_connection("crm").get_hook().get_records("SELECT email FROM said_no ORDER BY id")

        def suppress(hook, dry_run):
            api, tally = hook.get_conn(), Tally("addresses", (*OF_SUBSCRIPTIONS, "suppressed"))
            for number, (email,) in enumerate(said_no, 1):
                try:
                    outcome, _ = keep_subscription(api, email, state="suppressed", dry_run=dry_run)
                except InvalidInput as error:
                    outcome = Outcome(str(email), "failed", error=error)
                tally.add(outcome, f"row {number}")
            return tally

        def foretell_then_suppress(hook):
            foretold = suppress(hook, dry_run=True).summary
            for action, most in {"suppressed": MOST_A_NIGHT, "unverifiable": MOST_WITHOUT_A_CONTACT}.items():
                if foretold[action] > most:
                    raise AirflowFailException(f"{action} would be {foretold[action]}, and at the most {most} may be.")
            return suppress(hook, dry_run=False)

        tally, _ = run("sentori_default", foretell_then_suppress, Tally.failure)
        return tally.summary

    left = SqlToSentoriOperator(
        task_id="who_has_left_gets_no_newsletter",
        sql_conn_id="crm",
        sql="SELECT email FROM left_newsletter",
        columns={"email": "EmailAddress"},
        into="subscribers",
        mailing_list="Monthly Newsletter",
        state="unsubscribed",
    )
    people = SqlToSentoriOperator(
        task_id="whom_the_crm_knows_is_a_contact",
        sql_conn_id="crm",
        sql="SELECT email, first_name, last_name FROM people",
        columns={"email": "EmailAddress", "first_name": "FirstName", "last_name": "LastName"},
        name="Nightly sync {{ run_id }}",
        report="{{ var.value.exports }}/reports/nightly-{{ run_id }}.jsonl",
        max_rejected_percent=1,
        min_rows=1000,
    )
    readers = SqlToSentoriOperator(
        task_id="these_and_nobody_else_read_the_newsletter",
        sql_conn_id="crm",
        sql="SELECT email FROM newsletter",
        columns={"email": "EmailAddress"},
        into="subscribers",
        mailing_list="Monthly Newsletter",
        exact=True,
        max_unsubscribes="5%",
    )
    who_said_no_is_never_mailed_again() >> left >> people >> readers
