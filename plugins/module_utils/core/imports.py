# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The bulk import: every row that came in has one outcome, nobody is blanked, and a second run sends nothing.

Rows stream through in chunks: checked, compared with what Sentori has, sent in requests of one shape, held against
the counters that come back. While one chunk is being sent, the next is read and compared. Memory does not grow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Callable, Protocol

from . import errors, import_plan
from .api import SentoriApi
from .contact_reads import ContactReads, Found
from .fields import ADDRESS, Contact
from .import_plan import DUPLICATE, INVALID, REJECTED, UNCHANGED, Candidate, RowOutcome
from .import_state import Memory, NoMemory
from .progress import Progress
from .seen import SeenAddresses
from .sending import OnGroup, Sender, Sent

DEFAULT_CHUNK = 10_000
MAX_BYTES = 15 * 1024 * 1024


class PlacedRow(Protocol):
    """A row of a source: where it stands, for messages, and its fields."""

    @property
    def place(self) -> str:
        """As in "line 9 of src"."""

    @property
    def fields(self) -> Mapping[str, Any]:
        """Contact Field -> value, as it was given."""


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
    """What a run did: rows by outcome, the Upload Groups it made, and the error that stopped it, if one did.

    ``retryable``: for at least one row a later run may do better.
    """

    counts: Counter[str] = field(default_factory=Counter)
    upload_groups: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stopped_by: errors.SentoriError | None = None
    retryable: bool = False

    @property
    def summary(self) -> dict[str, int]:
        """The count of each outcome, and their ``total``."""
        counts = {action: self.counts[action] for action in import_plan.ACTIONS}
        return {"total": sum(counts.values()), **counts}

    def take(self, sent: Sent) -> None:
        """Count what became of some more rows."""
        self.counts.update(outcome.action for outcome in sent.outcomes)
        self.retryable = self.retryable or any(outcome.retryable for outcome in sent.outcomes)
        self.upload_groups += sent.upload_groups
        self.warnings += sent.warnings
        self.stopped_by = self.stopped_by or sent.stopped_by

    @property
    def changed(self) -> bool:
        return bool(self.upload_groups) or any(self.counts[action] for action in import_plan.CHANGES)


class _OnItsWay:
    """At the most one chunk that is being sent by another thread; ``settle`` waits for what becomes of it."""

    def __init__(self, sender: ThreadPoolExecutor, note: Callable[[Sent], None]) -> None:
        self._sender = sender
        self._note = note
        self._future: Future[Sent] | None = None

    def __bool__(self) -> bool:
        return self._future is not None

    def send(self, work: Callable[[Sequence[Candidate]], Sent], candidates: Sequence[Candidate]) -> None:
        self._future = self._sender.submit(work, candidates)

    def settle(self) -> None:
        future, self._future = self._future, None
        if future is not None:
            self._note(future.result())


