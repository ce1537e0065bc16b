# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows of JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..errors import InvalidInput
from .columns import Columns
from .row import BrokenSource, Row

OBJECTS = 'Each row is one object, such as {"EmailAddress": "mary@example.com"}.'


def jsonl_rows(lines: Iterable[str], columns: Columns) -> Iterator[Row]:
    """The rows of JSON Lines: one object a line; empty lines are not rows.

    A row has an ``error`` if its names do not fit, or if its line is not an object, names a key twice, or contains NaN
    or Infinity, which JSON does not have. Raises BrokenSource if the first line is not an object.
    """
    decoder = json.JSONDecoder(object_pairs_hook=without_repeats, parse_constant=refuse_constant)
    is_first = True
    for number, line in enumerate(lines, 1):
        text = line.strip(" \t\r\n")
        if not text:
            continue
        place = f"line {number}"
        try:
            found = _object(decoder, text)
        except ValueError as reason:
            message = f"this is not a JSON object ({reason}). {OBJECTS}"
            if is_first:
                raise BrokenSource(f"{place}: {message}", option="src") from None
            yield Row(place, {}, text, InvalidInput(message, option=place))
            continue
        is_first = False
        yield columns.row(place, found)


def _object(decoder: json.JSONDecoder, text: str) -> dict[str, Any]:
    """The object in a line. Raises ValueError with the reason why it is not one."""
    try:
        found = decoder.decode(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at character {error.colno}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("it is of another type")
    return found


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Raises ValueError for a key that appears twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def refuse_constant(name: str) -> None:
    """Raise ValueError: Python accepts NaN and Infinity, which JSON does not have."""
    raise ValueError(f"{name} is not JSON")
