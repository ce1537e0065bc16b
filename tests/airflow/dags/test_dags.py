# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The DAGs of the demo, the guide and the README in a real Airflow, each run twice."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from airflow_provider_sentori._internal.connection_form import EXTRA_FIELDS
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.example_dags import sentori_customers
from airflow_provider_sentori.hooks.sentori import SentoriHook
from airflow_provider_sentori.operators.sentori import (
    SentoriContactOperator,
    SentoriImportOperator,
    SentoriSubscribersOperator,
    SentoriSubscriptionOperator,
)
from sentori_sandbox import Sandbox
from snippets import snippets, text
from versions import AIRFLOW, dag_bag

ROOT = Path(__file__).parents[3]
GUIDE = "docs/airflow.md"
EXPORT = "docs/export.md"
DAGS = (
    "sentori_demo",
    "contacts",
    "one_contact",
    "newsletter",
    "events",
    "welcome",
    "members",
    "customers",
    "customers_have_changed",
    "newcomers",
    "nightly_sync",
    "export_newsletter",
    "opt_outs_to_crm",
    "reads",
)
EXAMPLES = sorted((ROOT / "airflow_provider_sentori" / "example_dags").glob("sentori_*.py"))
CRM = {
    "people": [f"crm{number}@example.com" for number in range(3)],
    "opted_out": ["crm0@example.com"],
    "left_newsletter": ["carla.rossi@example.org"],
    "newsletter": [
        "ada.king@example.com",
        "crm2@example.com",
        "dmitri.volkov@example.org",
        "grace.hopper@example.com",
        "jane@example.com",
    ],
}


# Of whom one is suppressed when the DAG runs.
READERS = ["crm0@example.com", "crm2@example.com"]


class Ran(NamedTuple):
    sandbox: Sandbox
    output: str
    home: Path
    environment: dict[str, str]


