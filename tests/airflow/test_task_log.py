# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What a worker of Airflow writes into a task's log at level DEBUG, and what it hands on."""

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

# The runs of this file are made once, by whichever process has its tests.
pytestmark = pytest.mark.xdist_group("airflow-worker")

OPERATORS = "airflow.task.operators.airflow_provider_sentori.operators.sentori.SentoriContactOperator"
DAG_FILE = """
from datetime import datetime

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.operators.sentori import SentoriContactOperator

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
"""


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
    """The three tasks, run in this order by a worker."""
    folder = tmp_path_factory.mktemp("worker")
    (folder / "dags").mkdir()
    (folder / "dags" / "log.py").write_text(DAG_FILE)
    sandbox.put_contact("mary.major@example.com", FirstName="Mary")
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
        [*program, str(folder), "log", "renamed", "refused", "unlucky"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    texts = {path.stem: path.read_text() for path in folder.glob("*.log")}
    logs = {task: [json.loads(line) for line in text.splitlines()] for task, text in texts.items()}
    return Worked(json.loads((folder / "ended.json").read_text()), logs, "".join(texts.values()))


def test_no_log_holds_the_key_an_address_or_a_value(worked: Worked, sandbox: Sandbox) -> None:
    addresses = {found for found in re.findall(r"[\w.+*-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", worked.text)}

    assert sandbox.api_key not in worked.text
    assert "Secretive" not in worked.text
    assert addresses == {"m***@example.com", "m***@example.org", "j***@example.com", "f***@example.net"}


def test_the_log_of_a_task_holds_one_line_of_ours_with_the_hash_the_names_and_the_figures(worked: Worked) -> None:
    ours = [(line["level"], line["event"]) for line in worked.logs["renamed"] if line.get("logger") == OPERATORS]

    sentence = "Contact 787dae5563747183: updated (EmailAddress, FirstName); requests: 3, retries: 0, seconds waited: 0"
    assert ours == [("info", sentence)]


def test_what_is_handed_on_holds_no_address_and_no_value(worked: Worked) -> None:
    returned = worked.ended["renamed"]["returned"]

    assert (returned["changed"], returned["fields"]) == (True, ["EmailAddress", "FirstName"])
    assert "@" not in json.dumps(returned)
    assert "Secretive" not in json.dumps(returned)


def test_what_cannot_get_better_fails_and_what_may_pass_is_tried_again(worked: Worked) -> None:
    states = {task: ended["state"] for task, ended in worked.ended.items()}

    assert states == {"renamed": "success", "refused": "failed", "unlucky": "up_for_retry"}


def test_a_failure_is_one_sentence_and_two_frames_of_ours(worked: Worked) -> None:
    said = {
        task: detail
        for task in ("refused", "unlucky")
        for line in worked.logs[task]
        for detail in line.get("error_detail", [])
    }

    assert said["refused"]["exc_value"] == "f***@example.net: this account has no such field."
    assert "a pause of 600 seconds" in said["unlucky"]["exc_value"]
    for detail in said.values():
        ours = [frame["name"] for frame in detail["frames"] if "airflow_provider_sentori" in frame["filename"]]
        assert ours == ["execute", "run"]
