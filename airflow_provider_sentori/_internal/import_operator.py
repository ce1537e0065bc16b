# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The arguments and the work of operators that import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.providers.common.compat.sdk import ObjectStoragePath

from ..core import redaction
from ..core.errors import InvalidInput
from ..core.imports.options import DEFAULT_CHUNK, ImportOptions
from ..core.imports.run import import_rows
from ..core.runs.files import check_distinct
from ..core.runs.progress import Progress
from ..core.runs.report import Report
from ..core.runs.thresholds import Thresholds
from ..links.sentori import REPORT_KEY, SentoriReportLink
from . import coercion
from .files import json_lines, opened, url_of
from .operator import SentoriOperator
from .run import MAX_MESSAGE, Failure, counted, message_of, run_task

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import BaseOperatorLink, Context

    from ..core.contacts.schema import Schema
    from ..core.rows.row import Rows
    from ..core.runs.result import RunResult
    from ..hooks.sentori import SentoriHook

    OpenRows = Callable[[Schema], AbstractContextManager[Rows]]

PROGRESS_INTERVAL = 10.0
# The XCom key of the result of a task that has failed.
RESULT_KEY = "sentori_result"
# Of each list of texts in a result, which must stay below 4 KiB in all.
MAX_CHARACTERS = 700


class ImportOperator(SentoriOperator):
    """An operator that imports rows; SentoriImportOperator explains the arguments."""

    template_fields: Sequence[str] = (
        "columns",
        "ignore_unmapped",
        "name",
        "description",
        "scope",
        "compare",
        "on_blank",
        "api_version",
        "gzip_level",
        "chunk_size",
        "attach_to",
        "state_file",
        "verify",
        "verify_after_days",
        "report",
        "report_addresses",
        "max_rejected",
        "differences",
        *SentoriOperator.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"columns": "json"}
    operator_extra_links: Sequence[BaseOperatorLink] = (SentoriReportLink(),)

    def __init__(
        self,
        *,
        columns: Mapping[str, str] | None = None,
        ignore_unmapped: bool | str = False,
        name: str | None = None,
        description: str | None = None,
        scope: str = "changed",
        compare: bool | str = True,
        on_blank: str = "keep",
        api_version: str = "v2.0",
        gzip_level: int | str | None = None,
        chunk_size: int | str = DEFAULT_CHUNK,
        attach_to: str | None = None,
        state_file: str | None = None,
        verify: str = "changed",
        verify_after_days: float | str | None = None,
        report: str | ObjectStoragePath | None = None,
        report_addresses: bool | str = False,
        max_rejected: int | str = 0,
        differences: str | ObjectStoragePath | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.columns = columns
        self.ignore_unmapped = ignore_unmapped
        self.name = name
        self.description = description
        self.scope = scope
        self.compare = compare
        self.on_blank = on_blank
        self.api_version = api_version
        self.gzip_level = gzip_level
        self.chunk_size = chunk_size
        self.attach_to = attach_to
        self.state_file = state_file
        self.verify = verify
        self.verify_after_days = verify_after_days
        self.report = report
        self.report_addresses = report_addresses
        self.max_rejected = max_rejected
        self.differences = differences

    def _execute(self, context: Context, open_rows: OpenRows) -> dict[str, Any]:
        """The task's result; ``open_rows`` gets the account's schema."""
        done, statistics = run_task(
            self.sentori_conn_id,
            lambda hook: self._import(hook, context, open_rows),
            lambda done: self._judge(context, done),
        )
        warnings, groups = _bounded(done.warnings), _bounded(done.upload_groups)
        counts = self._predicted(counted(done.summary))
        line = f"{done.summary['total']} rows: {counts}; upload groups: {', '.join(groups) or 'none'}"
        return self._complete(context, line, statistics, self._result_of(done), warnings)

    def _result_of(self, done: RunResult) -> dict[str, Any]:
        """The task's result, which stays below 4 KiB."""
        return {
            "changed": done.changed,
            "summary": done.summary,
            "counters": dict(done.counters),
            "upload_groups": _bounded(done.upload_groups),
            "upload_groups_total": len(done.upload_groups),
            "warnings": _bounded(done.warnings),
            "report": url_of(self.report, "report"),
            "differences": url_of(self.differences, "differences"),
        }

    def _judge(self, context: Context, done: RunResult) -> Failure | None:
        """Why the task fails, if it does; its result is pushed to XCom all the same."""
        failure = self._failure(done)
        if failure is not None and "ti" in context:
            context["ti"].xcom_push(key=RESULT_KEY, value=self._result_of(done))
        return failure

    def _import(self, hook: SentoriHook, context: Context, open_rows: OpenRows) -> RunResult:
        options = self._options(hook)
        self._thresholds()
        if self.differences is not None and not self.is_dry_run:
            raise InvalidInput("can only be used with plan_only.", option="differences")
        addresses = self._boolean("report_addresses")
        if addresses and self.report is None:
            raise InvalidInput("can only be used with report.", option="report_addresses")
        self._check_files()
        if self.report is not None and "ti" in context:
            context["ti"].xcom_push(key=REPORT_KEY, value=url_of(self.report, "report"))
        with (
            json_lines(self.differences, "differences") as differing,
            ExitStack() as rows_opened,
            self._progress() as progress,
        ):
            return import_rows(
                hook.get_conn(),
                lambda schema: rows_opened.enter_context(open_rows(schema)),
                options,
                report=None if self.report is None else Report(opened(self.report, "report"), addresses=addresses),
                progress=progress,
                dry_run=self.is_dry_run,
                differing=differing,
            )

    def _progress(self) -> Progress:
        return Progress(lambda snapshot: self.log.info("%s", snapshot), PROGRESS_INTERVAL)

    def _check_files(self) -> None:
        """Raise InvalidInput if two of the task's files are the same; nothing is opened before."""
        check_distinct(
            {
                "source": url_of(self._source_file(), "source"),
                "state_file": self.state_file,
                "report": url_of(self.report, "report"),
                "differences": url_of(self.differences, "differences"),
            }
        )

    def _options(self, hook: SentoriHook) -> ImportOptions:
        level, days = self.gzip_level, self.verify_after_days
        return ImportOptions(
            scope=self.scope,
            compare=self._boolean("compare"),
            on_blank=self.on_blank,
            chunk_size=coercion.integer(self.chunk_size, "chunk_size"),
            concurrency=hook.settings.concurrency,
            api_version=self.api_version,
            name=self.name,
            description=self.description,
            gzip_level=None if level is None else coercion.integer(level, "gzip_level"),
            attach_to=self.attach_to,
            state_file=self.state_file,
            verify=self.verify,
            verify_after_days=None if days is None else coercion.number(days, "verify_after_days"),
        )

    def _thresholds(self) -> Thresholds:
        return Thresholds(self.max_rejected)

    def _failure(self, done: RunResult) -> Failure | None:
        """Why the task fails, after everything is done and the report is written."""
        broken, stopped = self._thresholds().failure(done), done.stopped_by
        if stopped is not None:
            message = message_of(stopped)
        elif broken is not None:
            message = redaction.text(broken, MAX_MESSAGE)
        else:
            return None
        groups = f" Upload groups so far: {', '.join(_bounded(done.upload_groups))}." if done.upload_groups else ""
        report = f" The report is in {url_of(self.report, 'report')}." if self.report is not None else ""
        retryable = done.retryable or (stopped is not None and stopped.retryable)
        return Failure(f"{message} ({counted(done.summary)}){groups}{report}", retryable)


def _bounded(texts: Sequence[str]) -> list[str]:
    """The first texts, in all at most MAX_CHARACTERS; a longer one is cut."""
    found: list[str] = []
    left = MAX_CHARACTERS
    for text in texts:
        if left <= 0:
            break
        found.append(text[:left])
        left -= len(text) + 4
    return found
