# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The arguments by which an operator names its memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...core import redaction
from ...core.errors import InvalidInput
from ..operator import SentoriOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from ...core.memory.storage import Place


OF_MEMORY = ("state_file", "state_conn_id", "state_table", "state_key")


class MemoryOperator(SentoriOperator):
    """An operator that remembers earlier runs; SentoriImportOperator explains the arguments."""

    template_fields: Sequence[str] = (*OF_MEMORY, *SentoriOperator.template_fields)

    def __init__(
        self,
        *,
        state_file: str | None = None,
        state_conn_id: str | None = None,
        state_table: str | None = None,
        state_key: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.state_file = state_file
        self.state_conn_id = state_conn_id
        self.state_table = state_table
        self.state_key = state_key

    def _memory(self, context: Context, **needing: bool) -> Place | None:
        """Where earlier runs are remembered. Raises InvalidInput for arguments that do not belong together.

        ``needing``: arguments that need a memory -> whether they are given.
        """

        from ...core.memory.state_file import StateFile
        from .state_table import DEFAULT_TABLE, StateTable

        if self.state_conn_id is None:
            for option in ("state_table", "state_key"):
                if getattr(self, option) is not None:
                    raise InvalidInput("can only be used with state_conn_id.", option=option)
            if self.state_file is not None:
                return StateFile(self.state_file)
            for option, is_given in needing.items():
                if is_given:
                    raise InvalidInput("can only be used with state_file or state_conn_id.", option=option)
            return None
        if self.state_file is not None:
            raise InvalidInput("give either state_file or state_conn_id.", option="state_conn_id")
        key = self._default_key(context) if self.state_key is None else self.state_key
        table = DEFAULT_TABLE if self.state_table is None else self.state_table
        return StateTable(self.state_conn_id, table, key, self._run_name(context))

    def _default_key(self, context: Context) -> str:
        """The DAG's and the task's ids: each mapped task has a memory of its own."""
        index = getattr(context.get("ti"), "map_index", None)
        shard = f"[{index}]" if isinstance(index, int) and index >= 0 else ""
        return f"{self.dag_id}.{self.task_id}{shard}"

    def _run_name(self, context: Context) -> str:
        """How this run is called in the message of another one that has to wait for it."""
        ti = context.get("ti")
        run, number = getattr(ti, "run_id", None), getattr(ti, "try_number", None)
        name = f"task {self._default_key(context)}"
        return redaction.text(f"{name}, run {run}, try {number}" if run else name)
