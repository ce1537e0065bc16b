# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""One import: rows stream through in chunks, so that memory does not grow with their number.

While one chunk is sent, the next one is read, checked and compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Callable

from ..api.client import SentoriApi
from ..concurrency import one_ahead
from ..contacts.schema import Schema
from ..errors import InvalidInput, SentoriError
from ..fields import ADDRESS, Contact
from ..memory.account import opened
from ..rows.row import Rows
from ..runs.outcome import not_sent
from ..runs.progress import Progress
from ..runs.recorder import Recorder
from ..runs.result import Part, RunResult
from .batches import Batch, batches, ready_batches
from .memory import ImportState, NoMemory, import_state
from .options import ImportOptions
from .prepare import Preparation, Prepared
from .sender import Attachment, Sender, all_not_sent
from .upload_groups import find_draft
from .wire import wire_of


class Import:
    """The import of one source into one account, by ``options``; ``schema``: the account's fields."""

    def __init__(
        self,
        api: SentoriApi,
        options: ImportOptions,
        schema: Schema,
        state: ImportState | None = None,
        progress: Progress | None = None,
    ) -> None:
        wire = wire_of(api, options)
        memory = state or NoMemory()
        self._options = options
        self._schema = schema
        self._wire = wire
        self._progress = progress or Progress()
        self._preparation = Preparation(api, wire, schema, options, memory, self._progress)
        attachment = Attachment(api, options.attach_to, wire.makes_groups)
        self._sender = Sender(api, wire, memory, attachment, options.concurrency)
        self._stopped_by: SentoriError | None = None

    def run(self, rows: Rows) -> Iterator[Part]:
        """Import the rows; their outcomes come in parts, as soon as they are known.

        Raises a SentoriError that is met before any row has an outcome; a later one is ``stopped_by`` of a part, and
        rows that were read and not sent are ``failed``.
        """
        return one_ahead(self._send, self.prepared(rows))

    def prepared(self, rows: Rows) -> Iterator[Prepared]:
        """The chunks of the rows, checked and compared; sends only reads. Raises as ``run``."""
        chunks = rows.chunks(self._options.chunk_size)
        is_first = True
        while self._stopped_by is None:
            try:
                chunk = chunks.next()
                self._progress.read(len(chunk), self._part_of(rows, len(chunk)))
                if not chunk:
                    return
                prepared = self._preparation.prepare(chunk)
            except SentoriError as error:
                if is_first:
                    raise
                chunk = chunks.taken
                yield Prepared(chunk, [not_sent(row.email, row.place, error) for row in chunk], stopped_by=error)
                return
            is_first = False
            yield prepared

    def _part_of(self, rows: Rows, taken: int) -> float | None:
        """How much of the source is read; None if that is not known, or not yet: files are read in blocks."""
        part = rows.part()
        return None if part == 1 and taken == self._options.chunk_size else part

    def _send(self, prepared: Prepared) -> Part:
        """Send a chunk, request by request; once the run is stopped, nothing is sent any more."""
        counters: Counter[str] = Counter()
        part = Part(list(prepared.settled), prepared.rows, counters=counters, alike=list(prepared.alike))
        if self._stopped_by is not None:
            part.outcomes += all_not_sent(chain(prepared.to_send, *prepared.ready), self._stopped_by)
        elif prepared.count:
            for batch in self._batches(prepared):
                if part.stopped_by is not None:
                    part.outcomes += all_not_sent(batch.candidates, part.stopped_by)
                    continue
                sent = self._sender.send(batch)
                part.outcomes += sent.outcomes
                part.alike += sent.alike
                part.upload_groups += sent.upload_groups
                part.warnings += sent.warnings
                counters.update(sent.counters)
                part.stopped_by = sent.stopped_by
        part.sort()
        part.stopped_by = part.stopped_by or prepared.stopped_by
        self._stopped_by = self._stopped_by or part.stopped_by
        return part

    def _batches(self, prepared: Prepared) -> Iterator[Batch]:
        yield from batches(prepared.to_send, self._schema.load(), self._options, self._wire)
        for ready in prepared.ready:
            yield from ready_batches(ready, self._options, self._wire)


def import_rows(
    api: SentoriApi,
    open_rows: Callable[[Schema], Rows],
    options: ImportOptions,
    recorder: Recorder,
    *,
    progress: Progress | None = None,
    dry_run: bool = False,
    differing: Callable[[Contact], object] = lambda row: None,
) -> RunResult:
    """Import rows, and attach the upload groups that this makes to a draft email if the options name one.

    ``open_rows`` gets the account's schema, and returns the rows. With ``dry_run`` only reads are sent, and each row
    that would be sent is given to ``differing``.
    Raises InvalidInput, naming the option, before any row is read; also as ``Import.run``.
    """
    with recorder:
        if options.attach_to is not None:
            options = replace(options, attach_to=find_draft(api, options.attach_to))
        with opened(options.memory, api.transport.account, dry_run=dry_run) as memory:
            state = import_state(memory, options)
            schema = Schema(api, state.names if state is not None else ())
            one, rows = Import(api, options, schema, state, progress), recorder.begin(open_rows(schema), memory)
            for part in _predicted(one.prepared(rows), differing) if dry_run else one.run(rows):
                recorder.take(part)
                # Otherwise its rows would stay in memory until the next part is made.
                del part
            if state is not None and schema.loaded is not None:
                _remember_names(state, list(schema.loaded), recorder.result)
            recorder.end(memory)
    return recorder.result


def _predicted(chunks: Iterable[Prepared], differing: Callable[[Contact], object]) -> Iterator[Part]:
    for prepared in chunks:
        for one in chain(prepared.to_send, *prepared.ready):
            differing({ADDRESS: one.email, **one.read_only, **one.fields})
        yield prepared.predicted()


def _remember_names(state: ImportState, names: Sequence[str], result: RunResult) -> None:
    """Spare the next run a request; if that fails, what was imported is reported all the same."""
    try:
        state.names = list(names)
    except InvalidInput as error:
        result.warnings.append(str(error))
