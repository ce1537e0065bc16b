# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What is killed: every tool for many people, with a memory, a report and files as users have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import current_process
from pathlib import Path
from signal import SIGTERM, signal
from typing import Any

from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.bulk import apply_contacts
from airflow_provider_sentori.core.exports.file import LocalFile, save_to_file
from airflow_provider_sentori.core.exports.file_form import form_of
from airflow_provider_sentori.core.exports.run import export
from airflow_provider_sentori.core.exports.selection import Selection
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.imports.run import import_rows
from airflow_provider_sentori.core.lists.bulk import apply_subscribers
from airflow_provider_sentori.core.memory.storage import Place
from airflow_provider_sentori.core.rows.sources import given_addresses, given_rows
from airflow_provider_sentori.core.runs import outcome as actions
from airflow_provider_sentori.core.runs.files import open_private
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.runs.report import Report
from airflow_provider_sentori.core.runs.result import RunResult
from airflow_provider_sentori.core.runs.thresholds import Thresholds
from airflow_provider_sentori.core.suppressions.bulk import apply_suppressions
from airflow_provider_sentori.transfers.sentori_to_sql import SentoriToSqlOperator
from operations import ANN, BEN, CAT, NEW, NEWS, NOBODY, OTHER, OUT

REPORT, EXPORT, TABLE = "report.jsonl", "readers.csv", "readers"
ROWS = [
    {"EmailAddress": ANN, "FirstName": "Anna"},
    {"EmailAddress": NEW, "FirstName": "New"},
    {"EmailAddress": BEN, "FirstName": "Ben"},
    {"EmailAddress": OTHER, "FirstName": "Other"},
    {"EmailAddress": "nobody", "FirstName": "No"},
]
EVERYBODY = Thresholds("100%")


@dataclass(frozen=True)
class Verb:
    """``run`` gets the API, a folder for its files, and its memory. ``warehouse``: it writes a table, and has none."""

    name: str
    run: Callable[[SentoriApi, Path, Place | None], RunResult | None]
    remembers: bool = True
    writes_table: bool = False


def _recorder(kind: Any, folder: Path) -> Recorder:
    return Recorder(kind, report=Report(open_private(str(folder / REPORT))))


def _imported(**options: Any) -> Callable[[SentoriApi, Path, Place | None], RunResult]:
    def run(api: SentoriApi, folder: Path, memory: Place | None) -> RunResult:
        wanted = ImportOptions(name="People", concurrency=1, memory=memory, chunk_size=2, **options)
        return import_rows(api, lambda schema: given_rows(ROWS), wanted, _recorder(actions.OF_IMPORTS, folder))

    return run


def _contacts(api: SentoriApi, folder: Path, memory: Place | None) -> RunResult:
    return apply_contacts(
        api, lambda schema: given_rows(ROWS), _recorder(actions.OF_CONTACTS, folder), concurrency=1, on_blank="keep"
    )


def _subscribers(api: SentoriApi, folder: Path, memory: Place | None) -> RunResult:
    recorder = _recorder(actions.OF_SUBSCRIPTIONS, folder)
    emails = [BEN, CAT, NEW, OUT]
    options: dict[str, Any] = {"exact": True, "max_unsubscribes": 1, "create_missing": True, "concurrency": 1}
    apply_subscribers(api, NEWS, lambda: given_addresses(emails), recorder, EVERYBODY, memory=memory, **options)
    return recorder.result


def _suppressions(**options: Any) -> Callable[[SentoriApi, Path, Place | None], RunResult]:
    def run(api: SentoriApi, folder: Path, memory: Place | None) -> RunResult:
        recorder = _recorder(actions.OF_SUPPRESSIONS, folder)
        given = {"memory": memory, "concurrency": 1, "is_counted": True, **options}
        return apply_suppressions(api, lambda: given_addresses([ANN, NOBODY, OUT]), recorder, **given)

    return run


def _to_file(api: SentoriApi, folder: Path, memory: Place | None) -> RunResult:
    dest = str(folder / EXPORT)
    file, form = LocalFile(dest), form_of(dest)
    return export(
        api,
        Selection("subscribers", mailing_list=NEWS, fields=["FirstName"]),
        None,
        _recorder(actions.OF_EXPORTS, folder),
        lambda snapshot: save_to_file(snapshot, file, form),
        concurrency=1,
    )


def _to_table(api: SentoriApi, folder: Path, memory: Place | None) -> None:
    """The operator takes its connections from the environment."""
    operator = SentoriToSqlOperator(
        task_id="readers",
        what="subscribers",
        mailing_list=NEWS,
        fields=["FirstName"],
        table=TABLE,
        sql_conn_id="warehouse",
        report=str(folder / REPORT),
    )
    if current_process().name != "MainProcess":
        signal(SIGTERM, lambda *_: operator.on_kill())
    operator.execute({})


VERBS = (
    Verb("import", _imported()),
    Verb("import without compare", _imported(compare=False)),
    Verb("contacts", _contacts, remembers=False),
    Verb("mailing list", _subscribers),
    Verb("suppressions", _suppressions()),
    Verb("people erased", _suppressions(state="erased")),
    Verb("export to a file", _to_file, remembers=False),
    Verb("export to a table", _to_table, remembers=False, writes_table=True),
)
