# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The example that ends the circle: an opt-out in an e-mail reaches the CRM, which then asks for nobody who said no."""

from __future__ import annotations

import copy
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.example_dags import sentori_opt_outs_to_crm
from sentori_sandbox import Sandbox

READERS = ["ada@example.com", "ben@example.com", "carla@example.com"]


@pytest.fixture
def crm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "crm.db"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE readers (email TEXT PRIMARY KEY, opted_out BOOLEAN, bounced BOOLEAN)")
        database.executemany("INSERT INTO readers (email) VALUES (?)", [(email,) for email in READERS])
    monkeypatch.setenv("AIRFLOW_CONN_CRM", json.dumps({"conn_type": "sqlite", "host": str(file)}))
    return file


def night() -> dict[str, Any]:
    """Run the DAG's tasks, and return what was asked of Sentori for the list."""
    results = {}
    for task_id in ("mark_opt_outs_in_the_crm", "subscribe_readers"):
        task = copy.copy(sentori_opt_outs_to_crm.dag.get_task(task_id))
        results[task_id] = task.execute({})
    return results


def test_somebody_who_opted_out_in_an_email_is_marked_and_not_asked_for_again(sentori: Sandbox, crm: Path) -> None:
    sentori.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "Monthly Newsletter"}]})
    assert night()["subscribe_readers"]["summary"]["subscribed"] == len(READERS)

    sentori.put_contact(READERS[0], IsSuppressed=True)
    sentori.put_contact(READERS[1], IsBadEmailAddress=True)
    second = night()

    assert second["mark_opt_outs_in_the_crm"]["rows"] == {"inserted": 0, "updated": 3, "deleted": 0, "unchanged": 0}
    assert second["subscribe_readers"]["summary"]["total"] == 1
    with closing(sqlite3.connect(crm)) as database:
        marked = database.execute("SELECT email, opted_out, bounced FROM readers ORDER BY email").fetchall()
    assert marked == [(READERS[0], 1, 0), (READERS[1], 0, 1), (READERS[2], 0, 0)]

    sent = len(sentori.writes())
    assert night()["mark_opt_outs_in_the_crm"]["changed"] is False
    assert len(sentori.writes()) == sent
