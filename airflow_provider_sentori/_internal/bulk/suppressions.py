# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The arguments and the work of operators that suppress addresses."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any

from ...core.runs.outcome import OF_SUPPRESSIONS
from .source_size import SizedOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from ...core.rows.row import Rows
    from ...core.runs.progress import Progress
    from ...core.runs.recorder import Recorder
    from ...hooks.sentori import SentoriHook


class SuppressionsOperator(SizedOperator):
    """An operator that suppresses addresses; SentoriSuppressionsOperator explains the arguments."""

    template_fields: Sequence[str] = (
        "state",
        "max_suppressions",
        *SizedOperator.template_fields,
    )
    actions = OF_SUPPRESSIONS

    def __init__(
        self,
        *,
        state: str = "suppressed",
        max_suppressions: int | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.state = state
        self.max_suppressions = max_suppressions

    @abstractmethod
    def _open_rows(self, context: Context) -> AbstractContextManager[Rows]:
        """The rows with the addresses to suppress. Raises InvalidInput."""

    def _apply(self, hook: SentoriHook, recorder: Recorder, progress: Progress, context: Context) -> None:
        from ...core.suppressions.bulk import apply_suppressions

        with ExitStack() as opened:
            apply_suppressions(
                hook.get_conn(),
                lambda: opened.enter_context(self._open_rows(context)),
                recorder,
                state=self.state,
                max_suppressions=self.max_suppressions,
                memory=self._memory(context),
                concurrency=hook.settings.concurrency,
                progress=progress,
                dry_run=self.is_dry_run,
            )
