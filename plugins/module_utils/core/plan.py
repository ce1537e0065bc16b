# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What would be done, and what was done, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .errors import SentoriError
from .fields import FieldValue

CREATED = "created"
UPDATED = "updated"
DELETED = "deleted"
UNCHANGED = "unchanged"
FAILED = "failed"
IN_DOUBT = "in_doubt"
CHANGES = frozenset({CREATED, UPDATED, DELETED})

State = Mapping[str, FieldValue]


@dataclass(frozen=True)
class Plan:
    """What one item needs: computed from reads alone.

    ``action`` is what the Outcome's will be. ``before`` and ``after`` hold the fields that differ, None where
    there is no contact; of one to be deleted ``before`` holds all that are not blank. ``address`` and ``fields``
    are what the request will carry. ``contact`` is what the contact is, or will be, as far as can be told.
    ``error`` is set, and ``action`` is ``failed``, where nothing can be done.
    """

    email: str
    action: str
    before: State | None = None
    after: State | None = None
    address: str = ""
    fields: State | None = None
    contact: State | None = None
    error: SentoriError | None = None

    @property
    def changes(self) -> bool:
        return self.action in CHANGES


@dataclass(frozen=True)
class Outcome:
    """What became of one item: ``created updated deleted unchanged failed`` or ``in_doubt``.

    ``before`` and ``after`` as in the Plan that was carried out; ``contact`` as Sentori has it now, where it is
    known; ``warnings`` are sentences.
    """

    email: str
    action: str
    before: State | None = None
    after: State | None = None
    contact: State | None = None
    error: SentoriError | None = None
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.action in CHANGES

    @property
    def changed_fields(self) -> list[str]:
        """The names of the fields that a contact got or that became others, sorted."""
        return sorted(self.after or ()) if self.changed else []


def summary(outcomes: Iterable[Plan | Outcome]) -> dict[str, int]:
    """How many of each action, and their ``total``."""
    counts = dict.fromkeys((CREATED, UPDATED, DELETED, UNCHANGED, FAILED, IN_DOUBT), 0)
    for outcome in outcomes:
        counts[outcome.action] += 1
    return {"total": sum(counts.values()), **counts}
