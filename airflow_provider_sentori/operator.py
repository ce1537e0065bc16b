# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What every operator has: what it tells of itself to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import Asset, BaseOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context
    from airflow.providers.openlineage.extractors import OperatorLineage

TOLD = ("changed", "action", "summary", "mailing_list", "upload_groups", "upload_group", "attach_to", "report")


class SentoriOperator(BaseOperator):
    """An operator that tells its assets and OpenLineage, in figures, what has changed in Sentori."""

    ui_color = "#e4f0f5"
    sentori_conn_id: str
    _result: Mapping[str, Any] | None = None

    def _tell(self, context: Context, result: Mapping[str, Any]) -> None:
        """The event of each Asset among the outlets gets an extra of what the result holds and ``TOLD`` names."""
        self._result = result
        extra = {name: result[name] for name in TOLD if result.get(name) is not None}
        for outlet in self.outlets or ():
            if isinstance(outlet, Asset):
                context["outlet_events"][outlet].extra = extra

    def _source_file(self) -> str | None:
        """The address of the file that the task has read, if it has read one."""
        return None

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> OperatorLineage[Any, Any] | None:
        """What OpenLineage learns of a task that has succeeded, where its provider is installed: datasets and counts.

        The datasets are ``contacts`` and ``mailing-lists/ID`` in the namespace of Sentori's host, and the file read.
        """
        if self._result is None:
            return None
        from .lineage import lineage

        return lineage(self.sentori_conn_id, self._source_file(), self._result)
