# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""No operator shows the API key, a whole address or a value of a field, in success and in each failure."""

from __future__ import annotations

import json
import logging
import pickle
import re
import sqlite3
import traceback
from contextlib import suppress
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import DAG, BaseOperator
from airflow_provider_sentori.hooks.sentori import SentoriHook
from airflow_provider_sentori.operators import sentori as operators
from airflow_provider_sentori.sensors.sentori import SentoriContactSensor
from airflow_provider_sentori.transfers import sentori_to_sql, sql_to_sentori
from sentori_sandbox import Sandbox
from versions import serialized

ANN, BOB = "ann@example.com", "bob@example.com"
SECRET = "Winifred"
WHOLE_ADDRESS = r"\w+(?:@|%40)example\.com"
SOME = {"max_rejected": 1}
EMAILS = {"sql_conn_id": "crm", "sql": "SELECT email AS EmailAddress FROM people", **SOME}
SQL = {"sql_conn_id": "crm", "sql": "SELECT email AS EmailAddress, name AS FirstName FROM people", **SOME}
# Each operator, with data from where users have it: an address in the DAG file itself is stored with the DAG.
TASKS: dict[str, dict[str, Any]] = {
    "SentoriContactOperator": {"email": ANN, "fields": {"FirstName": SECRET}},
    "SentoriSubscriptionOperator": {"email": ANN, "mailing_list": "NEWS"},
    "SentoriContactSensor": {"email": ANN, "timeout": 0},
    "SentoriSubscribersOperator": {**SOME, "emails": [ANN, BOB, f"no {BOB}"], "mailing_list": "NEWS"},
    "SentoriSuppressionsOperator": {**SOME, "emails": [ANN, BOB, f"no {BOB}"], "max_suppressions": 10},
    "SentoriImportOperator": {**SOME, "source": "people.csv"},
    "SentoriUploadGroupOperator": {"upload_group": "UG1", "attach_to": "DRAFT1"},
    "SentoriExportOperator": {"what": "contacts", **SOME, "emails": [ANN, BOB, f"no {BOB}"], "dest": "export.csv"},
    "SentoriToSqlOperator": {"what": "subscribers", "mailing_list": "NEWS", "table": "readers", "sql_conn_id": "crm"},
    "SqlToSentoriContactsOperator": SQL,
    "SqlToSentoriImportOperator": SQL,
    "SqlToSentoriSubscribersOperator": {**EMAILS, "mailing_list": "NEWS"},
    "SqlToSentoriSuppressionsOperator": {**EMAILS, "max_suppressions": 10},
}
NAMES_ITS_ADDRESS = ("SentoriContactOperator", "SentoriSubscriptionOperator", "SentoriContactSensor")
FAILURES: dict[str, dict[str, Any]] = {
    "a key that is not known": {"kind": "status", "status": 401},
    "an error page": {"kind": "html", "status": 500},
    "a lost response": {"kind": "drop-after"},
    "a redirect": {"kind": "redirect"},
}


