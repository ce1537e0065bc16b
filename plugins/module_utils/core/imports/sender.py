# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Send batches, one request after the other, with the upload groups that they make."""

from __future__ import annotations

from collections.abc import Iterable

from ..api.client import MAX_SENDS, SentoriApi
from ..errors import NoEffect, SentoriError
from ..runs.outcome import CHANGES, REJECTED, UNCHANGED, UNKNOWN, Outcome, not_sent
from ..runs.result import Alike, Part
from . import lost_response
from .attribution import Attribution
from .batches import Batch
from .candidate import Candidate
from .counters import Counters, counters_of
from .memory import Memory
from .upload_groups import send_attachment
from .wire import Wire


class Sender:
    """Sends the requests of one run, from one thread at a time.

    ``memory`` forgets rows before they are sent, and remembers them when it is known that Sentori has them.
    ``attachment`` gets each upload group as soon as it is made.
    """

    def __init__(self, api: SentoriApi, wire: Wire, memory: Memory, attachment: Attachment, concurrency: int) -> None:
        self._api = api
        self._wire = wire
        self._memory = memory
        self._attachment = attachment
        self._concurrency = concurrency
        self._attribution = Attribution(api, concurrency)

    def send(self, batch: Batch) -> Part:
        """The outcomes of the rows of one request. Raises no SentoriError: it is ``stopped_by``."""
        part = Part()
        try:
            self._memory.forget(batch.keys)
            counters = self._send(batch, part)
            self._remember(batch, part, counters)
        except SentoriError as error:
            part.stopped_by = part.stopped_by or error
            if not part.outcomes and not part.alike:
                part.outcomes = all_not_sent(batch.candidates, error)
        return part

    def _send(self, batch: Batch, part: Part) -> Counters | None:
        """Send until the outcome of the batch is known; returns the counters if the response arrived.

        After a lost response its contacts are read, and the request is sent again only if none of them has changed.
        """
        for sends in range(1, MAX_SENDS + 1):
            try:
                response = self._wire.send(batch.body)
            except SentoriError as error:
                if not error.ambiguous:
                    part.outcomes = [one.predicted().failed(error) for one in batch.candidates]
                    part.stopped_by = error if error.concerns_run else None
                    return None
                if not self._is_sent_again(batch, error, sends, part):
                    return None
            else:
                counters = counters_of(response, len(batch.candidates))
                outcomes = self._attribution.outcomes(batch, counters)
                if isinstance(outcomes, Alike):
                    part.alike.append(outcomes)
                else:
                    part.outcomes = outcomes
                part.counters = counters.all
                part.warnings += [] if counters.adds_up else [counters.warning]
                group = response.get("UploadGroupExternalID")
                if isinstance(group, str):
                    self._attachment.attach(group, part)
                return counters
        return None

    def _is_sent_again(self, batch: Batch, lost: SentoriError, sends: int, part: Part) -> bool:
        """After a lost response: False, with the outcomes in ``part``, or True if nothing shows that Sentori acted."""
        if all(one.is_unchanged for one in batch.candidates):
            part.outcomes, part.stopped_by = lost_response.in_doubt(batch.candidates, lost), lost
            return False
        seen = lost_response.look(self._api, batch, self._concurrency)
        if seen.shows_effect(batch):
            part.outcomes = lost_response.outcomes_after(batch, seen, lost)
            part.stopped_by = lost if any(outcome.error is lost for outcome in part.outcomes) else part.stopped_by
            self._attachment.report_lost_group(part, lost)
            return False
        if sends == MAX_SENDS or not seen.complete:
            part.outcomes, part.stopped_by = lost_response.in_doubt(batch.candidates, lost), lost
            return False
        try:
            self._memory.forget(batch.keys)
        except SentoriError as error:
            part.outcomes, part.stopped_by = lost_response.in_doubt(batch.candidates, lost), error
            return False
        count, reason = len(batch.candidates), str(lost).rstrip(".")
        part.warnings.append(
            f"The response to a request of {count} rows was lost ({reason}). {seen.waited:.0f} seconds later none of"
            " its contacts had changed, and the request was sent again."
        )
        return True

    def _remember(self, batch: Batch, part: Part, counters: Counters | None) -> None:
        """Remember the rows that Sentori is known to have, and those that it is known not to accept."""
        if part.alike:
            self._memory.remember(batch.keys, UNCHANGED)
            return
        all_accepted = counters is not None and counters.all_accepted
        for action, actions in ((UNCHANGED, CHANGES), (REJECTED, {REJECTED})):
            sure = [
                at
                for at, outcome in enumerate(part.outcomes)
                if outcome.action in actions and (all_accepted or outcome.certainty != UNKNOWN)
            ]
            self._memory.remember(batch.keys.at(sure), action)


class Attachment:
    """Attaches each upload group of an import as soon as it is made, so that it is attached if the run dies later.

    ``draft_email``: an ExternalID that ``find_draft`` has found; None attaches nothing.
    """

    def __init__(self, api: SentoriApi, draft_email: str | None, makes_groups: bool = True) -> None:
        self._api = api
        self._draft_email = draft_email
        self._makes_groups = makes_groups

    def attach(self, group: str, part: Part) -> None:
        """Note the group of a request in ``part``, and attach it; if that fails, the run stops."""
        part.upload_groups.append(group)
        if self._draft_email is None:
            return
        try:
            send_attachment(self._api, group, self._draft_email)
        except SentoriError as error:
            longer = error.followed_by(f"The rows are imported. Attach upload group {group} yourself.")
            # Another run would find every row unchanged, make no group, and attach nothing.
            longer.retryable = False
            part.stopped_by = part.stopped_by or longer

    def report_lost_group(self, part: Part, lost: SentoriError) -> None:
        """Tell that the response that names the group of a request was lost."""
        if not self._makes_groups:
            return
        reason = str(lost).rstrip(".")
        sentence = (
            f"The response to a request was lost ({reason}), and with it the ID of the upload group: look for it in"
            " Sentori."
        )
        if self._draft_email is None:
            part.warnings.append(sentence)
            return
        not_attached = NoEffect(f"{sentence} It is not attached to the draft email; attach it there.")
        part.stopped_by = part.stopped_by or not_attached


def all_not_sent(candidates: Iterable[Candidate], error: SentoriError) -> list[Outcome]:
    """Rows that were not sent because the run had stopped."""
    return [not_sent(one.email, one.place, error) for one in candidates]
