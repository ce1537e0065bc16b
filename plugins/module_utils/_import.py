# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An import in Ansible's words: the rows that the options name, the report, the result."""

from __future__ import annotations

from contextlib import ExitStack

from ._results import failure
from .core import import_plan, report, sources
from .core.errors import InvalidInput
from .core.import_run import Declared, import_rows

DECLARED = (
    "scope",
    "compare",
    "on_blank",
    "chunk_size",
    "concurrency",
    "api_version",
    "name",
    "description",
    "gzip_level",
    "attach_to",
    "state_file",
    "verify",
    "verify_after_days",
)
OF_FILES = ("delimiter", "encoding")
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
            facts = outcome._asdict()
            self.rejected.append({"outcome": facts.pop("action"), **facts})

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
    thresholds = [given[option] for option in ("max_rejected", "max_rejected_percent", "min_rows")]
    report.checked_thresholds(*thresholds)
    shown = Shown(given["diff_limit"])
    with ExitStack() as stack:
        sinks = [shown.add]
        written = None
        if given["report"] is not None and not dry_run:
            written = report.Report(_opened(stack, given["report"]), addresses=given["report_addresses"])
            sinks.append(written.add)
        done = import_rows(
            api,
            lambda known: _rows(given, known),
            lambda outcome: [sink(outcome) for sink in sinks],
            Declared(**{option: given[option] for option in DECLARED}),
            dry_run=dry_run,
        )
        if written is not None:
            written.close(done.summary)
    return _result(done, shown, report.check_thresholds(done.summary, *thresholds))


def _opened(stack, path):
    try:
        return stack.enter_context(open(path, "w", encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"the file cannot be written: {error.strerror}.", option="report") from None


def _rows(given, known_fields):
    mapping = {"columns": given["columns"], "ignore_unmapped": given["ignore_unmapped"], "known_fields": known_fields}
    if given["src"] is None:
        return sources.given_rows(given["contacts"], **mapping)
    reading = {option: given[option] for option in OF_FILES if given[option] is not None}
    return sources.open_source(given["src"], **reading, **mapping)


def _result(done, shown, broken):
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
    return {**result, "failed": True, "msg": broken} if broken else result
