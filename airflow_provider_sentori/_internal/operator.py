# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The base of all operators: the connection, ``plan_only``, the log line, assets and OpenLineage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import Asset, BaseOperator

from ..hooks.sentori import SentoriHook
from . import coercion

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context
    from airflow.providers.openlineage.extractors import OperatorLineage

    from ..core.http.request import Statistics

IN_ASSET_EVENT = (
    "changed",
    "complete",
    "action",
    "summary",
    "mailing_list",
    "upload_groups",
    "upload_group",
    "attach_to",
    "report",
)


class SentoriOperator(BaseOperator):
    """An operator with a connection of type ``sentori`` and ``plan_only``; its template fields end with these two."""

    template_fields: Sequence[str] = ("plan_only", "sentori_conn_id")
    ui_color = "#e4f0f5"
    _result: Mapping[str, Any] | None = None
    _hook: SentoriHook | None = None

    def __init__(
        self,
        *,
        plan_only: bool | str = False,
        sentori_conn_id: str = SentoriHook.default_conn_name,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.plan_only = plan_only
        self.sentori_conn_id = sentori_conn_id

    def _connected(self) -> SentoriHook:
        """The hook of this run, which ``on_kill`` stops."""
        self._hook = SentoriHook(self.sentori_conn_id)
        return self._hook

    def on_kill(self) -> None:
        """Stop the run within seconds: it sends nothing more, and the report says what was done."""
        if self._hook is not None:
            self._hook.stop()

    @property
    def is_dry_run(self) -> bool:
        """``plan_only`` as a boolean. Raises InvalidInput."""
        return self._boolean("plan_only")

    def _boolean(self, argument: str) -> bool:
        """An argument, rendered by now, as a boolean. Raises InvalidInput, naming it."""
        return coercion.boolean(getattr(self, argument), argument)

    def _complete(
        self,
        context: Context,
        line: str,
        statistics: Statistics,
        result: Mapping[str, Any],
        warnings: Sequence[str] = (),
    ) -> dict[str, Any]:
        """The task's result. Logs the warnings and ``line``, and informs assets and OpenLineage."""
        result = {**result, "api": statistics._asdict(), "plan_only": self.is_dry_run}
        for warning in warnings:
            self.log.warning("%s", warning)
        cost = "requests: {requests}, retries: {retries}, seconds waited: {waited_seconds:g}".format(
            **statistics._asdict()
        )
        self.log.info("%s; %s", line, cost)
        self._result = result
        extra = {name: result[name] for name in IN_ASSET_EVENT if result.get(name) is not None}
        for outlet in self.outlets or ():
            if isinstance(outlet, Asset):
                context["outlet_events"][outlet].extra = extra
        return result

    def _predicted(self, done: str) -> str:
        """``would be created`` with ``plan_only``, else ``created``."""
        return f"would be {done}" if self.is_dry_run else done

    def _source_file(self) -> str | None:
        """The URL of the file that the task has read, if it has read one."""
        return None

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> OperatorLineage[Any, Any] | None:
        """The datasets and counts of a task that has succeeded, if OpenLineage's provider is installed.

        The datasets are ``contacts`` and ``mailing-lists/ID`` in the namespace of Sentori's host, and the file read.
        """
        if self._result is None:
            return None
        from .lineage import lineage

        return lineage(self.sentori_conn_id, self._source_file(), self._result)
