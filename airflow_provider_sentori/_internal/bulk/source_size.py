# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The arguments by which an operator notices a source that came empty or half."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..memory.arguments import OF_MEMORY, MemoryOperator
from .operator import BulkOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from ...core.memory.storage import Place
    from ...core.runs.source_size import SourceSize

OF_SIZE = ("min_source_rows", "max_source_drop")


class SizedOperator(MemoryOperator, BulkOperator):
    """An operator whose source is counted first; SentoriImportOperator explains the arguments."""

    template_fields: Sequence[str] = (*OF_SIZE, *OF_MEMORY, *BulkOperator.template_fields)

    def __init__(
        self, *, min_source_rows: int | str | None = None, max_source_drop: int | str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.min_source_rows = min_source_rows
        self.max_source_drop = max_source_drop

    def _source_size(self) -> SourceSize:
        # Several tasks may share a memory.
        from ...core.runs.source_size import SourceSize

        return SourceSize(
            f"task {self.task_id}",
            self._thresholds().failure,
            min_source_rows=self.min_source_rows,
            max_source_drop=self.max_source_drop,
        )

    def _memory(self, context: Context, **needing: bool) -> Place | None:
        return super()._memory(context, max_source_drop=self.max_source_drop is not None, **needing)

    def _files(self) -> dict[str, str | None]:
        return {**super()._files(), "state_file": self.state_file}
