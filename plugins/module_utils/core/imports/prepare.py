# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows become candidates that are to be sent, or are settled without a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..api.client import SentoriApi
from ..contacts.reader import find_all
from ..contacts.schema import Schema
from ..errors import InvalidInput, SentoriError
from ..rows.duplicates import SeenAddresses
from ..rows.row import Row
from ..runs.outcome import EXACT, INFERRED, INVALID, NOT_MAILABLE, REJECTED, UNCHANGED, UNKNOWN, Outcome, duplicate
from ..runs.progress import Progress
from ..runs.result import Part
from .candidate import Candidate, candidate, compared
from .memory import Memory
from .options import ImportOptions
from .wire import Wire


@dataclass
class Prepared:
    """A chunk of ``rows``: those that are settled, and those that are to be sent.

    ``stopped_by``: the error that ended the run while this chunk was prepared.
    """

    rows: Sequence[Row] = ()
    settled: list[Outcome] = field(default_factory=list)
    to_send: list[Candidate] = field(default_factory=list)
    stopped_by: SentoriError | None = None

    def predicted(self) -> Part:
        """What the chunk is predicted to become."""
        predicted = [one.predicted(EXACT if one.was_read else UNKNOWN) for one in self.to_send]
        part = Part([*self.settled, *predicted], self.rows, stopped_by=self.stopped_by)
        part.sort()
        return part


class Preparation:
    """Prepares the chunks of one run: check, memory, duplicates, read, compare."""

    def __init__(
        self,
        api: SentoriApi,
        wire: Wire,
        schema: Schema,
        options: ImportOptions,
        memory: Memory,
        progress: Progress,
    ) -> None:
        self._api = api
        self._wire = wire
        self._schema = schema
        self._options = options
        self._memory = memory
        self._progress = progress
        self._seen = SeenAddresses()

    def prepare(self, chunk: Sequence[Row]) -> Prepared:
        """Raises a SentoriError that concerns the whole run."""
        checked = self._checked(chunk)
        self._progress.done(len(checked.settled))
        if self._options.compare:
            checked = self._compared(checked)
        else:
            self._progress.done(len(checked.to_send))
        if checked.to_send:
            self._schema.load()
        return checked

    def _checked(self, chunk: Sequence[Row]) -> Prepared:
        """Settle rows that are invalid, repeated, or known from an earlier run."""
        checked = Prepared(chunk)
        for row, known in zip(chunk, self._known(chunk)):
            email = row.email
            try:
                one = candidate(row, self._schema, self._options, self._wire) if known is None else None
            except InvalidInput as refusal:
                checked.settled.append(Outcome(email, INVALID, row.place).refused(refusal))
                continue
            if not self._seen.add(email):
                checked.settled.append(duplicate(email, row.place))
            elif one is not None:
                checked.to_send.append(one)
            elif known == UNCHANGED:
                checked.settled.append(Outcome(email, UNCHANGED, row.place))
            elif known == NOT_MAILABLE:
                reason = "This person was erased by an earlier run, and is not imported again."
                checked.settled.append(Outcome(email, NOT_MAILABLE, row.place, reason))
            else:
                reason = "Sentori rejected it in an earlier run, and it has not changed since."
                checked.settled.append(Outcome(email, REJECTED, row.place, reason, INFERRED))
        return checked

    def _known(self, chunk: Sequence[Row]) -> list[str | None]:
        known = self._memory.known([row.fields for row in chunk])
        if self._options.scope == "all":
            return [action if action == NOT_MAILABLE else None for action in known]
        return known

    def _compared(self, checked: Prepared) -> Prepared:
        """Read the contacts, and settle the rows that are unchanged."""
        emails = [one.email for one in checked.to_send]
        contacts = find_all(self._api, emails, self._options.concurrency, self._progress.done)
        prepared = Prepared(checked.rows, checked.settled)
        unchanged: list[Candidate] = []
        for one, found in zip(checked.to_send, contacts):
            if isinstance(found, SentoriError):
                prepared.settled.append(one.predicted().refused(found))
                continue
            try:
                row = compared(one, found)
            except InvalidInput as refusal:
                prepared.settled.append(one.predicted().refused(refusal))
                continue
            is_settled = row.is_unchanged and self._options.scope == "changed"
            (unchanged if is_settled else prepared.to_send).append(row)
        self._memory.remember([one.given for one in unchanged], UNCHANGED)
        prepared.settled += [Outcome(one.email, UNCHANGED, one.place) for one in unchanged]
        return prepared
