# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The arguments and the work of operators that import."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.providers.common.compat.sdk import ObjectStoragePath

from ...core.errors import InvalidInput
from ...core.runs.outcome import OF_IMPORTS
from .. import coercion
from ..files import json_lines, url_of
from .operator import bounded
from .source_size import SizedOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from ...core.contacts.schema import Schema
    from ...core.imports.options import ImportOptions
    from ...core.rows.row import Rows
    from ...core.runs.progress import Progress
    from ...core.runs.recorder import Recorder
    from ...core.runs.result import RunResult
    from ...hooks.sentori import SentoriHook


class ImportOperator(SizedOperator):
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
        "verify",
        "verify_after_days",
        "differences",
        *SizedOperator.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"columns": "json"}
    actions = OF_IMPORTS

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
        chunk_size: int | str = 10_000,
        attach_to: str | None = None,
        verify: str = "changed",
        verify_after_days: float | str | None = None,
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
        self.verify = verify
        self.verify_after_days = verify_after_days
        self.differences = differences

    @abstractmethod
    def _open_rows(self, context: Context, schema: Schema) -> AbstractContextManager[Rows]:
        """The rows to import. Raises InvalidInput."""

    def _apply(self, hook: SentoriHook, recorder: Recorder, progress: Progress, context: Context) -> None:
        from ...core.imports.run import import_rows

        options = self._options(hook, context)
        if self.differences is not None and not self.is_dry_run:
            raise InvalidInput("can only be used with plan_only.", option="differences")
        with json_lines(self.differences, "differences") as differing, ExitStack() as opened:
            import_rows(
                hook.get_conn(),
                lambda schema: opened.enter_context(self._open_rows(context, schema)),
                options,
                recorder,
                progress=progress,
                dry_run=self.is_dry_run,
                differing=differing,
            )

    def _line(self, done: RunResult) -> str:
        return f"{super()._line(done)}; upload groups: {', '.join(bounded(done.upload_groups)) or 'none'}"

    def _more(self, done: RunResult) -> dict[str, Any]:
        return {
            "counters": dict(done.counters),
            "upload_groups": bounded(done.upload_groups),
            "upload_groups_total": len(done.upload_groups),
            "differences": url_of(self.differences, "differences"),
        }

    def _added_to_failure(self, done: RunResult) -> str:
        groups = bounded(done.upload_groups)
        return f" Upload groups so far: {', '.join(groups)}." if groups else ""

    def _files(self) -> dict[str, str | None]:
        return {
            **super()._files(),
            "differences": url_of(self.differences, "differences"),
        }

    def _options(self, hook: SentoriHook, context: Context) -> ImportOptions:
        from ...core.imports.options import ImportOptions

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
            memory=self._memory(context, verify=self.verify != "changed", verify_after_days=days is not None),
            verify=self.verify,
            verify_after_days=None if days is None else coercion.number(days, "verify_after_days"),
        )
