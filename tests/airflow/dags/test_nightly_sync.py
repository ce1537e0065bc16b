# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Suppression in the nightly sync: an invalid row does not stop the others, too many rows stop the run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException
from airflow_provider_sentori.example_dags import sentori_nightly_sync
from sentori_sandbox import Sandbox

Suppress = Callable[..., dict[str, int]]


@pytest.fixture
def suppress(sentori: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Suppress:
    """``suppress(*emails)`` runs the task on a table with these addresses."""
    monkeypatch.setenv("AIRFLOW_CONN_CRM", json.dumps({"conn_type": "sqlite", "host": str(tmp_path / "crm.db")}))
    task: Any = sentori_nightly_sync.dag.get_task("suppress_opt_outs")

    def suppress(*emails: str | None) -> dict[str, int]:
        with closing(sqlite3.connect(tmp_path / "crm.db")) as database, database:
            database.execute("CREATE TABLE opted_out (id INTEGER PRIMARY KEY, email TEXT)")
            database.executemany("INSERT INTO opted_out (email) VALUES (?)", [(email,) for email in emails])
        result: dict[str, int] = task.python_callable()
        return result

    return suppress


def test_a_row_without_an_address_fails_after_the_others_are_suppressed(sentori: Sandbox, suppress: Suppress) -> None:
    for email in ("ann@example.com", "bob@example.com"):
        sentori.put_contact(email)

    with pytest.raises(
        AirflowException, match=r"^1 opt-outs were not registered: row with id 2: email: the email address is missing"
    ):
        suppress("ann@example.com", None, "bob@example.com")

    assert sentori.suppression_list() == ["ann@example.com", "bob@example.com"]


@pytest.mark.parametrize(
    ("are_contacts", "most", "action"),
    [
        (True, sentori_nightly_sync.MAX_SUPPRESSED, "suppressed"),
        (False, sentori_nightly_sync.MAX_WITHOUT_CONTACT, "unverifiable"),
    ],
)
def test_a_query_with_too_many_rows_suppresses_nobody(
    sentori: Sandbox, suppress: Suppress, are_contacts: bool, most: int, action: str
) -> None:
    people = [f"p{number}@example.com" for number in range(most + 1)]
    for email in people if are_contacts else ():
        sentori.put_contact(email)

    with pytest.raises(AirflowFailException, match=rf"^More would be suppressed than expected.*{action}.*{most + 1}"):
        suppress(*people)

    assert sentori.writes() == []
    assert sentori.suppression_list() == []
