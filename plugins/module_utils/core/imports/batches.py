# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Requests of rows of one shape, so that no missing value blanks a field (rule 5 of the design).

In a v1 import the widest row decides the columns of all rows, missing values become blank, and blanks overwrite
(api-import-contacts). No page says whether v2.0 does the same, so it is assumed: each request has rows of one shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .. import fields
from ..fields import ADDRESS, Contact, FieldValue
from .candidate import NEVER_FILLED, Candidate
from .columns import Ready
from .memory import Keys, joined
from .options import ImportOptions
from .wire import Wire

_UNSET: dict[str, FieldValue] = {"text": "", "boolean": False, "number": None}


class Batch(NamedTuple):
    """One request: its body in parts, and the candidates that it is made of. ``keys``: of these in the memory."""

    candidates: Sequence[Candidate]
    body: Sequence[bytes]
    keys: Keys

    @property
    def was_read(self) -> bool:
        """Whether the contacts of all rows were read."""
        return not isinstance(self.candidates, Ready) and all(one.was_read for one in self.candidates)


def ready_batches(ready: Ready, options: ImportOptions, wire: Wire) -> Iterator[Batch]:
    """The requests of rows that were checked by the column."""
    return _batches(ready, wire.encode([ADDRESS, *ready.names], ready.columns), ready.keys, options, wire)


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
        names = _names(group)
        columns: list[list[FieldValue]] = [[one.email for one in group]]
        for name in names:
            columns.append(
                [one.fields[name] if name in one.fields else _current_value(one, name, structure) for one in group]
            )
        keys = joined(one.keys for one in group)
        yield from _batches(group, wire.encode([ADDRESS, *names], columns), keys, options, wire)


def _names(candidates: Iterable[Candidate]) -> list[str]:
    return list(dict.fromkeys(name for one in candidates for name in one.fields))


def _can_be_filled(row: Candidate, names: Iterable[str], structure: Contact, wire: Wire) -> bool:
    for name in names:
        if name in row.fields:
            continue
        if row.current is not None and name not in row.current:
            return False
        filler = _current_value(row, name, structure)
        if not fields.is_sendable(filler) or not wire.can_carry(name, filler):
            return False
    return True


def _batches(
    candidates: Sequence[Candidate], rows: Sequence[str], keys: Keys, options: ImportOptions, wire: Wire
) -> Iterator[Batch]:
    """The requests of encoded rows, which are in memory only until the bodies are made of them."""
    parts = list(_cut(rows, options))
    bodies = [wire.body(rows[part.start : part.stop]) for part in parts]
    del rows
    for part, body in zip(parts, bodies):
        yield Batch(candidates[part.start : part.stop], body, keys.at(part))


def _cut(rows: Sequence[str], options: ImportOptions) -> Iterator[range]:
    """The positions of rows that make one request: at most ``chunk_size`` rows and ``max_bytes``."""
    # In UTF-8 a character takes up to 4 bytes.
    if len(rows) <= options.chunk_size and 4 * (sum(map(len, rows)) + len(rows)) <= options.max_bytes:
        yield range(len(rows))
        return
    begin, size = 0, 0
    for at, row in enumerate(rows):
        length = len(row.encode()) + 1
        if at > begin and (at - begin == options.chunk_size or size + length > options.max_bytes):
            yield range(begin, at)
            begin, size = at, 0
        size += length
    yield range(begin, len(rows))


def _current_value(row: Candidate, name: str, structure: Contact) -> FieldValue:
    """The contact's value in a column that only other rows give; for a new contact, the value it would have anyway."""
    if row.current is not None:
        value = row.current[name]
        return "" if value is None and fields.kind_of(structure[name]) == "text" else value
    return _UNSET[fields.kind_of(structure[name])]
