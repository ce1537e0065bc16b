# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What would be done, and what was done, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .errors import SentoriError
from .fields import FieldValue

CREATED = "created"
UPDATED = "updated"
DELETED = "deleted"
SUBSCRIBED = "subscribed"
UNSUBSCRIBED = "unsubscribed"
SUPPRESSED = "suppressed"
UNCHANGED = "unchanged"
UNVERIFIABLE = "unverifiable"
FAILED = "failed"
IN_DOUBT = "in_doubt"
CHANGES = frozenset({CREATED, UPDATED, DELETED, SUBSCRIBED, UNSUBSCRIBED, SUPPRESSED})
OF_CONTACTS = (CREATED, UPDATED, DELETED, UNCHANGED, FAILED, IN_DOUBT)
OF_SUBSCRIPTIONS = (SUBSCRIBED, UNSUBSCRIBED, UNCHANGED, UNVERIFIABLE, FAILED, IN_DOUBT)

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
    """What became of one item.

    ``action``: ``created updated deleted`` of a contact, ``subscribed unsubscribed suppressed`` of an address;
    ``unchanged``; ``failed``; ``in_doubt`` where an answer was lost and reading does not help; ``unverifiable``
    where Sentori took the call, and shows nobody whether it had an effect.
    ``before`` and ``after`` as in the Plan that was carried out; ``contact`` as Sentori has it now, where it is
    known; ``warnings`` are sentences; ``added``: a contact was added, so that it could be subscribed.
    """

    email: str
    action: str
    before: State | None = None
    after: State | None = None
    contact: State | None = None
    error: SentoriError | None = None
    warnings: tuple[str, ...] = ()
    added: bool = False

    @property
    def changed(self) -> bool:
        return self.added or self.action in CHANGES

    @property
    def changed_fields(self) -> list[str]:
        """The names of the fields that a contact got or that became others, sorted."""
        return sorted(self.after or ()) if self.changed else []


def summary(outcomes: Iterable[Outcome], actions: Sequence[str] = OF_CONTACTS) -> dict[str, int]:
    """How many of each action there are, and their ``total``."""
    counts = dict.fromkeys(actions, 0)
    for outcome in outcomes:
        counts[outcome.action] += 1
    return {"total": sum(counts.values()), **counts}
