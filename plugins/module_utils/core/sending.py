# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows on their way: sent in requests of one shape, held against the counters that come back, and after a lost answer
looked up before anything else is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from . import errors, import_plan
from .api import SentoriApi
from .contact_reads import ContactReads, Found
from .fields import Contact
from .import_plan import IN_DOUBT, REJECTED, UNCHANGED, Batch, Candidate, RowOutcome
from .import_state import Memory

SENDS = 3
# With the pauses between them, up to half a minute.
LOOKS = 6
MOST_ATTRIBUTED = 10_000
ATTRIBUTED_AT_ONCE = 100


@dataclass
class Sent:
    """What became of the rows that were sent."""

    outcomes: list[RowOutcome] = field(default_factory=list)
    upload_groups: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stopped_by: errors.SentoriError | None = None


class Sender:
    """Sends one request after the other, by one thread at a time.

    ``send`` takes the rows of one request and returns Sentori's counters. ``memory`` forgets rows before they are
    sent, and remembers them when it is known that they are in Sentori.
    """

    def __init__(
        self,
        api: SentoriApi,
        send: Callable[[Sequence[Contact]], Mapping[str, Any]],
        reads: ContactReads,
        memory: Memory,
    ) -> None:
        self._api = api
        self._send_rows = send
        self._reads = reads
        self._memory = memory
        self._attributions_left = MOST_ATTRIBUTED

    def send(self, batches: Iterable[Batch]) -> Sent:
        """What became of the rows of these requests; nothing is raised that has to do with Sentori."""
        sent = Sent()
        for batch in batches:
            if sent.stopped_by is not None:
                sent.outcomes += import_plan.not_sent(batch.places, sent.stopped_by)
                continue
            before = len(sent.outcomes)
            try:
                self._memory.forget([one.given for one in batch.candidates])
                self._send(batch, sent)
                self._remember(batch, sent.outcomes[before:])
            except errors.InvalidInput as error:
                sent.stopped_by = error
                if len(sent.outcomes) == before:
                    sent.outcomes += import_plan.not_sent(batch.places, error)
        return sent

    def _remember(self, batch: Batch, outcomes: Sequence[RowOutcome]) -> None:
        """Keep of which rows it is known that Sentori has them now, and of which that it does not take them."""
        sure = [
            (one.given, outcome.action)
            for one, outcome in zip(batch.candidates, outcomes)
            if outcome.attribution != import_plan.UNKNOWN
        ]
        self._memory.remember([given for given, action in sure if action in import_plan.CHANGES], UNCHANGED)
        self._memory.remember([given for given, action in sure if action == REJECTED], REJECTED)

    def _send(self, batch: Batch, sent: Sent) -> None:
        """Send one request; after a lost answer read its contacts, and send again only if none of them has changed."""
        for sends_left in reversed(range(SENDS)):
            try:
                answer = self._send_rows(batch.rows)
            except errors.SentoriError as error:
                if not error.ambiguous:
                    sent.outcomes += [import_plan.failed(one, error) for one in batch.candidates]
                    sent.stopped_by = error if error.concerns_run else None
                    return
                lost = error
            else:
                self._settle(batch, answer, sent)
                return
            if all(one.holds for one in batch.candidates):
                self._leave_in_doubt(batch, lost, sent)
                return
            looked = self._look(batch)
            holding = [_holds_now(one, found) for one, found in zip(batch.candidates, looked)]
            if any(holding) or any(isinstance(found, errors.SentoriError) for found in looked):
                self._settle_by_looking(batch, looked, lost, sent)
                return
            if not sends_left:
                self._leave_in_doubt(batch, lost, sent)

    @staticmethod
    def _leave_in_doubt(batch: Batch, lost: errors.SentoriError, sent: Sent) -> None:
        sent.outcomes += [import_plan.in_doubt(one, lost) for one in batch.candidates]
        sent.stopped_by = lost

    def _look(self, batch: Batch) -> list[Found]:
        """The batch's contacts after a lost answer; several times, since the import may still be running."""
        looked: list[Found] = []
        for look in range(1, LOOKS + 1):
            if not self._api.back_off(look) and looked:
                break
            looked = self._read(batch.candidates)
            if any(_holds_now(one, found) for one, found in zip(batch.candidates, looked)):
                break
        return looked

    def _read(self, candidates: Sequence[Candidate]) -> list[Found]:
        try:
            return self._reads.of(candidates)
        except errors.SentoriError as error:
            return [error] * len(candidates)

    def _settle(self, batch: Batch, answer: Mapping[str, Any], sent: Sent) -> None:
        """The outcomes of a request that was answered: as foretold if the counters agree, else by reading again."""
        group = answer.get("UploadGroupExternalID")
        if isinstance(group, str):
            sent.upload_groups.append(group)
        counters = {counter: _count(answer.get(counter)) for counter in ("TotalRows", *import_plan.ACTION_OF_COUNTER)}
        total = counters.pop("TotalRows")
        adds_up = total == len(batch.rows) == sum(counters.values())
        if not adds_up:
            sent.warnings.append(
                f"Sentori's counters do not add up: {len(batch.rows)} rows were sent, TotalRows is {total},"
                f" and the outcomes are {sum(counters.values())}."
            )
        was_read = all(one.was_read for one in batch.candidates)
        if adds_up and was_read and import_plan.counted(counters) == import_plan.predicted(batch):
            sent.outcomes += import_plan.outcomes_by_prediction(batch)
        elif adds_up and not was_read:
            sent.outcomes += import_plan.outcomes_by_count(batch, counters)
        else:
            sent.outcomes += self._attributed(batch, counters, adds_up)

    def _attributed(self, batch: Batch, counters: Mapping[str, int], adds_up: bool) -> list[RowOutcome]:
        """Outcomes that differ from what was foretold: contacts are read again until the counters are explained.

        Who may be meant comes first, so that a few reads do for one rejected row among many.
        """
        counted = import_plan.counted(counters)
        outcomes = import_plan.outcomes_by_prediction(batch, import_plan.INFERRED)
        order = import_plan.most_likely_first(batch, counted)[: self._attributions_left]
        for begin in range(0, len(order), ATTRIBUTED_AT_ONCE):
            page = order[begin : begin + ATTRIBUTED_AT_ONCE]
            self._attributions_left -= len(page)
            for at, found in zip(page, self._read([batch.candidates[at] for at in page])):
                one = batch.candidates[at]
                if isinstance(found, errors.SentoriError):
                    outcomes[at] = import_plan.in_doubt(one, found)
                else:
                    outcomes[at] = import_plan.outcome_by_reading(one, found)
            if import_plan.tally(outcomes) == counted:
                return outcomes
        if adds_up and (len(order) < len(outcomes) or any(outcome.action == IN_DOUBT for outcome in outcomes)):
            return import_plan.outcomes_by_count(batch, counters)
        return [outcome._replace(attribution=import_plan.UNKNOWN) for outcome in outcomes]

    @staticmethod
    def _settle_by_looking(
        batch: Batch,
        looked: Sequence[Found],
        lost: errors.SentoriError,
        sent: Sent,
    ) -> None:
        """After a lost answer: who is as asked is done, all others are in doubt, and then the run stops."""
        for one, found in zip(batch.candidates, looked):
            if not isinstance(found, errors.SentoriError) and found is not None and _as_asked(one, found):
                sent.outcomes.append(import_plan.outcome_by_reading(one, found))
            else:
                sent.outcomes.append(import_plan.in_doubt(one, lost))
                sent.stopped_by = lost


def _holds_now(one: Candidate, found: Found) -> bool:
    """Whether reading shows that the import has acted on this row; a row that held before tells nothing."""
    return not one.holds and found is not None and not isinstance(found, errors.SentoriError) and _as_asked(one, found)


def _as_asked(one: Candidate, found: Contact) -> bool:
    return Candidate(one.place, one.email, one.fields, current=found).holds


def _count(given: Any) -> int:
    """A counter; they are ints by the vendor's page, and -1 here, which adds up to nothing, where one is not."""
    return given if isinstance(given, int) and not isinstance(given, bool) and given >= 0 else -1
