# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A request whose response was lost: its contacts are read, before anything else is sent (rule 6 of the design)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..api.client import SentoriApi
from ..contacts.reader import Found
from ..errors import SentoriError
from ..runs.outcome import UNKNOWN, Outcome
from .attribution import by_contact, is_new_and_suppressed, read_again
from .batches import Batch
from .candidate import Candidate

# With the pauses before them, 16 to 31 seconds.
MAX_LOOKS = 6


class Look(NamedTuple):
    """The contacts of a batch as they are after a lost response.

    ``waited``: seconds of pauses before the last look. ``complete``: whether ``max_wait`` had the time for all looks.
    """

    found: list[Found]
    waited: float
    complete: bool

    def shows_effect(self, batch: Batch) -> bool:
        """Whether a contact shows that the import acted on the batch, or cannot be read."""
        return any(
            isinstance(found, SentoriError) or _took_effect(one, found)
            for one, found in zip(batch.candidates, self.found)
        )


def look(api: SentoriApi, batch: Batch, concurrency: int) -> Look:
    """Read the contacts of the batch, several times if they show nothing, since the import may still be running."""
    found: list[Found] = []
    before = api.statistics.waited_seconds
    for number in range(1, MAX_LOOKS + 1):
        had_time = api.back_off(number)
        if had_time or not found:
            found = read_again(api, batch.candidates, concurrency)
        seen = Look(found, api.statistics.waited_seconds - before, had_time)
        if not had_time or any(_took_effect(one, each) for one, each in zip(batch.candidates, found)):
            return seen
    return seen


def outcomes_after(batch: Batch, seen: Look, lost: SentoriError) -> list[Outcome]:
    """Rows whose contacts have their values are done, all others are in doubt."""
    return [_outcome(one, found, lost) for one, found in zip(batch.candidates, seen.found)]


def in_doubt(candidates: Sequence[Candidate], lost: SentoriError) -> list[Outcome]:
    """Rows of which nothing shows whether Sentori accepted them."""
    return [one.predicted().in_doubt(lost) for one in candidates]


def _outcome(one: Candidate, found: Found, lost: SentoriError) -> Outcome:
    if found is None or isinstance(found, SentoriError) or not one.has_values(found):
        return one.predicted().in_doubt(lost)
    if one.was_read and is_new_and_suppressed(one, found):
        return one.predicted().in_doubt(lost)
    outcome = by_contact(one, found)
    # Without a read before, nothing shows whether the contact has its values because of this request.
    return outcome if one.was_read else outcome._replace(certainty=UNKNOWN)


def _took_effect(one: Candidate, found: Found) -> bool:
    """Whether a read shows that the import acted on this row; a row that was unchanged before shows nothing."""
    if one.is_unchanged or found is None or isinstance(found, SentoriError):
        return False
    return one.has_values(found)
