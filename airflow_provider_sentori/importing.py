# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An import inside of a task: its arguments, its report, its result."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar, TextIO

from airflow.providers.common.compat.sdk import ObjectStoragePath

from . import coercion
from .core.errors import InvalidInput
from .core.import_run import Declared, import_rows
from .core.imports import DEFAULT_CHUNK, ImportResult
from .core.progress import Progress
from .core.report import Report
from .core.runs.files import check_distinct
from .core.thresholds import Thresholds
from .hooks.sentori import SentoriHook
from .links.sentori import REPORT_KEY, SentoriReportLink
from .operator import SentoriOperator
from .run import Failure, counted, run, sentence_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from airflow.providers.common.compat.sdk import BaseOperatorLink, Context

    from .core.fields import Contact
    from .core.sources import Rows

    OpenRows = Callable[[Collection[str]], AbstractContextManager[Rows]]

PROGRESS_EVERY = 10.0
# Of a result, which has to stay below 4 KiB as a whole.
MOST_CHARACTERS = 700


class ImportingOperator(SentoriOperator):
    """What every operator has that imports; its arguments are explained in SentoriImportOperator."""

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
        "max_rejected_percent",
        "min_rows",
        "differences",
        "plan_only",
        "sentori_conn_id",
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
        max_rejected: int | str | None = None,
        max_rejected_percent: float | str | None = None,
        min_rows: int | str = 0,
        differences: str | ObjectStoragePath | None = None,
        plan_only: bool | str = False,
        sentori_conn_id: str = SentoriHook.default_conn_name,
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
        self.max_rejected_percent = max_rejected_percent
        self.min_rows = min_rows
        self.differences = differences
        self.plan_only = plan_only
        self.sentori_conn_id = sentori_conn_id

    def _imported(self, context: Context, open_rows: OpenRows) -> dict[str, Any]:
        """The task's result; ``open_rows`` gets what holds the names of the account's fields."""
        done, statistics = run(self.sentori_conn_id, lambda hook: self._import(hook, context, open_rows), self._failure)
        result = {
            "changed": done.changed,
            "summary": done.summary,
            "upload_groups": _bounded(done.upload_groups),
            "upload_groups_total": len(done.upload_groups),
            "warnings": _bounded([*self._thresholds().warnings(done.summary), *done.warnings]),
            "report": _address(self.report, "report"),
            "differences": _address(self.differences, "differences"),
            "api": asdict(statistics),
            "plan_only": coercion.boolean(self.plan_only, "plan_only"),
        }
        self._log_result(result)
        self._tell(context, result)
        return result

    def _import(self, hook: SentoriHook, context: Context, open_rows: OpenRows) -> ImportResult:
        declared = self._declared(hook)
        self._thresholds()
        plan_only = coercion.boolean(self.plan_only, "plan_only")
        if self.differences is not None and not plan_only:
            raise InvalidInput("goes with plan_only only.", option="differences")
        addresses = coercion.boolean(self.report_addresses, "report_addresses")
        if addresses and self.report is None:
            raise InvalidInput("goes with report only.", option="report_addresses")
        report_address = _address(self.report, "report")
        check_distinct(
            {
                "source": self._source_file(),
                "state_file": self.state_file,
                "report": report_address,
                "differences": _address(self.differences, "differences"),
            }
        )
        if report_address is not None and "ti" in context:
            context["ti"].xcom_push(key=REPORT_KEY, value=report_address)
        with (
            _differences(self.differences) as differing,
            ExitStack() as opened,
            self._progress() as progress,
        ):
            report = None if self.report is None else Report(_written(self.report, "report"), addresses=addresses)
            return import_rows(
                hook.get_conn(),
                lambda known: opened.enter_context(open_rows(known)),
                lambda outcome: None,
                declared,
                report=report,
                progress=progress,
                dry_run=plan_only,
                differing=differing,
            )

    def _progress(self) -> Progress:
        return Progress(lambda standing: self.log.info("%s", standing), PROGRESS_EVERY)

    def _declared(self, hook: SentoriHook) -> Declared:
        level, days = self.gzip_level, self.verify_after_days
        return Declared(
            scope=self.scope,
            compare=coercion.boolean(self.compare, "compare"),
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
        most, percent = self.max_rejected, self.max_rejected_percent
        return Thresholds(
            None if most is None else coercion.integer(most, "max_rejected"),
            None if percent is None else coercion.number(percent, "max_rejected_percent"),
            coercion.integer(self.min_rows, "min_rows"),
        )

    def _failure(self, done: ImportResult) -> Failure | None:
        """Why the task fails, once all is done and the report is written; rejected rows are rejected again."""
        broken = self._thresholds().broken(done.summary)
        stopped = done.stopped_by
        if stopped is None and broken is None:
            return None
        sentence = broken if stopped is None else sentence_of(stopped)
        groups = f" Upload Groups so far: {', '.join(_bounded(done.upload_groups))}." if done.upload_groups else ""
        report = f" The report is in {_address(self.report, 'report')}." if self.report is not None else ""
        may_pass = done.retryable or (stopped is not None and stopped.retryable)
        return Failure(f"{sentence} ({counted(done.summary)}){groups}{report}", may_pass)

    def _log_result(self, result: Mapping[str, Any]) -> None:
        for warning in result["warnings"]:
            self.log.warning("%s", warning)
        self.log.info(
            "%d rows: %s%s; Upload Groups: %s; requests: %d, retries: %d, seconds waited: %g",
            result["summary"]["total"],
            "would be " if result["plan_only"] else "",
            counted(result["summary"]),
            ", ".join(result["upload_groups"]) or "none",
            *result["api"].values(),
        )


def _path(given: object, option: str) -> ObjectStoragePath:
    if isinstance(given, ObjectStoragePath):
        return given
    if not isinstance(given, str) or not given.strip():
        raise InvalidInput("the path of a file is needed.", option=option)
    return ObjectStoragePath(given)


def _address(given: object, option: str) -> str | None:
    """A URL, which as a path leads to the same file again: nothing in it is quoted."""
    if given is None:
        return None
    address = str(_path(given, option))
    return address if "://" in address else f"file://{address}"


def _written(given: object, option: str) -> TextIO:
    path = _path(given, option)
    if path.protocol in ("", "file"):
        path.parent.mkdir(parents=True, exist_ok=True)
    opened: TextIO = path.open("w", encoding="utf-8")  # type: ignore[no-untyped-call]
    return opened


@contextmanager
def _differences(given: object) -> Iterator[Callable[[Contact], object]]:
    """What takes the rows that differ, and writes them to a file of JSON Lines, if one is given."""
    if given is None:
        yield lambda row: None
        return
    with _written(given, "differences") as file:
        yield lambda row: file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _bounded(texts: Sequence[str]) -> list[str]:
    """The first of them, in all not more than MOST_CHARACTERS; a longer one is cut."""
    found: list[str] = []
    left = MOST_CHARACTERS
    for text in texts:
        if left <= 0:
            break
        found.append(text[:left])
        left -= len(text) + 4
    return found
