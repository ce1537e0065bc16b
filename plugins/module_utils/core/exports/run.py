# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An export: a selection is read whole, and only then saved."""

from __future__ import annotations

from typing import Callable

from ..api.client import SentoriApi
from ..rows.row import Rows
from ..runs.progress import Progress
from ..runs.recorder import Recorder
from ..runs.result import RunResult
from .read import Reader
from .selection import Selection
from .snapshot import Snapshot


def export(
    api: SentoriApi,
    selection: Selection,
    open_rows: Callable[[], Rows] | None,
    recorder: Recorder,
    save: Callable[[Snapshot], bool],
    *,
    concurrency: int = 8,
    progress: Progress | None = None,
) -> RunResult:
    """Read the selection, and ``save`` it; its value is ``changed`` of the result.

    Nothing is saved if somebody could not be read (``failed``): a person who is not in the file would seem to be gone.
    Invalid and rejected addresses stop nobody. ``open_rows``: the people to read, for ``what: contacts``.
    Raises InvalidInput; SentoriError before anybody was read; what ``save`` raises.
    """
    with recorder, Snapshot(selection.columns, takes_more=selection.has_all_fields) as snapshot:
        rows = None if open_rows is None else (lambda: recorder.begin(open_rows()))
        reader = Reader(api, selection, concurrency, progress or Progress())
        for part in reader.read(rows, snapshot):
            recorder.take(part)
        if recorder.result.complete:
            recorder.result.changed = save(snapshot)
    return recorder.result