def fill_crm(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        for table, emails in CRM.items():
            columns = "id INTEGER PRIMARY KEY, email TEXT, first_name TEXT DEFAULT 'C', last_name TEXT DEFAULT 'M'"
            database.execute(f"CREATE TABLE {table} ({columns})")
            database.executemany(f"INSERT INTO {table} (email) VALUES (?)", [(email,) for email in emails])
        database.execute("CREATE TABLE readers (email TEXT PRIMARY KEY, opted_out BOOLEAN, bounced BOOLEAN)")
        database.executemany("INSERT INTO readers (email) VALUES (?)", [(email,) for email in READERS])


@pytest.fixture(scope="module")
def dags(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DAGs folder with the demo and all DAGs of the guide and the README."""
    folder = tmp_path_factory.mktemp("dags")
    shutil.copy(ROOT / "demo" / "dags" / "sentori_demo.py", folder)
    for example in EXAMPLES:
        shutil.copy(example, folder)
    for number, block in enumerate(snippets("README.md", "python")):
        (folder / f"readme_{number}.py").write_text(block)
    return folder


@pytest.fixture(scope="module")
def ran(dags: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """Run all DAGs one after the other, twice."""
    home = tmp_path_factory.mktemp("airflow")
    (home / "left.txt").write_text("zoe.muller@example.net\n\nben.okafor@example.com\n")
    (home / "customers.csv").write_text("mail,first name,order\nc1@example.com,C,1\nc2@example.com,,2\nnobody,N,3\n")
    fill_crm(home / "crm.db")
    with Sandbox(seed="demo") as sandbox:
        sandbox.reset(seed={**sandbox.state(), "upload_groups": [{"ExternalID": "GUESTS01", "Name": "Guests"}]})
        environment = {
            **{name: value for name, value in os.environ.items() if name != "AIRFLOW__CORE__UNIT_TEST_MODE"},
            **sandbox.env(),
            "AIRFLOW_HOME": str(home),
            "AIRFLOW_CONN_CRM": json.dumps({"conn_type": "sqlite", "host": str(home / "crm.db")}),
            "AIRFLOW_CONN_WAREHOUSE": json.dumps({"conn_type": "sqlite", "host": str(home / "warehouse.db")}),
            "AIRFLOW_VAR_UNSUBSCRIBED_FILE": str(home / "left.txt"),
            "AIRFLOW_VAR_EXPORTS": str(home),
            "AIRFLOW_VAR_UPLOAD_GROUP_OF_GUESTS": "GUESTS01",
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        }
        program = [sys.executable, "-P", str(Path(__file__).with_name("run_dags.py"))]
        done = subprocess.run([*program, *DAGS, *DAGS], env=environment, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stdout + done.stderr
        yield Ran(sandbox, done.stdout + done.stderr, home, environment)


def test_every_dag_file_is_imported_without_an_error(dags: Path) -> None:
    bag = dag_bag(dags)

    assert bag.import_errors == {}
    assert sorted(bag.dags) == sorted(DAGS)


def test_the_second_run_of_each_dag_sends_only_imports_with_scope_all(ran: Ran) -> None:
    sent = [
        (entry.route, *(() if entry.route == "contact/attach" else entry.path.split("/")[4:-1]))
        for entry in ran.sandbox.writes()
    ]

    # A task sends several requests at once, so their order varies.
    assert sorted(sent) == sorted(
        [
            ("contact/add", "grace.hopper@example.com"),
            ("contact/update", "ada.lovelace@example.com"),
            ("contact/delete", "ben.okafor@example.com"),
            ("contact/subscribe", "grace.hopper@example.com", "NEWS2024"),
            ("contact/subscribe", "grace.hopper@example.com", "OFFR2024"),
            ("contact/unsubscribe", "carla.rossi@example.org", "OFFR2024"),
            ("contact/import",),
            ("contact/add", "mary@example.com"),
            ("contact/add", "june@example.org"),
            ("contact/subscribe", "Dmitri.Volkov@Example.org", "NEWS2024"),
            ("contact/unsubscribe", "eva+news@example.com", "NEWS2024"),
            ("contact/unsubscribe/all", "jonas.weber@example.org"),
            ("contact/subscribe", "carla.rossi@example.org", "EVNT2024"),
            ("contact/subscribe", "zoe.muller@example.net", "EVNT2024"),
            ("contact/unsubscribe", "zoe.muller@example.net", "NEWS2024"),
            ("contact/update", "dmitri.volkov@example.org"),
            ("contact/import",),
            *[("contact/import",), ("contact/attach",), ("contact/attach",)] * 2,
            ("contact/add", "jane@example.com"),
            ("contact/subscribe", "jane@example.com", "NEWS2024"),
            ("contact/unsubscribe/all", "crm0@example.com"),
            ("contact/unsubscribe", "carla.rossi@example.org", "NEWS2024"),
            ("contact/subscribe", "crm2@example.com", "NEWS2024"),
        ]
    )


@pytest.mark.parametrize(
    ("extras", "goes_on"),
    [
        ([], True),
        ([{"changed": False}], False),
        ([{"changed": True}, {"changed": False}], True),
        ([{}], True),
    ],
)
def test_a_dag_scheduled_on_an_asset_continues_only_after_a_change(
    extras: list[dict[str, bool]], goes_on: bool
) -> None:
    check: Any = sentori_customers.dag.get_task("contacts_have_changed")
    name = "triggering_asset_events" if AIRFLOW >= (3, 0) else "triggering_dataset_events"
    events = {"sentori://account/contacts": [SimpleNamespace(extra=extra) for extra in extras]}

    assert check.python_callable(**{name: events}) is goes_on


def test_the_link_of_an_import_is_its_report(ran: Ran) -> None:
    with closing(sqlite3.connect(ran.home / "airflow.db")) as database:
        query = "SELECT value FROM xcom WHERE key = ? AND task_id = 'import_customers_of_shop' ORDER BY dag_run_id"
        links = [json.loads(value) for (value,) in database.execute(query, ["_link_SentoriReportLink"])]
        returned = [json.loads(value) for (value,) in database.execute(query, ["return_value"])]
    if AIRFLOW < (3, 0):
        links = links_of_airflow_2(ran)

    assert links == [result["report"] for result in returned] and len(set(links)) == 2
    lines = Path(links[0].removeprefix("file://")).read_text().splitlines()
    assert [json.loads(line)["outcome"] for line in lines[:-1]] == ["invalid"]


def links_of_airflow_2(ran: Ran) -> list[str]:
    """The links in Airflow 2, which does not store them."""
    program = (
        "import json; from airflow.utils.session import create_session;"
        "from airflow.models import DagBag, TaskInstance;"
        "from airflow.serialization.serialized_objects import SerializedDAG;"
        "dag = SerializedDAG.from_dict(SerializedDAG.to_dict(DagBag().get_dag('customers')));"
        "task = dag.get_task('import_customers_of_shop')\n"
        "with create_session() as session:\n"
        "    found = session.query(TaskInstance).filter_by(task_id=task.task_id).order_by('run_id')\n"
        "    print(json.dumps([task.get_extra_links(ti, 'Sentori report') for ti in found]))"
    )
    command = [sys.executable, "-P", "-c", program]
    done = subprocess.run(command, env=ran.environment, capture_output=True, text=True, timeout=120, check=True)
    links: list[str] = json.loads(done.stdout.splitlines()[-1])
    return links


def test_the_guides_show_the_example_dags() -> None:
    examples = ["".join(example.read_text().splitlines(keepends=True)[2:]) for example in EXAMPLES]
    assert sorted([*snippets(GUIDE, "python"), *snippets(EXPORT, "python")]) == sorted(examples)


def test_the_list_of_the_demo_has_exactly_the_given_subscribers(ran: Ran) -> None:
    assert ran.sandbox.subscribers("OFFR2024") == [
        "ada.king@example.com",
        "grace.hopper@example.com",
        "kim.park@example.com",
    ]


def test_the_output_of_airflow_contains_neither_the_key_nor_an_address(ran: Ran) -> None:
    runs = ran.output.count("DagRun Finished")
    if AIRFLOW < (3, 0):
        runs = len({*re.findall("AIRFLOW_CTX_DAG_RUN_ID='([^']+)'", ran.output)})
    assert runs == 2 * len(DAGS)
    # Run in this way, Airflow 3.0 prints every value that a task asks it to mask or to store.
    output = re.sub(r"^.* \[debug {4}\] (Sending request|Received message) .*$", "", ran.output, flags=re.MULTILINE)
    assert ran.sandbox.api_key not in output
    assert re.findall(r"[\w.+-]+(?:@|%40)example\.", output) == []


@pytest.mark.parametrize("block", [block for block in snippets(GUIDE, "shell") if "export" in block])
def test_each_connection_in_the_guide_is_valid(block: str, connection) -> None:
    show = 'printf %s "$AIRFLOW_CONN_SENTORI_DEFAULT"'
    exported = subprocess.run(["sh", "-c", f"{block}\n{show}"], capture_output=True, text=True, check=True).stdout

    key = "00000000-0000-4000-8000-000000000000"
    assert SentoriHook(connection(exported)).settings == Settings(
        key, timeout=10.0, requests_per_second=5.0, integration="airflow"
    )


@pytest.mark.parametrize(("uri", "url"), re.findall(r"`(sentori://[^`]+)` is `(https://[^`]+)`", text(GUIDE)))
def test_each_uri_in_the_guide_has_the_url_shown_for_it(uri: str, url: str, connection) -> None:
    assert SentoriHook(connection(uri)).settings.url == url


def test_the_guide_shows_the_labels_of_the_form() -> None:
    (table,) = re.findall(r"^\| field of the form \|.*?\n\n", text(GUIDE), re.DOTALL | re.MULTILINE)
    rows = re.findall(r"^\| ([^|]+) \| (?:extra )?`(\w+)` \|", table, re.MULTILINE)

    labels = {
        "host": "Sentori URL",
        "password": "API key",
        "port": "Port",
        **{field.name: field.label for field in EXTRA_FIELDS},
    }
    assert {name: label for label, name in rows} == labels


def test_the_guide_shows_the_results_of_tasks(sentori) -> None:
    sentori.reset(seed={"mailing_lists": [{"ExternalID": "NEWS2024", "Name": "Monthly Newsletter"}]})
    sentori.put_contact("june@example.org", FirstName="June")
    tasks = [
        SentoriContactOperator(
            task_id="contact",
            email="june@example.org",
            new_email="mary.major@example.com",
            fields={"FirstName": "Mary"},
        ),
        SentoriSubscriptionOperator(
            task_id="subscription",
            email="mary.major@example.com",
            mailing_list="NEWS2024",
        ),
        SentoriSubscribersOperator(
            task_id="subscribers",
            mailing_list="NEWS2024",
            emails=["mary.major@example.com", "joe.public@example.com"],
            create_missing=True,
        ),
        SentoriImportOperator(
            task_id="import",
            source=[{"EmailAddress": email} for email in ("a@example.com", "b@example.com", "nobody")],
            max_rejected=1,
        ),
    ]

    returned = [task.execute({}) for task in tasks]

    assert returned[0].pop("email_hash") != returned[1]["email_hash"]
    shown = [json.loads(block) for block in snippets(GUIDE, "json")]
    assert shown[0].pop("email_hash") == shown[1]["email_hash"]
    assert shown == returned
