# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task of Ansible over many rows: options in, a result out, and the files in between."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress

from ._results import failure, problem
from .core.errors import InvalidInput
from .core.rows import sources
from .core.runs.files import check_distinct, open_private, open_private_bytes
from .core.runs.progress import Progress, Snapshot
from .core.runs.recorder import Recorder
from .core.runs.rejects import Rejects
from .core.runs.report import Report
from .core.runs.source_size import SourceSize
from .core.runs.thresholds import Thresholds

SOURCE_SPEC = {
    "src": {"type": "path"},
    "columns": {"type": "dict", "default": {}},
    "delimiter": {"type": "str"},
    "encoding": {"type": "str"},
    "source_format": {"type": "str", "choices": ["csv", "jsonl", "json", "txt"]},
    "strip": {"type": "bool", "default": True},
}
SIZE_SPEC = {
    "min_source_rows": {"type": "int"},
    "max_source_drop": {"type": "str"},
}
BULK_SPEC = {
    "report": {"type": "path"},
    "report_addresses": {"type": "bool", "default": False},
    "rejects": {"type": "path"},
    "progress": {"type": "path"},
    "max_rejected": {"type": "str", "default": "0"},
    "diff_limit": {"type": "int", "default": 100},
}
FILES = ("src", "state_file", "report", "rejects", "progress", "dest")
OF_FILES = ("delimiter", "encoding", "source_format")
PROGRESS_INTERVAL = 1.0
WIDTH = 100


class BulkTask:
    """One task over many rows, by its options.

    ``shows`` gets the outcomes, part by part, and shows some of them in the result; ``source``: the name of the rows in
    a memory, if they are counted.

    Raises InvalidInput for options that do not belong together, before any file is opened.
    """

    def __init__(self, given, actions, shows, dry_run, source=None):
        if given["diff_limit"] < 0:
            raise InvalidInput(f"{given['diff_limit']} is below 0.", option="diff_limit")
        for option in OF_FILES if given["src"] is None else ():
            if given[option] is not None:
                raise InvalidInput("can only be used with src.", option=option)
        if given["src"] is None and not given["strip"]:
            raise InvalidInput("can only be used with src.", option="strip")
        if given["report_addresses"] and given["report"] is None:
            raise InvalidInput("can only be used with report.", option="report_addresses")
        self.thresholds = Thresholds(given["max_rejected"])
        check_distinct({option: given.get(option) for option in FILES})
        self.dry_run = dry_run
        self.memory = _memory(given.get("state_file"))
        self._source_size = None
        if source is not None:
            limits = {option: given[option] for option in SIZE_SPEC}
            self._source_size = SourceSize(source, self.thresholds.failure, **limits)
        self._given = given
        self._actions = actions
        self._shows = shows

    def recorder(self):
        """Opens the report and the rejects, which are not written in check mode."""
        report = rejects = None
        if not self.dry_run:
            path, rejects_path = self._given["report"], self._given["rejects"]
            if path is not None:
                report = Report(_opened(path, "report"), addresses=self._given["report_addresses"])
            if rejects_path is not None:
                rejects = Rejects(_opened(rejects_path, "rejects", open_private_bytes), rejects_path)
        return Recorder(
            self._actions, report=report, rejects=rejects, sink=self._shows.take, source_size=self._source_size
        )

    def rows(self, option, schema=None):
        """The rows of ``src``, or of the list in ``option``."""
        given = self._given
        mapping = {"columns": given["columns"], "schema": schema}
        if "ignore_unmapped" in given:
            mapping["ignore_unmapped"] = given["ignore_unmapped"]
        if given["src"] is not None:
            reading = {option: given[option] for option in OF_FILES if given[option] is not None}
            addresses_only = option == "emails"
            return sources.open_source(
                given["src"], strip=given["strip"], addresses_only=addresses_only, **reading, **mapping
            )
        if option == "emails":
            return sources.given_addresses(given["emails"])
        return sources.given_rows(given[option], option, **mapping)

    @contextmanager
    def progress(self):
        """The progress of the run; with the option ``progress`` it is written to that file, removed at the end."""
        path = self._given["progress"]
        if path is None:
            yield Progress()
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

    def result(self, done, **more):
        """The task's result, with what only this verb has in ``more``."""
        result = {
            "changed": done.changed,
            "complete": done.complete,
            "summary": done.summary,
            "columns": {"mapped": done.columns.mapped, "ignored": done.columns.ignored},
            "problems": [problem(outcome) for outcome in done.problems],
            "warnings": done.warnings,
            **more,
        }
        if done.changed:
            result["diff"] = self._shows.diff()
        if done.stopped_by is not None:
            return {**failure(done.stopped_by), **result}
        message = self.thresholds.failure(done)
        return {**result, "failed": True, "msg": message} if message else result


def _memory(state_file):
    """The memory that a task names; SQLite takes time to load, and few tasks need it."""
    if state_file is None:
        return None
    from .core.memory.state_file import StateFile

    return StateFile(state_file)


def _opened(path, option, opener=open_private):
    try:
        return opener(path)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}.", option=option) from None
