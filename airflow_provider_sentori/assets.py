# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What a task tells of its outlets: whether something in Sentori is different now, in figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import Asset

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import BaseOperator, Context

TOLD = ("changed", "action", "summary", "mailing_list", "upload_groups", "upload_group", "attach_to", "report")


def tell_outlets(task: BaseOperator, context: Context, result: Mapping[str, Any]) -> None:
    """The event of each Asset among the task's outlets gets an extra of what the result holds and ``TOLD`` names."""
    extra = {name: result[name] for name in TOLD if result.get(name) is not None}
    for outlet in task.outlets or ():
        if isinstance(outlet, Asset):
            context["outlet_events"][outlet].extra = extra
