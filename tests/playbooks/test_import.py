# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The bulk import from a playbook: files, reports, the state file and progress."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from player import Player
from sentori_sandbox import Sandbox

IMPORT = "sentori.sentori.sentori_import"
LINE = re.compile(r"^<localhost> ([\d,]+) rows in", re.MULTILINE)
OTHER_CONNECTION = """
from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = "{name: elsewhere, short_description: s, description: [s], author: [a], options: {}}"


class Connection(Local):
    transport = "elsewhere"
"""


def people(folder: Path, count: int) -> str:
    file = folder / "people.csv"
    file.write_text("EmailAddress\n" + "".join(f"p{number}@example.com\n" for number in range(count)))
    return str(file)


def test_a_file_is_imported_and_the_second_run_changes_nothing(player: Player, sentori_sandbox: Sandbox) -> None:
    people = "mail;Vorname;Nickname\nmary@example.com;Mary;M\ninfo@example.com;Info;\nMARY@example.com;M;\nnone;N;\n"
    (player.folder / "people.csv").write_text(people)
    options: dict[str, Any] = {
        "src": str(player.folder / "people.csv"),
        "columns": {"mail": "EmailAddress", "Vorname": "FirstName"},
        "ignore_unmapped": True,
        "delimiter": ";",
        "report": str(player.folder / "report.jsonl"),
        "max_rejected": "50%",
    }
    tasks = [{IMPORT: options}, {IMPORT: options}, {IMPORT: {**options, "max_rejected": 0}, "ignore_errors": True}]
    played = player.play(tasks)
    first, second, third = played.results
    assert not LINE.search(played.output)
    counts = {key: value for key, value in first["summary"].items() if value}
    assert counts == {"total": 4, "created": 1, "duplicate": 1, "invalid": 1, "rejected": 1}
    assert [line["place"] for line in first["problems"]] == ["line 3", "line 5", "line 4"]
    assert (first["changed"], second["changed"], len(first["upload_groups"])) == (True, False, 1)
    assert third["failed"] and third["msg"].startswith(
        "Invalid or rejected rows: 2 of 4; the limit is 0 (max_rejected). line 3: The contact"
    )
    *lines, last = [json.loads(line) for line in (player.folder / "report.jsonl").read_text().splitlines()]
    assert [line["outcome"] for line in lines] == ["rejected", "duplicate", "invalid"]
    assert last == {name: third[name] for name in ("summary", "counters", "upload_groups")}
    assert third["counters"]["ExcludedRoleBased"] == 1
    assert (player.folder / "report.jsonl").stat().st_mode & 0o777 == 0o600
    assert "info@" not in (player.folder / "report.jsonl").read_text()


def test_with_a_state_file_an_unchanged_file_takes_no_request(player: Player, sentori_sandbox: Sandbox) -> None:
    options = {"src": people(player.folder, 5), "state_file": str(player.folder / "people.state")}
    first, second, verified, other = player.play(
        [
            {IMPORT: options},
            {IMPORT: options},
            {IMPORT: {**options, "verify": "all"}},
            {IMPORT: {**options, "api_key": "0123-4567"}, "ignore_errors": True},
        ]
    ).results
    assert (first["changed"], second["changed"]) == (True, False)
    assert [result["api"]["requests"] for result in (first, second, verified)] == [7, 0, 5]
    assert "people.state belongs to another account" in other["msg"]


def test_the_report_is_complete_when_the_task_fails(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("contact/import", kind="wait", seconds=0)
    sentori_sandbox.fault("contact/import", kind="status", status=400, body='{"Code": 1, "Message": "Gone"}')
    options = {"src": people(player.folder, 6), "chunk_size": 2, "report": str(player.folder / "report.jsonl")}
    (result,) = player.play([{IMPORT: options}]).results
    assert result["failed"] and (result["summary"]["created"], result["summary"]["failed"]) == (2, 4)
    *lines, last = [json.loads(line) for line in (player.folder / "report.jsonl").read_text().splitlines()]
    assert [(line["place"], line["outcome"]) for line in lines] == [(f"line {n}", "failed") for n in range(4, 8)]
    assert last["summary"] == result["summary"] and len(last["upload_groups"]) == 1
    assert last["error"] == result["msg"]


def test_a_report_that_cannot_be_written_is_a_warning(player: Player, sentori_sandbox: Sandbox) -> None:
    (player.folder / "people.csv").write_text("EmailAddress\nnone\np@example.com\n")
    played = player.play([{IMPORT: {"src": str(player.folder / "people.csv"), "report": "/dev/full"}}])
    assert played.results[0]["summary"]["created"] == 1
    assert "The report is not complete: [Errno 28] No space left on device" in " ".join(played.output.split())


@pytest.mark.parametrize("connection", ["local", "elsewhere"])
def test_a_polled_task_shows_progress(player: Player, sentori_sandbox: Sandbox, connection: str) -> None:
    (player.folder / "connections").mkdir()
    (player.folder / "connections" / "elsewhere.py").write_text(OTHER_CONNECTION)
    player.environment["ANSIBLE_CONNECTION_PLUGINS"] = str(player.folder / "connections")
    sentori_sandbox.fault("contact/get", kind="wait", seconds=0.1, times=100)
    task = {IMPORT: {"src": people(player.folder, 100), "concurrency": 2, "chunk_size": 40}, "async": 60, "poll": 1}
    played = player.play([task], "-c", connection)
    assert played.results[-1]["summary"]["created"] == 100
    shown = [int(rows) for rows in LINE.findall(played.output)]
    assert len(set(shown)) > 2 and shown == sorted(shown)


def test_progress_is_shown_in_verbose_mode(player: Player, sentori_sandbox: Sandbox) -> None:
    options = {"src": people(player.folder, 2), "progress": str(player.folder / "progress")}
    sentori_sandbox.fault("contact/import", kind="wait", seconds=11)
    verbose = player.play([{IMPORT: options}], "-v")
    assert LINE.findall(verbose.output) == ["2"]
    assert not (player.folder / "progress").exists()
