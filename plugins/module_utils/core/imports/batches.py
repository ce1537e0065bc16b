# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Requests of rows of one shape, so that no missing value blanks a field (rule 5 of the design).

In a v1 import the widest row decides the columns of all rows, missing values become blank, and blanks overwrite
(api-import-contacts). No page says whether v2.0 does the same, so it is assumed: each request has rows of one shape.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .. import fields
from ..fields import ADDRESS, Contact, FieldValue
from .candidate import NEVER_FILLED, Candidate
from .options import ImportOptions
from .wire import Wire, can_carry

_UNSET: dict[str, FieldValue] = {"text": "", "boolean": False, "number": None}


class Batch(NamedTuple):
    """One request: its rows as they are sent, and the candidates they come from."""

    candidates: list[Candidate]
    rows: list[Contact]


def batches(candidates: Sequence[Candidate], structure: Contact, options: ImportOptions, wire: Wire) -> Iterator[Batch]:
    """Requests of one shape each. A column that a row lacks gets the contact's current value, if that was read.

    A row for which that value cannot be sent goes into a request with rows of its own shape. Rows with
    ``NEVER_FILLED`` and rows without it are never in one request.
    """
    groups: dict[tuple[bool, frozenset[str]], list[Candidate]] = {}
    names_of = {
        named: _names(one for one in candidates if one.was_read and (NEVER_FILLED in one.fields) is named)
        for named in (False, True)
    }
    for one in candidates:
        named = NEVER_FILLED in one.fields
        is_filled = one.was_read and _can_be_filled(one, names_of[named], structure, wire)
        groups.setdefault((named, frozenset(names_of[named] if is_filled else one.fields)), []).append(one)
    for group in groups.values():
        yield from _cut(group, _names(group), structure, options)


def _names(candidates: Iterable[Candidate]) -> list[str]:
    return list(dict.fromkeys(name for one in candidates for name in one.fields))


def _can_be_filled(row: Candidate, names: Iterable[str], structure: Contact, wire: Wire) -> bool:
    for name in names:
        if name in row.fields:
            continue
        if row.current is not None and name not in row.current:
            return False
        filler = _current_value(row, name, structure)
        if not fields.is_sendable(filler) or not can_carry(wire, name, filler, row.place):
            return False
    return True


def _cut(
    group: Sequence[Candidate], names: Sequence[str], structure: Contact, options: ImportOptions
) -> Iterator[Batch]:
    batch, size = Batch([], []), 0
    for one in group:
        row: Contact = {ADDRESS: one.email}
        for name in names:
            row[name] = one.fields[name] if name in one.fields else _current_value(one, name, structure)
        length = len(json.dumps(row, ensure_ascii=False).encode()) + 1
        if batch.rows and (len(batch.rows) == options.chunk_size or size + length > options.max_bytes):
            yield batch
            batch, size = Batch([], []), 0
        batch.candidates.append(one)
        batch.rows.append(row)
        size += length
    if batch.rows:
        yield batch


def _current_value(row: Candidate, name: str, structure: Contact) -> FieldValue:
    """The contact's value in a column that only other rows give; for a new contact, the value it would have anyway."""
    if row.current is not None:
        value = row.current[name]
        return "" if value is None and fields.kind_of(structure[name]) == "text" else value
    return _UNSET[fields.kind_of(structure[name])]