@pytest.fixture(autouse=True)
def people(sentori: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account, the files and the database that the tasks name."""
    drafts = [{"ExternalID": "DRAFT1", "Name": "News of May", "draft": True}]
    lists = [{"ExternalID": "NEWS", "Name": "News"}]
    groups = [{"ExternalID": "UG1", "Name": "May"}]
    sentori.reset(seed={"mailing_lists": lists, "emails": drafts, "upload_groups": groups})
    sentori.put_contact(ANN, FirstName="A")
    sentori.put_contact(BOB, FirstName=SECRET)
    sentori.subscribe(BOB, "NEWS")
    (tmp_path / "people.csv").write_text(f"EmailAddress,FirstName\n{ANN},{SECRET}\nno {BOB},{SECRET}\n")
    with sqlite3.connect(tmp_path / "crm.db") as db:
        db.execute("CREATE TABLE people (email TEXT, name TEXT)")
        db.executemany("INSERT INTO people VALUES (?, ?)", [(ANN, SECRET), (BOB, SECRET), (f"no {BOB}", SECRET)])
    monkeypatch.setenv("AIRFLOW_CONN_CRM", json.dumps({"conn_type": "sqlite", "host": str(tmp_path / "crm.db")}))
    account = {"conn_type": "sentori", "host": sentori.url, "password": sentori.api_key, "extra": {"max_wait": 0.2}}
    monkeypatch.setenv("AIRFLOW_CONN_SENTORI_DEFAULT", json.dumps(account))
    monkeypatch.chdir(tmp_path)


def operator(name: str) -> BaseOperator:
    modules = (operators, sql_to_sentori, sentori_to_sql)
    found = next((vars(module)[name] for module in modules if name in vars(module)), SentoriContactSensor)
    # Airflow 2 takes a relative path for one of the root.
    files = {file: str(Path(TASKS[name][file]).absolute()) for file in ("source", "dest") if file in TASKS[name]}
    return found(task_id="task", **{**TASKS[name], **files})


def said(error: BaseException) -> tuple[str, str]:
    """An error as a log shows it, and with the local variables of each frame but that of the test."""
    frames = error.__traceback__ and error.__traceback__.tb_next
    locals_too = traceback.TracebackException(type(error), error, frames, capture_locals=True)
    return "".join(traceback.format_exception(error)), "".join(locals_too.format())


def test_every_operator_is_tried() -> None:
    modules = (operators, sql_to_sentori, sentori_to_sql)
    every = {
        name for module in modules for name, kind in vars(module).items() if re.match(r"\w*Sentori\w*Operator", name)
    }
    assert set(TASKS) == {*every, "SentoriContactSensor"} - {"SentoriOperator"}


@pytest.mark.parametrize("failure", [None, *FAILURES])
@pytest.mark.parametrize("name", TASKS)
def test_nobody_and_no_key_is_in_what_a_task_logs_returns_or_raises(
    sentori: Sandbox, caplog: Any, capfd: Any, monkeypatch: pytest.MonkeyPatch, name: str, failure: str | None
) -> None:
    monkeypatch.setattr(HTTPConnection, "debuglevel", 1)
    caplog.set_level(logging.DEBUG)
    if failure is not None:
        body = f"The request with ApiKey {sentori.api_key} about {ANN} and {ANN.replace('@', '%40')} failed"
        sentori.fault("*", body=body, times=10_000, **FAILURES[failure])
    task = operator(name)
    shown, with_locals = [], ""

    try:
        shown.append(repr(task.execute({})))
    except Exception as error:
        message, with_locals = said(error)
        shown.append(message)
    sentori.clear_faults()
    lineage = getattr(task, "get_openlineage_facets_on_complete", lambda instance: None)
    with suppress(ImportError):
        shown.append(repr(lineage(None)))

    text = "\n".join([*shown, caplog.text, *capfd.readouterr()])
    assert (failure is None) == (not with_locals) or name == "SentoriContactSensor"
    assert sentori.api_key not in text + with_locals + repr(task) + repr(vars(task))
    assert re.findall(WHOLE_ADDRESS, text) == []
    assert SECRET not in text
    assert sentori.api_key.encode() not in pickle.dumps(task)


@pytest.mark.parametrize("name", TASKS)
def test_a_stored_dag_has_neither_the_key_nor_what_a_task_reads(sentori: Sandbox, name: str) -> None:
    with DAG("stored", schedule=None, start_date=datetime(2026, 1, 1)) as dag:
        operator(name)
    stored = json.dumps(serialized(dag))

    assert sentori.api_key not in stored
    assert name in NAMES_ITS_ADDRESS or not re.findall(WHOLE_ADDRESS, stored)


def test_a_hook_is_pickled_without_its_key(sentori: Sandbox) -> None:
    with SentoriHook() as hook:
        hook.get_contact(ANN)
        pickled = pickle.dumps(hook)
    assert sentori.api_key.encode() not in pickled
    with pickle.loads(pickled) as copy:
        assert copy.get_contact(ANN)["FirstName"] == "A"
