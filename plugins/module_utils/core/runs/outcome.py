# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What became of one row, item or address, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..errors import ApiError, SentoriError
from ..fields import FieldValue

CREATED, UPDATED, DELETED = "created", "updated", "deleted"
SUBSCRIBED, UNSUBSCRIBED, SUPPRESSED = "subscribed", "unsubscribed", "suppressed"
SUPPRESSED_UPDATED, BAD_EMAIL_UPDATED = "suppressed_updated", "bad_email_updated"
UNCHANGED, UNVERIFIABLE, DUPLICATE = "unchanged", "unverifiable", "duplicate"
INVALID, REJECTED, FAILED, IN_DOUBT = "invalid", "rejected", "failed", "in_doubt"

CHANGES = frozenset(
    {CREATED, UPDATED, DELETED, SUBSCRIBED, UNSUBSCRIBED, SUPPRESSED, SUPPRESSED_UPDATED, BAD_EMAIL_UPDATED}
)

# The actions of each kind of run, in the order in which a summary shows them.
OF_CONTACTS = (CREATED, UPDATED, DELETED, UNCHANGED, FAILED, IN_DOUBT)
OF_SUBSCRIPTIONS = (SUBSCRIBED, UNSUBSCRIBED, UNCHANGED, UNVERIFIABLE, FAILED, IN_DOUBT)
OF_IMPORTS = (
    CREATED,
    UPDATED,
    UNCHANGED,
    SUPPRESSED_UPDATED,
    BAD_EMAIL_UPDATED,
    UNVERIFIABLE,
    DUPLICATE,
    INVALID,
    REJECTED,
    IN_DOUBT,
    FAILED,
)

EXACT, INFERRED, UNKNOWN = "exact", "inferred", "unknown"

State = Mapping[str, FieldValue]


class Outcome(NamedTuple):
    """What became of one row.

    - ``action``: one of the constants above. ``unverifiable``: Sentori accepted the request, and nothing shows its
      effect; ``in_doubt``: a response was lost, and reading does not tell.
    - ``place``: where the row is in its source (``line 7``, ``contacts[3]``); ``reason``: a sentence, where one is due.
    - ``certainty``: whether the action of this row is known (``exact``), ``inferred``, or ``unknown``.
    - ``retryable``: a later run may do better.
    - ``error``: the error that was met, with its operation, status and code.
    - ``before``, ``after``: the fields that differ, None where there is no contact; ``contact``: the contact as Sentori
      has it now, if that is known.
    - ``added``: a contact was added, so that it could be subscribed.
    """

    email: str
    action: str
    place: str = ""
    reason: str = ""
    certainty: str = EXACT
    retryable: bool = False
    error: SentoriError | None = None
    before: State | None = None
    after: State | None = None
    contact: State | None = None
    added: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.added or self.action in CHANGES

    @property
    def changed_fields(self) -> list[str]:
        """The names of the fields that were set or changed, sorted."""
        return sorted(self.after or ()) if self.changed else []

    @property
    def code(self) -> int | None:
        """Sentori's error code."""
        return None if self.error is None else self.error.code

    def failed(self, error: SentoriError) -> Outcome:
        """The same row, not done because of ``error``."""
        return self._replace(action=FAILED, reason=str(error), retryable=error.retryable, error=error)

    def refused(self, error: SentoriError) -> Outcome:
        """The same row, rejected if ``error`` is Sentori's verdict about this person, else failed."""
        if isinstance(error, ApiError) and error.is_about_a_person:
            return self._replace(action=REJECTED, reason=str(error), error=error)
        return self.failed(error)

    def in_doubt(self, error: SentoriError) -> Outcome:
        """The same row; nobody can tell what became of it, because of ``error``. A later run reads it again."""
        return self._replace(action=IN_DOUBT, reason=str(error), retryable=True, error=error)
