# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The outcome of one row, item or address, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..errors import ApiError, InvalidInput, SentoriError
from ..fields import FieldValue

CREATED, UPDATED, DELETED = "created", "updated", "deleted"
SUBSCRIBED, UNSUBSCRIBED, SUPPRESSED = "subscribed", "unsubscribed", "suppressed"
SUPPRESSED_UPDATED, BAD_EMAIL_UPDATED = "suppressed_updated", "bad_email_updated"
UNCHANGED, UNVERIFIABLE, DUPLICATE = "unchanged", "unverifiable", "duplicate"
ERASED = "erased"
EXPORTED, MISSING = "exported", "missing"
NOT_MAILABLE, LEFT = "not_mailable", "left"
INVALID, REJECTED = "invalid", "rejected"
FAILED, IN_DOUBT = "failed", "in_doubt"

CHANGES = frozenset(
    {CREATED, UPDATED, DELETED, SUBSCRIBED, UNSUBSCRIBED, SUPPRESSED, ERASED, SUPPRESSED_UPDATED, BAD_EMAIL_UPDATED}
)

# Rows of which a report says nothing.
SIMPLY_DONE = frozenset({CREATED, UPDATED, DELETED, SUBSCRIBED, UNSUBSCRIBED, SUPPRESSED, UNCHANGED, EXPORTED, MISSING})

# The rows that are not as asked, and that a corrected or later run may place.
NOT_PLACED = frozenset({INVALID, REJECTED, FAILED, IN_DOUBT})

# The actions of each kind of run, in the order in which a summary shows them.
_OF_ALL = (DUPLICATE, INVALID, REJECTED, IN_DOUBT, FAILED)
OF_CONTACTS = (CREATED, UPDATED, DELETED, UNCHANGED, *_OF_ALL)
OF_SUBSCRIPTIONS = (SUBSCRIBED, UNSUBSCRIBED, UNCHANGED, UNVERIFIABLE, NOT_MAILABLE, LEFT, *_OF_ALL)
OF_SUPPRESSIONS = (SUPPRESSED, ERASED, UNCHANGED, UNVERIFIABLE, *_OF_ALL)
OF_IMPORTS = (CREATED, UPDATED, UNCHANGED, SUPPRESSED_UPDATED, BAD_EMAIL_UPDATED, UNVERIFIABLE, NOT_MAILABLE, *_OF_ALL)
OF_EXPORTS = (EXPORTED, MISSING, DUPLICATE, INVALID, REJECTED, FAILED)

EXACT, INFERRED, UNKNOWN = "exact", "inferred", "unknown"

State = Mapping[str, FieldValue]


class Outcome(NamedTuple):
    """The outcome of one row.

    - ``action``: one of the constants above. ``invalid``: refused here, before any write about it; ``rejected``:
      refused by Sentori. ``not_mailable``: not subscribed, because the contact is suppressed or its address is bad;
      ``left``: not subscribed, because this person has left the mailing list since an earlier run.
      ``unverifiable``: Sentori accepted the request, and nothing shows its effect; ``in_doubt``: a response was lost,
      and reading does not tell. ``missing``: read for an export, and there is no contact.
    - ``place``: where the row is in its source (``line 7``, ``contacts[3]``); ``reason``: a sentence, where one is due.
    - ``certainty``: whether the action of this row is known (``exact``), ``inferred``, or ``unknown``.
    - ``retryable``: a later run may do better.
    - ``error``: the error that was met, with its operation, status and code.
    - ``before``, ``after``: the fields that differ, None where there is no contact; ``contact``: the contact as Sentori
      has it now, if that is known.
    - ``added``: a contact was added, so that it could be subscribed; ``suppressed_first``: the address was suppressed,
      and the person was not erased all the same.
    - ``proof``: what the report says of an erased person instead of the address.
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
    suppressed_first: bool = False
    warnings: tuple[str, ...] = ()
    proof: Mapping[str, str] | None = None

    @property
    def changed(self) -> bool:
        return self.added or self.suppressed_first or self.action in CHANGES

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
        """The same row, not done: invalid or rejected if ``error`` is about this person or row alone, else failed."""
        if isinstance(error, InvalidInput):
            return self._replace(action=INVALID, reason=str(error), error=error)
        if isinstance(error, ApiError) and error.is_about_a_person:
            return self._replace(action=REJECTED, reason=str(error), error=error)
        return self.failed(error)

    def alone(self) -> Outcome:
        """The same, as the outcome of a run over this one item, for which every refusal is a failure.

        Raises the error of an invalid item.
        """
        if isinstance(self.error, InvalidInput):
            raise self.error
        if self.error is not None and self.action in (REJECTED, NOT_MAILABLE):
            return self.failed(self.error)
        return self

    def in_doubt(self, error: SentoriError) -> Outcome:
        """The same row; nobody can tell its outcome, because of ``error``. A later run reads it again."""
        return self._replace(action=IN_DOUBT, reason=str(error), retryable=True, error=error)


def duplicate(email: str, place: str) -> Outcome:
    """The outcome of a row whose address an earlier row has."""
    return Outcome(email, DUPLICATE, place, "An earlier row has the same address.")


def not_sent(email: str, place: str, stopped_by: SentoriError) -> Outcome:
    """The outcome of a row that was not sent because the run had stopped."""
    outcome = Outcome(email, UNCHANGED, place).failed(stopped_by)
    return outcome._replace(reason=f"Not sent, because the run had stopped: {stopped_by}")
