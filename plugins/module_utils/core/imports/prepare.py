# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows become candidates that are to be sent, or are settled without a request."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ..addresses import all_comparable
from ..api.client import SentoriApi
from ..contacts.reader import find_all
from ..contacts.schema import Schema
from ..errors import InvalidInput, SentoriError
from ..rows.duplicates import SeenAddresses
from ..rows.row import Page
from ..runs.outcome import (
    CREATED,
    EXACT,
    INFERRED,
    INVALID,
    NOT_MAILABLE,
    REJECTED,
    UNCHANGED,
    UNKNOWN,
    Outcome,
    duplicate,
)
from ..runs.progress import Progress
from ..runs.result import Alike, Part
from .candidate import Candidate, candidate, compared
from .columns import ColumnCheck, Ready, given_emails, some_of
from .memory import Keys, Memory, joined
from .options import ImportOptions
from .wire import Wire


@dataclass
class Prepared:
    """A chunk of ``rows``: those that are settled, and those that are to be sent.

    ``alike``: settled rows that were simply done; ``ready``: rows to send that were checked by the column.
    ``stopped_by``: the error that ended the run while this chunk was prepared.
    """

    rows: Page
    settled: list[Outcome] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)
    to_send: list[Candidate] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    stopped_by: SentoriError | None = None

    def predicted(self) -> Part:
        """What the chunk is predicted to become."""
        predicted = [one.predicted(EXACT if one.was_read else UNKNOWN) for one in self.to_send]
        alike = [*self.alike, *(Alike(one.rows, one.at, CREATED, UNKNOWN) for one in self.ready)]
        part = Part([*self.settled, *predicted], self.rows, stopped_by=self.stopped_by, alike=alike)
        part.sort()
        return part

    @property
    def count(self) -> int:
        """How many rows are to be sent."""
        return len(self.to_send) + sum(map(len, self.ready))


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
        self._columns = ColumnCheck(schema, options, wire)
        self._seen = SeenAddresses()

    def prepare(self, chunk: Page) -> Prepared:
        """Raises a SentoriError that concerns the whole run."""
        keys = self._memory.keys(chunk)
        known = self._memory.known(keys)
        if self._options.scope == "all":
            known = [action if action == NOT_MAILABLE else None for action in known]
        prepared = Prepared(chunk)
        if self._options.compare:
            self._check_each(prepared, keys, known)
            self._progress.done(len(chunk) - prepared.count)
            prepared = self._compared(prepared)
        else:
            self._check_columns(prepared, keys, known)
            self._progress.done(len(chunk))
        if prepared.count:
            self._schema.load()
        return prepared

    def _check_each(self, checked: Prepared, keys: Keys, known: Sequence[str | None]) -> None:
        """Settle rows that are invalid, repeated, or known from an earlier run; all others are candidates."""
        emails: list[str] = given_emails(checked.rows)
        candidates: dict[int, Candidate] = {}
        invalid: set[int] = set()
        for at, action in enumerate(known):
            if action is None:
                one = self._candidate(checked, keys, at)
                if one is None:
                    invalid.add(at)
                else:
                    candidates[at], emails[at] = one, one.email
        repeated = self._settle(checked, known, emails, invalid)
        checked.to_send = [one for at, one in candidates.items() if at not in repeated]

    def _check_columns(self, checked: Prepared, keys: Keys, known: Sequence[str | None]) -> None:
        """The same, with columns instead of candidates."""
        undecided: Sequence[int] = range(len(known))
        if any(known):
            undecided = [at for at, action in enumerate(known) if action is None]
        emails = given_emails(checked.rows) if len(undecided) < len(known) else [""] * len(known)
        columns = self._columns.check(some_of(checked.rows, undecided))
        invalid: set[int] = set()
        for odd in sorted(columns.odd):
            one = self._candidate(checked, keys, undecided[odd])
            if one is None:
                invalid.add(undecided[odd])
            else:
                columns.put(odd, one)
        for at, email in zip(undecided, columns.emails):
            emails[at] = email
        repeated = self._settle(checked, known, emails, invalid)
        left = [at for at, row in enumerate(undecided) if row not in invalid and row not in repeated]
        for names, group in columns.shapes(left):
            if group:
                checked.ready.append(columns.ready(checked.rows, undecided, names, group, keys))

    def _candidate(self, checked: Prepared, keys: Keys, at: int) -> Candidate | None:
        """The row at this position, checked; None if it is invalid, and settled."""
        row = checked.rows[at]
        try:
            return candidate(row, keys.at([at]), self._schema, self._options, self._wire)
        except InvalidInput as refusal:
            checked.settled.append(Outcome(row.email, INVALID, row.place).refused(refusal))
        return None

    def _settle(
        self, checked: Prepared, known: Sequence[str | None], emails: list[str], invalid: Collection[int]
    ) -> Collection[int]:
        """Settle rows that are repeated, whose positions are returned, or known; all others are remembered."""
        rows = checked.rows
        valid: Sequence[int] = range(len(rows))
        if invalid:
            valid = [at for at in valid if at not in invalid]
            emails = [emails[at] for at in valid]
        repeated = {valid[at] for at in self._seen.add_all(all_comparable(emails))}
        for at in repeated:
            checked.settled.append(duplicate(rows[at].email, rows[at].place))
        unchanged = [at for at, action in enumerate(known) if action == UNCHANGED and at not in repeated]
        for at, action in enumerate(known if len(unchanged) < len(known) else ()):
            if action in (None, UNCHANGED) or at in repeated:
                continue
            row = rows[at]
            if action == NOT_MAILABLE:
                reason = "This person was erased by an earlier run, and is not imported again."
                checked.settled.append(Outcome(row.email, NOT_MAILABLE, row.place, reason))
            else:
                reason = "Sentori rejected it in an earlier run, and it has not changed since."
                checked.settled.append(Outcome(row.email, REJECTED, row.place, reason, INFERRED))
        if unchanged:
            checked.alike.append(Alike(rows, unchanged, UNCHANGED))
        return repeated

    def _compared(self, checked: Prepared) -> Prepared:
        """Read the contacts, and settle the rows that are unchanged."""
        emails = [one.email for one in checked.to_send]
        contacts = find_all(self._api, emails, self._options.concurrency, self._progress.done)
        prepared = Prepared(checked.rows, checked.settled, checked.alike)
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
        self._memory.remember(joined(one.keys for one in unchanged), UNCHANGED)
        prepared.settled += [Outcome(one.email, UNCHANGED, one.place) for one in unchanged]
        return prepared
