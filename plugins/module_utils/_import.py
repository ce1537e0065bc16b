# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import as a task of Ansible: options in, a result out, and the files in between."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import fields

from ._results import failure, problem
from .core.errors import InvalidInput
from .core.imports.options import ImportOptions
from .core.imports.run import import_rows
from .core.rows import sources
from .core.runs.files import check_distinct, open_private
from .core.runs.outcome import CHANGES
from .core.runs.progress import Progress, Snapshot
from .core.runs.report import Report
from .core.runs.thresholds import Thresholds

FILES = ("src", "state_file", "report", "progress")
OF_FILES = ("delimiter", "encoding", "source_format")
PROGRESS_INTERVAL = 1.0
WIDTH = 100


class Diff:
    """The first changes of a long run, as a diff shows them."""

    def __init__(self, limit):
        self._limit = limit
        self._changes = 0
        self._lines = []

    def add(self, outcome):
        if outcome.action in CHANGES:
            self._changes += 1
            if len(self._lines) < self._limit:
                self._lines.append(f"{outcome.email or outcome.place}: {outcome.action}")

    def result(self):
        more = self._changes - len(self._lines)
        lines = [*self._lines, f"... and {more} more"] if more else self._lines
        return {"before": "", "after": "".join(f"{line}\n" for line in lines)}


def import_result(api, given, dry_run):
    """The result of the task. Raises InvalidInput for impossible options."""
    if given["diff_limit"] < 0:
        raise InvalidInput(f"{given['diff_limit']} is below 0.", option="diff_limit")
    for option in OF_FILES if given["src"] is None else ():
        if given[option] is not None:
            raise InvalidInput("can only be used with src.", option=option)
    thresholds = Thresholds(given["max_rejected"])
    _check_files(given)
    options = ImportOptions(**{field.name: given[field.name] for field in fields(ImportOptions) if field.name in given})
    diff = Diff(given["diff_limit"])
    report = None
    if given["report"] is not None and not dry_run:
        report = Report(_opened(given["report"], "report"), addresses=given["report_addresses"])
    with _progress(given["progress"]) as progress:
        done = import_rows(
            api,
            lambda schema: _rows(given, schema),
            options,
            sink=diff.add,
            report=report,
            progress=progress,
            dry_run=dry_run,
        )
    return _result(done, diff, thresholds)


def _check_files(given):
    check_distinct({option: given[option] for option in FILES})
    if given["report_addresses"] and given["report"] is None:
        raise InvalidInput("can only be used with report.", option="report_addresses")


def _opened(path, option):
    try:
        return open_private(path)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}.", option=option) from None


@contextmanager
def _progress(path):
    """The progress of the run; with a ``path``, it is written to that file, which is removed at the end."""
    if path is None:
        yield None
        return
    with _opened(path, "progress") as file:

        def show(snapshot):
            # Each line has the same length, so that it overwrites the previous one completely.
            with suppress(OSError):
                os.pwrite(file.fileno(), f"{snapshot!s:<{WIDTH}.{WIDTH}}\n".encode(), 0)

        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise InvalidInput(f"{path} is not a regular file.", option="progress")
        show(Snapshot(0, 0, None))
        try:
            with Progress(show, PROGRESS_INTERVAL) as progress:
                yield progress
        finally:
            with suppress(OSError):
                os.remove(path)


def _rows(given, schema):
    mapping = {"columns": given["columns"], "ignore_unmapped": given["ignore_unmapped"], "schema": schema}
    if given["src"] is None:
        return sources.given_rows(given["contacts"], **mapping)
    reading = {option: given[option] for option in OF_FILES if given[option] is not None}
    return sources.open_source(given["src"], **reading, **mapping)


def _result(done, diff, thresholds):
    result = {
        "changed": done.changed,
        "summary": done.summary,
        "counters": dict(done.counters),
        "problems": [problem(outcome) for outcome in done.problems],
        "upload_groups": done.upload_groups,
        "warnings": done.warnings,
    }
    if done.changed:
        result["diff"] = diff.result()
    if done.stopped_by is not None:
        return {**failure(done.stopped_by), **result}
    message = thresholds.failure(done)
    return {**result, "failed": True, "msg": message} if message else result
