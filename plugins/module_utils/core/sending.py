# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows on their way: sent in requests of one shape, held against the counters that come back, and after a lost answer
looked up before anything else is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Union

from . import errors, import_plan
from .api import SentoriApi
from .contact_reads import ContactReads, Found
from .fields import Contact
from .import_plan import IN_DOUBT, REJECTED, UNCHANGED, Batch, Candidate, RowOutcome
from .import_state import Memory

# What is done with the Upload Group of a request, None if the answer with it was lost; returns a warning, or None.
OnGroup = Callable[[Union[str, None]], Union[str, None]]

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
    # Whether Sentori counted every row of the last request as taken.
    all_taken: bool = False


class Sender:
    """Sends one request after the other, by one thread at a time.

    ``send`` takes the rows of one request and returns Sentori's counters. ``memory`` forgets rows before they are
    sent, and remembers them when it is known that they are in Sentori. ``on_group`` gets each Upload Group as soon as
    it is made; a SentoriError that it raises stops the run.
    """

    def __init__(
        self,
        api: SentoriApi,
        send: Callable[[Sequence[Contact]], Mapping[str, Any]],
        reads: ContactReads,
        memory: Memory,
        on_group: OnGroup | None = None,
    ) -> None:
        self._api = api
        self._send_rows = send
        self._reads = reads
        self._memory = memory
        self._on_group = on_group
        self._attributions_left = MOST_ATTRIBUTED

    def send(self, batches: Iterable[Batch]) -> Sent:
        """What became of the rows of these requests. Raises no SentoriError: it is ``stopped_by``."""
        sent = Sent()
        for batch in batches:
            if sent.stopped_by is not None:
                sent.outcomes += import_plan.not_sent(batch.candidates, sent.stopped_by)
                continue
            before = len(sent.outcomes)
            try:
                self._memory.forget([one.given for one in batch.candidates])
                sent.all_taken = False
                self._send(batch, sent)
                self._remember(batch, sent.outcomes[before:], sent.all_taken)
            except errors.SentoriError as error:
                sent.stopped_by = sent.stopped_by or error
                if len(sent.outcomes) == before:
                    sent.outcomes += import_plan.not_sent(batch.candidates, error)
        return sent

    def _take_group(self, group: str | None, sent: Sent) -> None:
        if group is not None:
            sent.upload_groups.append(group)
        if self._on_group is None:
            return
        try:
            warning = self._on_group(group)
        except errors.SentoriError as error:
            sent.stopped_by = sent.stopped_by or error
            return
        if warning is not None:
            sent.warnings.append(warning)

    def _remember(self, batch: Batch, outcomes: Sequence[RowOutcome], all_taken: bool) -> None:
        """Keep of which rows it is known that Sentori has them now, and of which that it does not take them."""
        for action, actions in ((UNCHANGED, import_plan.CHANGES), (REJECTED, {REJECTED})):
            sure = [
                one.given
                for one, outcome in zip(batch.candidates, outcomes)
                if outcome.action in actions and (all_taken or outcome.attribution != import_plan.UNKNOWN)
            ]
            self._memory.remember(sure, action)

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
            looked, long_enough = self._look(batch)
            holding = [_holds_now(one, found) for one, found in zip(batch.candidates, looked)]
            if any(holding) or any(isinstance(found, errors.SentoriError) for found in looked):
                self._settle_by_looking(batch, looked, lost, sent)
                return
            if not sends_left or not long_enough:
                self._leave_in_doubt(batch, lost, sent)
                return
            sent.warnings.append(
                f"The answer to a request of {len(batch.rows)} rows was lost ({lost}), and none of them was in Sentori"
                " half a minute later. It was sent again."
            )

    @staticmethod
    def _leave_in_doubt(batch: Batch, lost: errors.SentoriError, sent: Sent) -> None:
        sent.outcomes += [import_plan.in_doubt(one, lost) for one in batch.candidates]
        sent.stopped_by = lost

    def _look(self, batch: Batch) -> tuple[list[Found], bool]:
        """The batch's contacts after a lost answer, looked up several times, since the import may still be running; and
        whether ``max_wait`` had the time for that."""
        looked: list[Found] = []
        for look in range(1, LOOKS + 1):
            had_time = self._api.back_off(look)
            if had_time or not looked:
                looked = self._read(batch.candidates)
            if not had_time or any(_holds_now(one, found) for one, found in zip(batch.candidates, looked)):
                return looked, had_time
        return looked, True

    def _read(self, candidates: Sequence[Candidate]) -> list[Found]:
        try:
            return self._reads.of(candidates)
        except errors.SentoriError as error:
            return [error] * len(candidates)

    def _settle(self, batch: Batch, answer: Mapping[str, Any], sent: Sent) -> None:
        """The outcomes of a request that was answered: as foretold if the counters agree, else by reading again."""
        counters = {counter: _count(answer.get(counter)) for counter in ("TotalRows", *import_plan.ACTION_OF_COUNTER)}
        total = counters.pop("TotalRows")
        adds_up = total == len(batch.rows) == sum(counters.values())
        if not adds_up:
            sent.warnings.append(
                f"Sentori's counters do not add up: {len(batch.rows)} rows were sent, TotalRows is {total},"
                f" and the outcomes are {sum(counters.values())}."
            )
        sent.all_taken = adds_up and not any(
            counters[counter] for counter, action in import_plan.ACTION_OF_COUNTER.items() if action == REJECTED
        )
        was_read = all(one.was_read for one in batch.candidates)
        if adds_up and was_read and import_plan.counted(counters) == import_plan.predicted(batch):
            sent.outcomes += import_plan.outcomes_by_prediction(batch)
        elif adds_up and not was_read:
            sent.outcomes += import_plan.outcomes_by_count(batch, counters)
        else:
            sent.outcomes += self._attributed(batch, counters, adds_up)
        group = answer.get("UploadGroupExternalID")
        if isinstance(group, str):
            self._take_group(group, sent)

    def _attributed(self, batch: Batch, counters: Mapping[str, int], adds_up: bool) -> list[RowOutcome]:
        """Outcomes that differ from what was foretold: contacts are read again until the counters are explained.

        Who may be meant comes first, so that a few reads do for one rejected row among many.
        """
        counted = import_plan.counted(counters)
        outcomes = import_plan.outcomes_by_prediction(batch, import_plan.INFERRED)
        only_missing = True
        order = import_plan.most_likely_first(batch, counted)[: self._attributions_left]
        for begin in range(0, len(order), ATTRIBUTED_AT_ONCE):
            page = order[begin : begin + ATTRIBUTED_AT_ONCE]
            self._attributions_left -= len(page)
            for at, found in zip(page, self._read([batch.candidates[at] for at in page])):
                one = batch.candidates[at]
                if isinstance(found, errors.SentoriError):
                    outcomes[at] = import_plan.in_doubt(one, found)
                    continue
                outcomes[at] = import_plan.outcome_by_reading(one, found)
                # Who is not there was excluded. Who is there, and otherwise than asked, may have been changed since:
                # then the counters are explained by chance, and nothing follows for those who were not read.
                only_missing = only_missing and (found is None or outcomes[at].action != REJECTED)
            if import_plan.tally(outcomes) == counted:
                return outcomes if only_missing else _unknown_but(order[: begin + len(page)], outcomes)
        if adds_up and (len(order) < len(outcomes) or any(outcome.action == IN_DOUBT for outcome in outcomes)):
            return import_plan.outcomes_by_count(batch, counters)
        return [outcome._replace(attribution=import_plan.UNKNOWN) for outcome in outcomes]

    def _settle_by_looking(self, batch: Batch, looked: Sequence[Found], lost: errors.SentoriError, sent: Sent) -> None:
        """After a lost answer: who is as asked is done, all others are in doubt, and then the run stops."""
        for one, found in zip(batch.candidates, looked):
            if not isinstance(found, errors.SentoriError) and found is not None and _as_asked(one, found):
                outcome = import_plan.outcome_by_reading(one, found)
                # Without a read before, nobody knows whether it is so because of this request.
                sure = outcome.attribution if one.was_read else import_plan.UNKNOWN
                sent.outcomes.append(outcome._replace(attribution=sure))
            else:
                sent.outcomes.append(import_plan.in_doubt(one, lost))
                sent.stopped_by = lost
        self._take_group(None, sent)


def _holds_now(one: Candidate, found: Found) -> bool:
    """Whether reading shows that the import has acted on this row; a row that held before tells nothing."""
    return not one.holds and found is not None and not isinstance(found, errors.SentoriError) and _as_asked(one, found)


def _as_asked(one: Candidate, found: Contact) -> bool:
    return Candidate(one.place, one.email, one.fields, current=found).holds


def _count(given: Any) -> int:
    """A counter; they are ints by the vendor's page, and -1 here, which adds up to nothing, where one is not."""
    return given if isinstance(given, int) and not isinstance(given, bool) and given >= 0 else -1


def _unknown_but(read: Sequence[int], outcomes: Sequence[RowOutcome]) -> list[RowOutcome]:
    """Outcomes that are unknown but for those at these positions, which were read."""
    sure = frozenset(read)
    return [
        outcome if at in sure else outcome._replace(attribution=import_plan.UNKNOWN)
        for at, outcome in enumerate(outcomes)
    ]
