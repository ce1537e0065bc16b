# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The bulk import: every row that came in has one outcome, nobody is blanked, and a second run sends nothing.

Rows stream through in chunks: checked, compared with what Sentori has, sent in requests of one shape, held against
the counters that come back. While one chunk is being sent, the next is read and compared. Memory does not grow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Callable, Protocol

from . import errors, import_plan
from .api import SentoriApi
from .fan_out import fan_out
from .fields import ADDRESS, Contact
from .import_plan import DUPLICATE, FAILED, IN_DOUBT, INVALID, UNCHANGED, Batch, Candidate, RowOutcome
from .seen import SeenAddresses

SENDS = 3
LOOKS = 3
DEFAULT_CHUNK = 10_000
MAX_BYTES = 15 * 1024 * 1024
MOST_ATTRIBUTED = 2_000


class PlacedRow(Protocol):
    """A row of a source: where it stands, for messages, and its fields."""

    @property
    def place(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Options:
    """How an import goes.

    ``scope``: ``changed`` sends what differs, ``all`` everybody. ``compare``: whether contacts are read first.
    ``on_blank``: an empty cell is as if absent (``keep``), clears the field (``clear``), or is refused (``error``).
    ``chunk_size``: rows of a request, at the most; ``max_bytes``: its size. ``concurrency``: reads at once.
    """

    scope: str = "changed"
    compare: bool = True
    on_blank: str = "keep"
    chunk_size: int = DEFAULT_CHUNK
    max_bytes: int = MAX_BYTES
    concurrency: int = 8


@dataclass
class ImportResult:
    """What a run did: rows by outcome, the Upload Groups it made, and the error that stopped it, if one did."""

    counts: Counter[str] = field(default_factory=Counter)
    upload_groups: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stopped_by: errors.SentoriError | None = None

    @property
    def summary(self) -> dict[str, int]:
        """The count of each outcome, and their ``total``."""
        counts = {action: self.counts[action] for action in import_plan.ACTIONS}
        return {"total": sum(counts.values()), **counts}

    @property
    def changed(self) -> bool:
        return bool(self.upload_groups) or any(self.counts[action] for action in import_plan.CHANGES)


@dataclass
class Sent:
    """What became of the rows that were sent."""

    outcomes: list[RowOutcome] = field(default_factory=list)
    upload_groups: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stopped_by: errors.SentoriError | None = None


class Import:
    """One import into one account.

    ``send`` takes the rows of one request and returns Sentori's counters; ``check`` refuses what it cannot carry.
    ``structure``: an example of each importable field, as ``getstructure`` gives it.
    """

    def __init__(
        self,
        api: SentoriApi,
        send: Callable[[Sequence[Contact]], Mapping[str, Any]],
        structure: Contact,
        options: Options,
        check: import_plan.Check | None = None,
    ) -> None:
        self._api = api
        self._send_rows = send
        self._check = check
        self._options = options
        self._structure = structure
        self._seen = SeenAddresses()
        self._attributions_left = MOST_ATTRIBUTED

    def run(
        self, rows: Iterable[PlacedRow], sink: Callable[[RowOutcome], None], *, dry_run: bool = False
    ) -> ImportResult:
        """Import ``rows``; each outcome goes to ``sink`` as soon as it is known. With ``dry_run`` only reads are sent.

        Raises what would stop every request, and what the source raises, if it is met before anything was sent;
        later it is ``stopped_by``, and what was not sent is ``failed``.
        """
        result = ImportResult()
        sending: Future[Sent] | None = None
        stream = iter(rows)
        with ThreadPoolExecutor(1, thread_name_prefix="sentori-import") as sender:
            while result.stopped_by is None:
                chunk: list[PlacedRow] = []
                try:
                    chunk.extend(islice(stream, self._options.chunk_size))
                    settled, candidates = self._prepare(chunk)
                except errors.SentoriError as error:
                    if sending is None:
                        raise
                    self._note(result, sending.result(), sink)
                    sending, result.stopped_by = None, error
                    unsent = [(row.place, _email(row)) for row in chunk]
                    self._note(result, Sent(_not_sent(unsent, error)), sink)
                    break
                if sending is not None:
                    self._note(result, sending.result(), sink)
                if not chunk:
                    return result
                self._note(result, Sent(settled), sink)
                if result.stopped_by is not None:
                    unsent = [(one.place, one.email) for one in candidates]
                    self._note(result, Sent(_not_sent(unsent, result.stopped_by)), sink)
                    break
                sending = sender.submit(self._foretell if dry_run else self._send_all, candidates)
        return result

    @staticmethod
    def _note(result: ImportResult, sent: Sent, sink: Callable[[RowOutcome], None]) -> None:
        for outcome in sent.outcomes:
            result.counts[outcome.action] += 1
            sink(outcome)
        result.upload_groups += sent.upload_groups
        result.warnings += sent.warnings
        result.stopped_by = result.stopped_by or sent.stopped_by

    def _prepare(self, chunk: Sequence[PlacedRow]) -> tuple[list[RowOutcome], list[Candidate]]:
        """The rows that need no sending, with their outcomes, and those that do."""
        settled: list[RowOutcome] = []
        fresh: list[Candidate] = []
        for row in chunk:
            try:
                one = import_plan.candidate(row.place, row.fields, self._structure, self._options.on_blank, self._check)
                if one.read_only and not self._options.compare:
                    raise errors.InvalidInput("a read-only field is given, and without compare it cannot be checked.")
            except errors.InvalidInput as refusal:
                settled.append(RowOutcome(row.place, _email(row), INVALID, str(refusal)))
                continue
            if self._seen.add(one.email):
                fresh.append(one)
            else:
                settled.append(RowOutcome(one.place, one.email, DUPLICATE, "an earlier row has the same address."))
        if not self._options.compare:
            return settled, fresh
        to_send: list[Candidate] = []
        for one, found in zip(fresh, fan_out(self._read, fresh, self._options.concurrency)):
            try:
                row_now = self._compared(one, found)
            except errors.SentoriError as error:
                action = INVALID if isinstance(error, errors.InvalidInput) else FAILED
                settled.append(RowOutcome(one.place, one.email, action, str(error)))
                continue
            if row_now.holds and self._options.scope == "changed":
                settled.append(RowOutcome(one.place, one.email, UNCHANGED))
            else:
                to_send.append(row_now)
        return settled, to_send

    @staticmethod
    def _compared(one: Candidate, found: Contact | errors.SentoriError | None) -> Candidate:
        if isinstance(found, errors.SentoriError):
            raise found
        return import_plan.compared(one, found)

    def _read(self, one: Candidate) -> Contact | errors.SentoriError | None:
        """The row's contact as it is now; an error that concerns it alone is returned."""
        try:
            return self._api.get_contact(one.email)
        except errors.ContactNotFound:
            return None
        except errors.SentoriError as error:
            if error.concerns_run:
                raise
            return error

    def _batches(self, candidates: Sequence[Candidate]) -> Iterator[Batch]:
        return import_plan.batches(candidates, self._structure, self._options.chunk_size, self._options.max_bytes)

    def _foretell(self, candidates: Sequence[Candidate]) -> Sent:
        return Sent([RowOutcome(one.place, one.email, one.action, attribution=_certainty(one)) for one in candidates])

    def _send_all(self, candidates: Sequence[Candidate]) -> Sent:
        sent = Sent()
        for batch in self._batches(candidates):
            if sent.stopped_by is not None:
                sent.outcomes += _not_sent([(one.place, one.email) for one in batch.candidates], sent.stopped_by)
            else:
                self._send(batch, sent)
        return sent

    def _send(self, batch: Batch, sent: Sent) -> None:
        """Send one request; after a lost answer read its contacts, and send again only if none of them has changed."""
        lost: errors.SentoriError | None = None
        for _attempt in range(SENDS):
            try:
                answer = self._send_rows(batch.rows)
            except errors.SentoriError as error:
                if not error.ambiguous:
                    sent.outcomes += [RowOutcome(one.place, one.email, FAILED, str(error)) for one in batch.candidates]
                    sent.stopped_by = error if error.concerns_run else None
                    return
                lost = error
                if all(one.holds for one in batch.candidates):
                    break
            else:
                self._settle(batch, answer, sent)
                return
            looked = self._look(batch)
            holding = [_holds_now(one, found) for one, found in zip(batch.candidates, looked)]
            if any(holding) or any(isinstance(found, errors.SentoriError) for found in looked):
                self._settle_by_looking(batch, looked, lost, sent)
                return
        sent.outcomes += [RowOutcome(one.place, one.email, IN_DOUBT, str(lost)) for one in batch.candidates]
        sent.stopped_by = lost

    def _look(self, batch: Batch) -> list[Contact | errors.SentoriError | None]:
        """The batch's contacts after a lost answer; several times, since the import may still be running."""
        looked: list[Contact | errors.SentoriError | None] = []
        for _attempt in range(LOOKS):
            self._api.back_off()
            looked = self._read_all(batch)
            if any(_holds_now(one, found) for one, found in zip(batch.candidates, looked)):
                break
        return looked

    def _read_all(self, batch: Batch) -> list[Contact | errors.SentoriError | None]:
        try:
            return fan_out(self._read, batch.candidates, self._options.concurrency)
        except errors.SentoriError as error:
            return [error] * len(batch.candidates)

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
        counted, was_read = import_plan.counted(counters), all(one.was_read for one in batch.candidates)
        if adds_up and was_read and counted == import_plan.predicted(batch):
            sent.outcomes += import_plan.outcomes_by_prediction(batch)
        elif adds_up and not was_read:
            sent.outcomes += import_plan.outcomes_by_count(batch, counters)
        elif len(batch.rows) <= self._attributions_left:
            self._attributions_left -= len(batch.rows)
            self._settle_by_reading(batch, counted, sent)
        elif adds_up:
            sent.outcomes += import_plan.outcomes_by_count(batch, counters)
        else:
            sent.outcomes += import_plan.outcomes_by_prediction(batch, import_plan.UNKNOWN)

    def _settle_by_reading(self, batch: Batch, counted: Counter[str], sent: Sent) -> None:
        outcomes: list[RowOutcome] = []
        for one, found in zip(batch.candidates, self._read_all(batch)):
            if isinstance(found, errors.SentoriError):
                outcomes.append(RowOutcome(one.place, one.email, IN_DOUBT, str(found)))
            else:
                outcomes.append(import_plan.outcome_by_reading(one, found))
        if import_plan.tally(outcomes) != counted:
            outcomes = [outcome._replace(attribution=import_plan.UNKNOWN) for outcome in outcomes]
        sent.outcomes += outcomes

    @staticmethod
    def _settle_by_looking(
        batch: Batch,
        looked: Sequence[Contact | errors.SentoriError | None],
        lost: errors.SentoriError,
        sent: Sent,
    ) -> None:
        """After a lost answer: who is as asked is done, all others are in doubt, and then the run stops."""
        for one, found in zip(batch.candidates, looked):
            if not isinstance(found, errors.SentoriError) and found is not None and _as_asked(one, found):
                sent.outcomes.append(import_plan.outcome_by_reading(one, found))
            else:
                sent.outcomes.append(RowOutcome(one.place, one.email, IN_DOUBT, str(lost)))
                sent.stopped_by = lost


def _holds_now(one: Candidate, found: Contact | errors.SentoriError | None) -> bool:
    """Whether reading shows that the import has acted on this row; a row that held before tells nothing."""
    return not one.holds and found is not None and not isinstance(found, errors.SentoriError) and _as_asked(one, found)


def _as_asked(one: Candidate, found: Contact) -> bool:
    return Candidate(one.place, one.email, one.fields, current=found).holds


def _certainty(one: Candidate) -> str:
    return import_plan.EXACT if one.was_read else import_plan.UNKNOWN


def _count(given: Any) -> int:
    """A counter; they are ints by the vendor's page, and -1 here, which adds up to nothing, where one is not."""
    return given if isinstance(given, int) and not isinstance(given, bool) and given >= 0 else -1


def _email(row: PlacedRow) -> str:
    return str(row.fields.get(ADDRESS) or "")


def _not_sent(unsent: Iterable[tuple[str, str]], error: errors.SentoriError) -> list[RowOutcome]:
    """The outcomes of rows, given by place and address, that came in and were not sent since the run had stopped."""
    reason = f"not sent, since the run had stopped: {error}"
    return [RowOutcome(place, email, FAILED, reason) for place, email in unsent]
