# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A disk that is full, and a folder that nobody can write to: a clear error, no half file, and nothing is claimed.

A process whose files may not grow beyond a limit meets a full disk at that byte, whichever file it writes.
"""

from __future__ import annotations

import pickle
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.errors import InvalidInput, SentoriError
from airflow_provider_sentori.core.exports.file import LocalFile, save_to_file
from airflow_provider_sentori.core.exports.file_form import form_of
from airflow_provider_sentori.core.exports.run import export
from airflow_provider_sentori.core.exports.selection import Selection
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.imports.run import import_rows
from airflow_provider_sentori.core.lists.bulk import apply_subscribers
from airflow_provider_sentori.core.memory.account import opened
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.rows.sources import given_addresses, given_rows
from airflow_provider_sentori.core.runs.files import open_private, open_private_bytes
from airflow_provider_sentori.core.runs.outcome import OF_EXPORTS, OF_IMPORTS, OF_SUBSCRIPTIONS
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.runs.rejects import Rejects
from airflow_provider_sentori.core.runs.report import Report
from airflow_provider_sentori.core.runs.result import RunResult
from airflow_provider_sentori.core.runs.thresholds import Thresholds
from sentori_sandbox import Sandbox

KIB = 1024
UNLIMITED = resource.RLIM_INFINITY
PEOPLE = [f"p{number}@example.com" for number in range(400)]
ROWS = [{"EmailAddress": email, "FirstName": "Ann"} for email in PEOPLE] + [{"EmailAddress": "nobody"}] * 100
Run = Callable[[SentoriApi, Path], RunResult]


@dataclass
class Ended:
    """What a run told: its counts and warnings, or the error that it raised."""

    summary: dict[str, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    error: BaseException | None = None


def recorder(actions: Any, folder: Path) -> Recorder:
    rejects = folder / "rejects"
    return Recorder(
        actions,
        report=Report(open_private(str(folder / "report"))),
        rejects=Rejects(open_private_bytes(str(rejects)), str(rejects)),
    )


def imported(api: SentoriApi, folder: Path) -> RunResult:
    memory = StateFile(str(folder / "state"))
    options = ImportOptions(name="People", memory=memory, compare=False, chunk_size=100)
    return import_rows(api, lambda schema: given_rows(ROWS), options, recorder(OF_IMPORTS, folder))


def subscribed(api: SentoriApi, folder: Path) -> RunResult:
    done, memory = recorder(OF_SUBSCRIPTIONS, folder), StateFile(str(folder / "state"))
    emails = [*PEOPLE[:50], *["nobody"] * 100]
    options: dict[str, Any] = {"memory": memory, "create_missing": True, "concurrency": 4}
    apply_subscribers(api, "NEWS", lambda: given_addresses(emails), done, Thresholds("100%"), **options)
    return done.result


def exported(api: SentoriApi, folder: Path) -> RunResult:
    dest = str(folder / "export.csv")
    file, form = LocalFile(dest), form_of(dest)
    selection, done = Selection("subscribers", mailing_list="READERS"), recorder(OF_EXPORTS, folder)
    return export(api, selection, None, done, lambda snapshot: save_to_file(snapshot, file, form))


RUNS: dict[str, Run] = {"import": imported, "mailing list": subscribed, "export": exported}


def run_limited(run: Run, sandbox: Sandbox, folder: Path, limit: int) -> Ended:
    """Run in a process whose files may have ``limit`` bytes."""

    def work(pipe: Connection) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        ended = Ended()
        try:
            with Transport(Settings(sandbox.api_key, sandbox.url, max_wait=0)) as transport:
                result = run(SentoriApi(transport), folder)
            ended = Ended(result.summary, [*result.warnings, str(result.stopped_by or "")])
        except Exception as error:
            ended.error = error
        pipe.send_bytes(pickle.dumps(ended))

    ours, theirs = get_context("fork").Pipe()
    process = get_context("fork").Process(target=work, args=(theirs,))
    process.start()
    assert ours.poll(60), "the process did not end"
    ended: Ended = pickle.loads(ours.recv_bytes())
    process.join()
    return ended


def seed(name: str) -> dict[str, Any]:
    news = {"ExternalID": "NEWS", "Name": "News"}
    if name != "export":
        return {"mailing_lists": [news]}
    readers = {"ExternalID": "READERS", "Name": "Readers", "subscribers": PEOPLE}
    return {"contacts": [{"EmailAddress": email} for email in PEOPLE], "mailing_lists": [news, readers]}


@pytest.mark.parametrize("limit", [0, KIB, 4 * KIB, 12 * KIB, 24 * KIB, 48 * KIB], ids=lambda limit: f"{limit} bytes")
@pytest.mark.parametrize("name", RUNS)
def test_a_full_disk_is_told_leaves_nothing_half_and_the_next_run_does_the_rest(
    sentori_sandbox: Sandbox, tmp_path: Path, name: str, limit: int
) -> None:
    sentori_sandbox.reset(seed=seed(name))
    dest = tmp_path / "export.csv"
    dest.write_text("as before")

    ended = run_limited(RUNS[name], sentori_sandbox, tmp_path, limit)

    assert ended.error is None or isinstance(ended.error, SentoriError), repr(ended.error)
    if name != "export":
        done = sentori_sandbox.subscribers("NEWS") if name == "mailing list" else sentori_sandbox.contacts()
        told = ended.summary.get("subscribed", 0) + ended.summary.get("created", 0)
        assert told == len(done), ended
    assert dest.read_text() == "as before" or dest.read_text().count("@") == len(PEOPLE)
    assert {path.name for path in tmp_path.iterdir()} <= {"export.csv", "report", "rejects", "state"}
    assert limit > 4 * KIB or ended.error is not None or "is not complete" in " ".join(ended.texts), ended

    again = run_limited(RUNS[name], sentori_sandbox, tmp_path, UNLIMITED)
    assert again.error is None and not again.summary["failed"], again
    assert sum(again.summary.values()) == 2 * again.summary["total"]


@pytest.mark.parametrize("option", ["state_file", "dest"])
def test_a_folder_that_takes_no_file_is_refused_before_any_request(
    sentori_sandbox: Sandbox, tmp_path: Path, option: str
) -> None:
    with (
        Transport(Settings(sentori_sandbox.api_key, sentori_sandbox.url)) as transport,
        pytest.raises(InvalidInput, match=f"^{option}: /proc/.* cannot be (opened|written)"),
    ):
        if option == "dest":
            LocalFile("/proc/export.csv").replace([b""])
        with opened(StateFile("/proc/state"), transport.account, dry_run=False):
            pass
    assert sentori_sandbox.requests() == []
