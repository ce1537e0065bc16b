# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows of JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from .columns import Columns
from .row import BrokenSource, Row


def jsonl_rows(lines: Iterable[str], columns: Columns) -> Iterator[Row]:
    """The rows of JSON Lines: one object a line; empty lines are not rows.

    Raises InvalidInput if the names of a row do not fit; BrokenSource for a line that is not an object, names a key
    twice, or contains NaN or Infinity, which JSON does not have.
    """
    decoder = json.JSONDecoder(object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    for number, line in enumerate(lines, 1):
        text = line.strip(" \t\r\n")
        if text:
            place = f"line {number}"
            yield Row(place, columns.fields_of(_object(decoder, text, place), "src", place))


def _object(decoder: json.JSONDecoder, text: str, place: str) -> dict[str, Any]:
    reason = "it is of another type"
    try:
        found = decoder.decode(text)
        if isinstance(found, dict):
            return found
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at character {error.colno}"
    except ValueError as error:
        reason = str(error)
    except RecursionError:
        reason = "it is nested too deeply"
    raise BrokenSource(f"{place} is not a JSON object ({reason}). Write one object a line.", option="src")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
