# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Addresses that a task gets as an argument, or from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import TYPE_CHECKING, NamedTuple

from airflow.providers.common.compat.sdk import ObjectStoragePath

from ..core import addresses
from ..core.errors import InvalidInput
from .lazy_argument import LazyArgument

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import BaseOperator, Context


class Emails(LazyArgument):
    """Addresses that are resolved when the task runs: a list, an XComArg, or a template that renders to a list."""

    def __init__(self, given: object) -> None:
        super().__init__(given, "addresses out of the DAG file")

    def value(self, task: BaseOperator, context: Context) -> list[object]:
        """The addresses, unchecked. Raises InvalidInput for anything but a list."""
        found = super().value(task, context)
        if isinstance(found, str):
            raise InvalidInput(
                "a list of addresses is needed, not a text. A template renders to a list only in a DAG with"
                " render_template_as_native_obj=True.",
                option="emails",
            )
        if not isinstance(found, Iterable) or isinstance(found, (bytes, Mapping)):
            raise InvalidInput(
                f"a list of addresses is needed, and type {type(found).__name__} was given.", option="emails"
            )
        return list(found)


class Placed(NamedTuple):
    """Addresses, and where each is in the input: ``emails[3]``, or ``line 4 of emails_path``."""

    emails: list[object]
    places: list[str]


def placed(emails: Emails | None, path: object, task: BaseOperator, context: Context) -> Placed:
    """The addresses of ``emails``, or of the file at ``path``. Raises InvalidInput; what the file system raises."""
    if (emails is None) == (path is None):
        raise InvalidInput("give either emails or emails_path.", option="emails")
    if emails is not None:
        found = emails.value(task, context)
        return Placed(found, [f"emails[{position}]" for position in range(len(found))])
    lines = _lines(path)
    places = [f"line {number} of emails_path" for number in lines]
    return Placed([*addresses.distinct(zip(places, lines.values(), strict=True))], places)


def _lines(path: object) -> dict[int, str]:
    """Line number, from 1 -> the address in that line; blank lines are left out."""
    if not isinstance(path, (str, PathLike, ObjectStoragePath)) or not str(path).strip():
        raise InvalidInput("the path of a file is needed.", option="emails_path")
    file = path if isinstance(path, ObjectStoragePath) else ObjectStoragePath(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("a text file in UTF-8 is needed, with one address a line.", option="emails_path") from None
    return {number: line for number, line in enumerate(text.split("\n"), start=1) if line.strip()}