class Import:
    """One import into one account.

    ``send`` takes the rows of one request and returns Sentori's counters; ``check`` refuses what it cannot carry.
    ``structure``: gives an example of each importable field, as ``getstructure`` does; it is asked for when a row is
    not known already. ``memory``: which rows are known to be in Sentori. ``on_group``: as Sender has it.
    """

    def __init__(
        self,
        api: SentoriApi,
        send: Callable[[Sequence[Contact]], Mapping[str, Any]],
        structure: Callable[[], Contact],
        options: Options,
        *,
        check: import_plan.Check | None = None,
        memory: Memory | None = None,
        progress: Progress | None = None,
        on_group: OnGroup | None = None,
    ) -> None:
        self._structure = structure
        self._options = options
        self._check = check
        self._memory = memory or NoMemory()
        self._progress = progress or Progress(lambda standing: None)
        self._reads = ContactReads(api, options.concurrency)
        self._sender = Sender(api, send, self._reads, self._memory, on_group)
        self._seen = SeenAddresses()

    def run(
        self,
        rows: Iterable[PlacedRow],
        sink: Callable[[RowOutcome], object],
        *,
        result: ImportResult | None = None,
        dry_run: bool = False,
        differing: Callable[[Contact], object] = lambda row: None,
    ) -> ImportResult:
        """Import ``rows``; each outcome goes to ``sink`` as soon as it is known, and into ``result``.

        With ``dry_run`` only reads are sent, and each row that would be sent goes to ``differing``.
        Raises a SentoriError that is met before any row has an outcome; later it is ``stopped_by``, and what was not
        sent is ``failed``. Whatever else is raised, ``result`` holds what was done.
        """
        result = ImportResult() if result is None else result
        stream = iter(rows)
        chunk: list[PlacedRow] = []

        def note(sent: Sent) -> None:
            result.take(sent)
            for outcome in sent.outcomes:
                sink(outcome)

        with ThreadPoolExecutor(1, thread_name_prefix="sentori-import") as sender:
            on_its_way = _OnItsWay(sender, note)
            try:
                while result.stopped_by is None:
                    chunk = []
                    chunk.extend(islice(stream, self._options.chunk_size))
                    self._progress.take(len(chunk), self._part_of(rows, len(chunk)))
                    settled, candidates = self._prepare(chunk)
                    on_its_way.settle()
                    if not chunk:
                        break
                    note(Sent(settled))
                    chunk = []
                    if result.stopped_by is not None:
                        note(Sent(import_plan.not_sent(candidates, result.stopped_by)))
                    elif dry_run:
                        for one in candidates:
                            differing({ADDRESS: one.email, **one.read_only, **one.fields})
                        note(_foretold(candidates))
                    else:
                        on_its_way.send(self._send, candidates)
            except errors.SentoriError as error:
                if not on_its_way and not result.counts:
                    raise
                on_its_way.settle()
                result.stopped_by = result.stopped_by or error
                note(Sent([import_plan.not_sent_row(row.place, _email(row), error) for row in chunk]))
            finally:
                on_its_way.settle()
        return result

    def _part_of(self, rows: Iterable[PlacedRow], taken: int) -> float | None:
        """How much of the source is read; None where that cannot be known, or not yet: files are read in blocks."""
        part: float | None = getattr(rows, "part", lambda: None)()
        return None if part == 1 and taken == self._options.chunk_size else part

    def _prepare(self, chunk: Sequence[PlacedRow]) -> tuple[list[RowOutcome], list[Candidate]]:
        """The rows that need no sending, with their outcomes, and those that do."""
        settled, fresh = self._checked(chunk)
        self._progress.through(len(chunk) - len(fresh))
        if not self._options.compare:
            self._progress.through(len(fresh))
            if fresh:
                self._structure()
            return settled, fresh
        to_send: list[Candidate] = []
        holding: list[Candidate] = []
        for one, found in zip(fresh, self._reads.of(fresh, self._progress.through)):
            try:
                row_now = _compared(one, found)
            except errors.InvalidInput as refusal:
                settled.append(RowOutcome(one.place, one.email, INVALID, str(refusal)))
                continue
            except errors.SentoriError as error:
                settled.append(import_plan.failed(one, error))
                continue
            (holding if row_now.holds and self._options.scope == "changed" else to_send).append(row_now)
        if to_send:
            self._structure()
        self._memory.remember([one.given for one in holding], UNCHANGED)
        settled += [RowOutcome(one.place, one.email, UNCHANGED) for one in holding]
        return settled, to_send

    def _checked(self, chunk: Sequence[PlacedRow]) -> tuple[list[RowOutcome], list[Candidate]]:
        """The rows of which nothing more has to be found out, with their outcomes, and those of which it has."""
        settled: list[RowOutcome] = []
        fresh: list[Candidate] = []
        for row, known in zip(chunk, self._known(chunk)):
            email = _email(row)
            try:
                one = self._candidate(row) if known is None else None
            except errors.InvalidInput as refusal:
                settled.append(RowOutcome(row.place, email, INVALID, str(refusal)))
                continue
            if not self._seen.add(email):
                settled.append(RowOutcome(row.place, email, DUPLICATE, "an earlier row has the same address."))
            elif one is not None:
                fresh.append(one)
            elif known == UNCHANGED:
                settled.append(RowOutcome(row.place, email, UNCHANGED))
            else:
                reason = "Sentori did not take it in an earlier run, and it has not changed since (state_file)."
                settled.append(RowOutcome(row.place, email, REJECTED, reason, import_plan.INFERRED))
        return settled, fresh

    def _known(self, chunk: Sequence[PlacedRow]) -> list[str | None]:
        if self._options.scope == "all":
            return [None] * len(chunk)
        return self._memory.known([row.fields for row in chunk])

    def _candidate(self, row: PlacedRow) -> Candidate:
        one = import_plan.candidate(row.place, row.fields, self._structure, self._options.on_blank, self._check)
        if one.read_only and not self._options.compare:
            raise errors.InvalidInput("a read-only field is given, and without compare it cannot be checked.")
        return one

    def _send(self, candidates: Sequence[Candidate]) -> Sent:
        if not candidates:
            return Sent()
        options = self._options
        return self._sender.send(
            import_plan.batches(candidates, self._structure(), options.chunk_size, options.max_bytes, self._check)
        )


def _compared(one: Candidate, found: Found) -> Candidate:
    if isinstance(found, errors.SentoriError):
        raise found
    return import_plan.compared(one, found)


def _foretold(candidates: Sequence[Candidate]) -> Sent:
    return Sent([RowOutcome(one.place, one.email, one.action, attribution=_certainty(one)) for one in candidates])


def _certainty(one: Candidate) -> str:
    return import_plan.EXACT if one.was_read else import_plan.UNKNOWN


def _email(row: PlacedRow) -> str:
    return str(row.fields.get(ADDRESS) or "").strip()
