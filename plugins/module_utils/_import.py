# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An import in Ansible's words: the rows that the options name, the report, the result."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import fields

from ._results import failure
from .core import import_plan, report, sources
from .core.errors import InvalidInput
from .core.import_run import Declared, import_rows
from .core.progress import Progress, Standing
from .core.runs.files import check_distinct
from .core.thresholds import Thresholds

FILES = ("src", "state_file", "report", "progress")
OF_FILES = ("delimiter", "encoding")
PROGRESS_EVERY = 1.0
WIDTH = 100
NOT_AS_ASKED = ("invalid", "rejected", "duplicate", "failed", "in_doubt")


class Shown:
    """The first rows of a long run that a result shows: those that change, and those that are not as asked."""

    def __init__(self, limit):
        self._limit = limit
        self._changes = 0
        self._lines = []
        self.rejected = []

    def add(self, outcome):
        if outcome.action in import_plan.CHANGES:
            self._changes += 1
            if len(self._lines) < self._limit:
                self._lines.append(f"{outcome.email}: {outcome.action}")
        elif outcome.action in NOT_AS_ASKED and len(self.rejected) < self._limit:
            facts = {fact: getattr(outcome, fact) for fact in ("place", "email", "reason", "attribution")}
            self.rejected.append({"outcome": outcome.action, **facts})

    @property
    def diff(self):
        more = self._changes - len(self._lines)
        lines = [*self._lines, f"... and {more} more"] if more else self._lines
        return {"before": "", "after": "".join(f"{line}\n" for line in lines)}


def import_result(api, given, dry_run):
    """The result of the task; raises InvalidInput for options that cannot be."""
    if given["diff_limit"] < 0:
        raise InvalidInput("a number of at least 0 is needed.", option="diff_limit")
    for option in OF_FILES if given["src"] is None else ():
        if given[option] is not None:
            raise InvalidInput("goes with src only.", option=option)
    thresholds = Thresholds(**{field.name: given[field.name] for field in fields(Thresholds)})
    _check_files(given)
    declared = Declared(**{field.name: given[field.name] for field in fields(Declared) if field.name in given})
    shown = Shown(given["diff_limit"])
    written = None
    if given["report"] is not None and not dry_run:
        written = report.Report(_opened(given["report"], "report"), addresses=given["report_addresses"])
    with _progress(given["progress"]) as progress:
        done = import_rows(
            api,
            lambda known: _rows(given, known),
            shown.add,
            declared,
            report=written,
            progress=progress,
            dry_run=dry_run,
        )
    return _result(done, shown, thresholds)


def _check_files(given):
    check_distinct({option: given[option] for option in FILES})
    if given["report_addresses"] and given["report"] is None:
        raise InvalidInput("goes with report only.", option="report_addresses")


def _opened(path, option):
    try:
        return open(path, "w", encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"the file cannot be written: {error.strerror}.", option=option) from None


@contextmanager
def _progress(path):
    """What the run tells its progress to; with a ``path``, the file is there until it ends."""
    if path is None:
        yield None
        return
    with _opened(path, "progress") as file:

        def tell(standing):
            # Each line has the same length, so that one is written over the other as a whole.
            with suppress(OSError):
                os.pwrite(file.fileno(), f"{standing!s:<{WIDTH}.{WIDTH}}\n".encode(), 0)

        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise InvalidInput("a regular file is needed.", option="progress")
        tell(Standing(0, 0, None))
        try:
            with Progress(tell, PROGRESS_EVERY) as progress:
                yield progress
        finally:
            with suppress(OSError):
                os.remove(path)


def _rows(given, known_fields):
    mapping = {"columns": given["columns"], "ignore_unmapped": given["ignore_unmapped"], "known_fields": known_fields}
    if given["src"] is None:
        return sources.given_rows(given["contacts"], **mapping)
    reading = {option: given[option] for option in OF_FILES if given[option] is not None}
    return sources.open_source(given["src"], **reading, **mapping)


def _result(done, shown, thresholds):
    result = {
        "changed": done.changed,
        "summary": done.summary,
        "upload_groups": done.upload_groups,
        "rejected": shown.rejected,
        "warnings": done.warnings,
    }
    if done.changed:
        result["diff"] = shown.diff
    if done.stopped_by is not None:
        return {**failure(done.stopped_by), **result}
    broken = thresholds.broken(done.summary)
    if broken:
        return {**result, "failed": True, "msg": broken}
    return {**result, "warnings": [*done.warnings, *thresholds.warnings(done.summary)]}
