# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An argument that no rendered template shows, because it holds people's data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import XComArg

from ..core.errors import InvalidInput

if TYPE_CHECKING:
    from typing import Self

    from airflow.providers.common.compat.sdk import BaseOperator, Context


class LazyArgument(XComArg):
    """An argument whose value is resolved only when the task runs.

    Airflow stores what a template field renders to. This one renders to itself, and shows where its value comes
    from, never the value. The tasks it comes from are upstream of this one, as with any other XComArg.

    :param given: a value, an XComArg, or a template; in a list each element may be one as well.
    :param shown_as: the text that is shown for a value.
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

    def value(self, task: BaseOperator, context: Context) -> Any:
        """The value itself."""
        return task.render_template(self._given, context)


class Emails(LazyArgument):
    """Addresses that are resolved when the task runs: a list, an XComArg, or a template that renders to a list."""

    def __init__(self, given: object, option: str = "emails") -> None:
        super().__init__(given, "addresses out of the DAG file")
        self._option = option

    def value(self, task: BaseOperator, context: Context) -> list[object]:
        """The addresses, unchecked. Raises InvalidInput for anything but a list."""
        found = super().value(task, context)
        if isinstance(found, str):
            raise InvalidInput(
                "a list of addresses is needed, not a text. A template renders to a list only in a DAG with"
                " render_template_as_native_obj=True.",
                option=self._option,
            )
        if not isinstance(found, Iterable) or isinstance(found, (bytes, Mapping)):
            message = f"a list of addresses is needed, and type {type(found).__name__} was given."
            raise InvalidInput(message, option=self._option)
        return list(found)
