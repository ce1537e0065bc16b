# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The progress of a long import: rows, rate, and the time left if it can be known."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.rows.sources import given_rows, open_source
from airflow_provider_sentori.core.runs.progress import Progress, Snapshot
from run_import import import_from
from sentori_sandbox import Sandbox


@pytest.mark.parametrize(
    ("snapshot", "message"),
    [
        (Snapshot(0, 4.2, None), "0 rows in 4 s"),
        (Snapshot(1200, 3.0, None), "1,200 rows in 3 s, 400 a second"),
        (Snapshot(120_000, 300.0, 540.0), "120,000 rows in 5 min, 400 a second, about 9 min left"),
        (Snapshot(10, 7200.0, 7200.0), "10 rows in 2.0 h, 0 a second, about 2.0 h left"),
    ],
)
def test_a_snapshot_is_shown_as_one_line(snapshot: Snapshot, message: str) -> None:
    assert str(snapshot) == message


def test_the_time_left_follows_from_the_part_that_is_read() -> None:
    progress = Progress(lambda snapshot: None)
    progress.read(100, 0.25)
    assert progress.snapshot.seconds_left is None
    progress.done(100)
    snapshot = progress.snapshot
    assert snapshot.seconds_left == pytest.approx(3 * snapshot.seconds)


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "jsonl", "list"])
def test_an_import_reports_its_progress_and_ends_at_all_rows(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, ending: str
) -> None:
    rows = [{"EmailAddress": f"p{number}@example.com"} for number in range(40)]
    csv = "EmailAddress\n" + "".join(f"{row['EmailAddress']}\n" for row in rows)
    src = tmp_path / f"people.{ending}"
    if ending == "csv.gz":
        src.write_bytes(gzip.compress(csv.encode()))
    else:
        src.write_text(csv if ending == "csv" else "".join(f"{json.dumps(row)}\n" for row in rows))
    sentori_sandbox.fault("contact/get", kind="wait", seconds=0.05, times=40)
    snapshots: list[Snapshot] = []
    with Progress(snapshots.append, interval=0.02) as progress:
        import_from(
            api,
            lambda schema: given_rows(rows) if ending == "list" else open_source(src),
            ImportOptions(chunk_size=15, concurrency=2),
            progress=progress,
        )
    counts = [snapshot.rows for snapshot in snapshots]
    assert counts == sorted(counts) and len(set(counts)) > 5
    assert progress.snapshot.rows == 40
    assert progress.snapshot.seconds_left == 0.0
