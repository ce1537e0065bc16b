# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The log of a task at level DEBUG, its stored fields and its result, as an Airflow worker writes them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sentori_sandbox import Sandbox
from versions import AIRFLOW

pytestmark = pytest.mark.skipif(
    AIRFLOW < (3, 0), reason="Airflow 2 has no task SDK: a worker needs the database of Airflow to run a task."
)

PROVIDER = "airflow_provider_sentori."
DAG_FILE = """
from datetime import datetime

from airflow.providers.common.compat.sdk import DAG, task
from airflow_provider_sentori.operators.sentori import (
    SentoriContactOperator,
    SentoriSubscribersOperator,
    SentoriSubscriptionOperator,
)
from airflow_provider_sentori.sensors.sentori import SentoriContactSensor

with DAG("log", schedule=None, start_date=datetime(2026, 1, 1), default_args={"retries": 1}):
    SentoriContactOperator(
        task_id="renamed",
        email="{{ 'mary' }}.major@example.com",
        new_email="marie.major@example.org",
        fields={"FirstName": "Secretive"},
    )
    SentoriContactOperator(
        task_id="refused",
        email="joe.public@example.com",
        fields={"jim.public@example.net": "Secretive"},
    )
    SentoriContactOperator(
        task_id="unlucky",
        email="joe.public@example.com",
        fields={"FirstName": "Secretive"},
    )
    SentoriSubscriptionOperator(
        task_id="suppressed",
        email="sue.private@example.com",
        state="suppressed",
    )

    @task
    def members():
        ...

    SentoriSubscribersOperator(
        task_id="subscribers",
        mailing_list="News",
        emails=members(),
        exact=True,
        max_unsubscribes=1,
    )
    SentoriSubscribersOperator(
        task_id="limit_exceeded",
        mailing_list="News",
        emails=["amy.member@example.com"],
        exact=True,
        max_unsubscribes=0,
    )
    SentoriSubscribersOperator(
        task_id="some_failed",
        mailing_list="News",
        emails=["amy.member@example.com", "nobody.known@example.com"],
    )
    SentoriContactSensor(
        task_id="waiting",
        email="wanda.awaited@example.com",
        deferrable=True,
    )
"""
TASKS = ("renamed", "refused", "unlucky", "suppressed", "subscribers", "limit_exceeded", "some_failed", "waiting")


class Worked(NamedTuple):
    ended: dict[str, Any]
    logs: dict[str, list[dict[str, Any]]]
    text: str


@pytest.fixture(scope="module")
def sandbox() -> Any:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def worked(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Worked:
    """Run the tasks in this order in a worker."""
    folder = tmp_path_factory.mktemp("worker")
    (folder / "dags").mkdir()
    (folder / "dags" / "log.py").write_text(DAG_FILE)
    (folder / "xcoms.json").write_text(json.dumps({"members": ["amy.member@example.com", "bob.member@example.com"]}))
    sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS2026", "Name": "News"}]})
    sandbox.put_contact("mary.major@example.com", FirstName="Mary")
    for email in ("amy.member@example.com", "bob.member@example.com", "cat.leaving@example.com"):
        sandbox.put_contact(email)
    sandbox.subscribe("cat.leaving@example.com", "NEWS2026")
    sandbox.fault("contact/add", kind="status", status=429, headers={"Retry-After": "600"}, match="joe.public")
    environment = {
        **os.environ,
        **sandbox.env(),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    }
    program = [sys.executable, "-P", str(Path(__file__).with_name("supervise.py")), str(folder / "dags" / "log.py")]
    done = subprocess.run(
        [*program, str(folder), "log", *TASKS],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    texts = {path.stem: path.read_text() for path in folder.glob("*.log")}
    logs = {task: [json.loads(line) for line in text.splitlines()] for task, text in texts.items()}
    return Worked(json.loads((folder / "ended.json").read_text()), logs, "".join(texts.values()))


def test_no_log_contains_the_key_an_address_or_a_value(worked: Worked, sandbox: Sandbox) -> None:
    addresses = {found for found in re.findall(r"[\w.+*-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", worked.text)}

    assert sandbox.api_key not in worked.text
    assert "Secretive" not in worked.text
    assert all(re.match(r".\*\*\*@", address) for address in addresses)


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        (
            "renamed",
            "Contact 787dae5563747183: updated (EmailAddress, FirstName); requests: 3, retries: 0, seconds waited: 0",
        ),
        ("suppressed", "Contact e23b4caec0658a0a: unverifiable; requests: 2, retries: 0, seconds waited: 0"),
        (
            "subscribers",
            "Mailing list NEWS2026: 3 rows: subscribed 2, unsubscribed 1; contacts added: 0; requests: 10, retries: 0,"
            " seconds waited: 0",
        ),
        ("waiting", "Contact 954fe9cca7c83941, until exists: not yet"),
    ],
)
def test_each_task_logs_one_line_with_hash_names_and_counts(worked: Worked, task: str, sentence: str) -> None:
    ours = [line for line in worked.logs[task] if PROVIDER in line.get("logger", "") and line["level"] != "debug"]

    assert [(line["level"], line["event"]) for line in ours] == [("info", sentence)]


def test_returned_values_contain_no_address_and_no_field_value(worked: Worked) -> None:
    returned = {task: ended["returned"] for task, ended in worked.ended.items() if ended["returned"]}

    assert returned.keys() == {"renamed", "suppressed", "subscribers"}
    assert returned["renamed"]["fields"] == ["EmailAddress", "FirstName"]
    assert "@" not in json.dumps(returned)
    assert "Secretive" not in json.dumps(returned)


def test_stored_rendered_fields_contain_no_address_of_a_list(worked: Worked) -> None:
    stored = {task: worked.ended[task]["rendered"] for task in ("subscribers", "limit_exceeded", "some_failed")}

    assert "@" not in json.dumps(stored)
    assert stored["subscribers"]["emails"].startswith("{{ task_instance.xcom_pull(task_ids='members'")
    assert stored["limit_exceeded"]["emails"] == "addresses out of the DAG file"


def test_permanent_errors_fail_and_transient_ones_are_retried(worked: Worked) -> None:
    states = {task: ended["state"] for task, ended in worked.ended.items()}

    assert states == {
        "renamed": "success",
        "refused": "failed",
        "unlucky": "up_for_retry",
        "suppressed": "success",
        "subscribers": "success",
        "limit_exceeded": "failed",
        "some_failed": "failed",
        "waiting": "deferred",
    }


def test_a_failure_has_one_sentence_and_two_frames_of_the_provider(worked: Worked) -> None:
    details = {
        task: detail
        for task in ("refused", "unlucky", "limit_exceeded", "some_failed")
        for line in worked.logs[task]
        for detail in line.get("error_detail", [])
    }

    assert details["refused"]["exc_value"] == "f***@example.net: this account has no field named j***@example.net."
    assert "a pause of 600 seconds" in details["unlucky"]["exc_value"]
    assert details["limit_exceeded"]["exc_value"].endswith("They are: b***@example.com.")
    assert details["some_failed"]["exc_value"].startswith(
        "The data is at fault, and a retry does not help. Invalid or rejected rows: 1 of 2; the limit is 0"
        " (max_rejected). emails[1]: contact/subscribe: no contact has this address."
    )
    for detail in details.values():
        ours = [frame["name"] for frame in detail["frames"] if "airflow_provider_sentori" in frame["filename"]]
        assert ours in (["execute"], ["execute", "run_task"])
