# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Links from a task in the UI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.providers.common.compat.sdk import BaseOperatorLink, XCom

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

REPORT_KEY = "sentori_report"


class SentoriReportLink(BaseOperatorLink):
    """Leads to the report of an import, also if the task has failed."""

    name = "Sentori report"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """The URL of the report, or an empty text if the task writes none."""
        # Airflow logs an error if the key does not exist.
        if getattr(operator, "report", None) is None:
            return ""
        return XCom.get_value(key=REPORT_KEY, ti_key=ti_key) or ""
