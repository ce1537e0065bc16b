# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Arguments that may hold people: they are looked up only when the task runs, and are in no rendered template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import XComArg

if TYPE_CHECKING:
    from typing import Self

    from airflow.providers.common.compat.sdk import BaseOperator, Context


class Unrendered(XComArg):
    """An argument that is looked up only when the task runs.

    Airflow stores what a template field renders to. This one renders to itself, and shows where its value comes
    from, never the value. The tasks that it comes from are upstream of this one, as with any other XComArg.

    :param given: a value, an XComArg, or a template; in a list each may be one as well.
    :param shown_as: what is shown for a value.
    """

    def __init__(self, given: object, shown_as: str) -> None:
        self._given = given
        self._shown_as = shown_as

    def iter_references(self) -> Iterator[tuple[Any, str]]:
        return XComArg.iter_xcom_references(self._given)

    def resolve(self, context: Mapping[str, Any], **_: Any) -> Self:
        return self

    def __str__(self) -> str:
        return str(self._given) if isinstance(self._given, (str, XComArg)) else self._shown_as

    __repr__ = __str__

    def look_up(self, task: BaseOperator, context: Context) -> Any:
        """The value itself."""
        return task.render_template(self._given, context)
