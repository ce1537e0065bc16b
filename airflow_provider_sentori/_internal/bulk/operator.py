# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that apply many rows: their files, thresholds, progress and result."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...core import redaction
from ...core.errors import InvalidInput
from ...links.sentori import REPORT_KEY, SentoriReportLink
from ..files import opened, opened_bytes, url_of
from ..operator import SentoriOperator
from ..run import MAX_MESSAGE, Failure, attempt, counted, message_of

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import BaseOperatorLink, Context, ObjectStoragePath

    from ...core.runs.progress import Progress
    from ...core.runs.recorder import Recorder
    from ...core.runs.rejects import Rejects
    from ...core.runs.report import Report
    from ...core.runs.result import RunResult
    from ...core.runs.source_size import SourceSize
    from ...core.runs.thresholds import Thresholds
    from ...hooks.sentori import SentoriHook

PROGRESS_INTERVAL = 10.0
# The XCom key of the result of a task that has failed.
RESULT_KEY = "sentori_result"
# Of each list of texts in a result, which must stay below 4 KiB in all.
MAX_CHARACTERS = 700


class BulkOperator(SentoriOperator):
    """An operator that applies rows; SentoriImportOperator explains the arguments."""

    template_fields: Sequence[str] = (
        "report",
        "report_addresses",
        "rejects",
        "max_rejected",
        *SentoriOperator.template_fields,
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (SentoriReportLink(),)
    # All that an outcome of this verb can be.
    actions: Sequence[str]
    # An attribute, because some installations print the variables of a failed task's frames.
    _recorder: Recorder | None = None

    def __init__(
        self,
        *,
        report: str | ObjectStoragePath | None = None,
        report_addresses: bool | str = False,
        rejects: str | ObjectStoragePath | None = None,
        max_rejected: int | str = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.report = report
        self.report_addresses = report_addresses
        self.rejects = rejects
        self.max_rejected = max_rejected

    def execute(self, context: Context) -> dict[str, Any]:
        ended = attempt(self._connected(), lambda hook: self._run(hook, context), self._failure)
        if isinstance(ended, Failure):
            self._tell_failure(context, is_complete=ended.is_data)
            raise ended.exception()
        result, statistics = ended
        return self._complete(
            context, self._line(result), statistics, self._result_of(result), bounded(result.warnings)
        )

    @abstractmethod
    def _apply(self, hook: SentoriHook, recorder: Recorder, progress: Progress, context: Context) -> None:
        """Apply the rows; the recorder takes their outcomes. Raises a SentoriError."""

    def _line(self, done: RunResult) -> str:
        """What was done, for the log."""
        return f"{done.summary['total']} rows: {self._predicted(counted(done.summary))}"

    def _more(self, done: RunResult) -> dict[str, Any]:
        """What the result of this verb has beside that of all."""
        return {}

    def _files(self) -> dict[str, str | None]:
        """Each file of the task, by its argument."""
        return {
            "source": url_of(self._source_file(), "source"),
            "report": url_of(self.report, "report"),
            "rejects": url_of(self.rejects, "rejects"),
        }

    def _source_size(self) -> SourceSize | None:
        """How small the source may be."""
        return None

    def _thresholds(self) -> Thresholds:
        from ...core.runs.thresholds import Thresholds

        return Thresholds(self.max_rejected)

    def _run(self, hook: SentoriHook, context: Context) -> RunResult:
        """Apply the rows. The recorder keeps the result if the run raises an error."""

        from ...core.runs.files import check_distinct
        from ...core.runs.progress import Progress
        from ...core.runs.recorder import Recorder

        self._thresholds()
        addresses = self._boolean("report_addresses")
        if addresses and self.report is None:
            raise InvalidInput("can only be used with report.", option="report_addresses")
        check_distinct(self._files())
        if self.report is not None and "ti" in context:
            context["ti"].xcom_push(key=REPORT_KEY, value=url_of(self.report, "report"))
        self._recorder = Recorder(self.actions, report=self._opened_report(addresses), source_size=self._source_size())
        with self._recorder as recorder:
            recorder.rejects = self._opened_rejects()
            with Progress(lambda snapshot: self.log.info("%s", snapshot), PROGRESS_INTERVAL) as progress:
                self._apply(hook, recorder, progress, context)
        return self._recorder.result

    def _opened_report(self, addresses: bool) -> Report | None:
        from ...core.runs.report import Report

        return None if self.report is None else Report(opened(self.report, "report"), addresses=addresses)

    def _opened_rejects(self) -> Rejects | None:
        from ...core.runs.rejects import Rejects

        return None if self.rejects is None else Rejects(opened_bytes(self.rejects, "rejects"), str(self.rejects))

    def _failure(self, done: RunResult) -> Failure | None:
        """Why the task fails, after everything is done and the report is written."""
        broken, stopped = self._thresholds().failure(done), done.stopped_by
        if stopped is not None:
            message = message_of(stopped)
        elif broken is not None:
            message = redaction.text(broken, MAX_MESSAGE)
        else:
            return None
        retryable = done.retryable or (stopped is not None and stopped.retryable)
        files = "".join(
            f" The {argument} {verb} in {self._files()[argument]}."
            for argument, verb in (("report", "is"), ("rejects", "are"))
            if self._files()[argument] is not None
        )
        message = f"{message} ({counted(done.summary)}){self._added_to_failure(done)}{files}"
        return Failure(message, retryable, is_data=done.complete)

    def _added_to_failure(self, done: RunResult) -> str:
        """What the message of a failed task of this verb says beside the reasons."""
        return ""

    def _tell_failure(self, context: Context, *, is_complete: bool) -> None:
        """Log the warnings of a failed run, and push its result to XCom."""
        if self._recorder is None:
            return
        for warning in bounded(self._recorder.result.warnings):
            self.log.warning("%s", warning)
        if "ti" in context:
            result = self._result_of(self._recorder.result)
            context["ti"].xcom_push(key=RESULT_KEY, value={**result, "complete": is_complete})

    def _result_of(self, done: RunResult) -> dict[str, Any]:
        """The task's result, which stays below 4 KiB.

        ``complete``: everything is done but what was refused: ``invalid`` or ``rejected`` rows.
        """
        return {
            "changed": done.changed,
            "complete": done.complete,
            "summary": done.summary,
            **self._more(done),
            "columns": {"mapped": _first_mapped(done), "ignored": bounded(done.columns.ignored)},
            "warnings": bounded(done.warnings),
            "report": url_of(self.report, "report"),
            "rejects": url_of(self.rejects, "rejects"),
        }


def _first_mapped(done: RunResult) -> dict[str, str]:
    """The first columns that were read, with the field of each."""
    mapped = done.columns.mapped
    kept = bounded([f"{column}{field}" for column, field in mapped.items()])
    return dict(list(mapped.items())[: len(kept)])


def bounded(texts: Sequence[str]) -> list[str]:
    """The first texts, in all at most MAX_CHARACTERS; a longer one is cut."""
    found: list[str] = []
    left = MAX_CHARACTERS
    for text in texts:
        if left <= 0:
            break
        found.append(text[:left])
        left -= len(text) + 4
    return found
