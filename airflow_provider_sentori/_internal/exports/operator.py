# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that read from Sentori: what is read, and who."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any

from ...core.runs.outcome import OF_EXPORTS
from ..bulk.operator import BulkOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context
    from airflow.providers.openlineage.extractors import OperatorLineage

    from ...core.exports.snapshot import Snapshot
    from ...core.rows.row import Rows
    from ...core.runs.progress import Progress
    from ...core.runs.recorder import Recorder
    from ...hooks.sentori import SentoriHook


class ExportOperator(BulkOperator):
    """An operator that saves what Sentori knows; SentoriExportOperator explains the arguments."""

    template_fields: Sequence[str] = ("what", "mailing_list", "fields", *BulkOperator.template_fields)
    actions = OF_EXPORTS
    # What the result says of what was saved.
    _saved: dict[str, Any]

    def __init__(
        self,
        *,
        what: str,
        mailing_list: str | None = None,
        fields: str | Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.what = what
        self.mailing_list = mailing_list
        self.fields = fields
        self._saved = {}

    @abstractmethod
    def _open_people(self, context: Context) -> AbstractContextManager[Rows] | None:
        """The people to read, for ``what: contacts``. Raises InvalidInput."""

    @abstractmethod
    def _save(self, snapshot: Snapshot, hook: SentoriHook) -> bool:
        """Save what was read; returns whether that changes anything. Raises InvalidInput."""

    def _fields(self) -> Sequence[str] | None:
        """The fields to read of each contact."""
        return [self.fields] if isinstance(self.fields, str) else self.fields

    def _apply(self, hook: SentoriHook, recorder: Recorder, progress: Progress, context: Context) -> None:
        from ...core.exports.run import export
        from ...core.exports.selection import Selection

        selection = Selection(self.what, self.mailing_list, self._fields())
        self._saved = {}
        with ExitStack() as opened:
            people = self._open_people(context)
            export(
                hook.get_conn(),
                selection,
                None if people is None else (lambda: opened.enter_context(people)),
                recorder,
                lambda snapshot: self._save(snapshot, hook),
                concurrency=hook.settings.concurrency,
                progress=progress,
            )

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> OperatorLineage[Any, Any] | None:
        """What was read, and the file that was written, if OpenLineage's provider is installed."""
        if self._result is None:
            return None
        from ..lineage import exported

        return exported(self.sentori_conn_id, self.what, self.mailing_list, self._result.get("dest"))

    def _more(self, done: Any) -> dict[str, Any]:
        return self._saved
