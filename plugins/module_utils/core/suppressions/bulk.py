# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many addresses suppressed or erased: every one that can be, behind a brake.

All addresses are read before the first is sent, because nothing in Sentori's API takes a suppression back: what is
settled is recorded at once, and only what has to be sent is held in memory.
"""

from __future__ import annotations

import datetime
import hashlib
import pickle
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Callable, NamedTuple

from ..addresses import checked_address, comparable
from ..api.client import SentoriApi
from ..concurrency import fan_out
from ..contacts.reader import find_all
from ..errors import InvalidInput, SentoriError
from ..fields import ADDRESS
from ..memory.account import opened
from ..memory.storage import Place
from ..rows.duplicates import SeenAddresses
from ..rows.row import Row, Rows
from ..runs.limits import Limit, parse
from ..runs.options import check_choice
from ..runs.outcome import ERASED, SUPPRESSED, UNCHANGED, UNVERIFIABLE, Outcome, not_sent
from ..runs.pages import PAGE, settle
from ..runs.progress import Progress
from ..runs.recorder import Recorder
from ..runs.result import Part, RunResult
from .memory import Memory, suppression_state
from .one import action_of_erasure, action_of_suppression, send_erasure, send_suppression, spelled

OPTION = "max_suppressions"
STATES = ("suppressed", "erased")
NEEDED = (
    "is needed for the addresses of a file or a query, because nothing takes a suppression back. Give the number that"
    " may be newly suppressed, such as 100, or a percentage of the rows, such as 1%."
)
# What is done, as far as anybody can see: it is remembered, and not sent again.
DONE = frozenset({SUPPRESSED, ERASED, UNVERIFIABLE, UNCHANGED})


class Address(NamedTuple):
    """The checked address of a row."""

    email: str
    row: Row


class Step(NamedTuple):
    """An address that has to be sent, without what was read of its contact, since many are held in memory.

    ``action``: what it is predicted to become. ``spelled``: the address in Sentori's spelling.
    """

    email: str
    place: str
    given: object
    action: str
    spelled: str
    is_suppressed: bool

    @property
    def row(self) -> Row:
        return Row(self.place, {ADDRESS: self.email}, self.given)

    @property
    def predicted(self) -> Outcome:
        return Outcome(self.email, self.action, self.place)


def apply_suppressions(
    api: SentoriApi,
    open_rows: Callable[[], Rows],
    recorder: Recorder,
    *,
    state: str = "suppressed",
    max_suppressions: object = None,
    is_counted: bool = False,
    memory: Place | None = None,
    concurrency: int = 8,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> RunResult:
    """Suppress the addresses of rows for good, or erase these people: suppressed, deleted, and read again.

    ``max_suppressions``: how many may be newly suppressed, as a number or a share of the rows; if it would be more,
    nothing is sent. It may be left out for one row, and if somebody has written the rows, and so counted them
    (``is_counted``). ``memory`` knows later what was done, so that it is neither read nor sent again.
    An address that cannot be registered never stops another one. Raises InvalidInput, naming the option, before any
    write; what would stop every request, if it is met before any row has an outcome.
    """
    with recorder:
        check_choice(state, STATES, "state")
        brake = None if max_suppressions is None else parse(max_suppressions, OPTION)
        with opened(memory, api.transport.account, dry_run=dry_run) as known:
            rows = recorder.begin(open_rows(), known)
            run = Suppressions(
                api,
                suppression_state(known),
                concurrency,
                progress or Progress(),
                erases=state == "erased",
                keeps_rows=recorder.rejects is not None,
            )
            ahead = Steps()
            try:
                for part, steps in run.prepare(rows, needs_brake=brake is None and not is_counted):
                    recorder.take(part)
                    ahead.add(steps)
            except SentoriError as error:
                if not recorder.result.summary["total"] and not len(ahead):
                    raise
                for page in ahead:
                    recorder.take(_stopped(page, error))
                recorder.take(Part(stopped_by=error))
                return recorder.result
            refusal = _refusal(brake, len(ahead), recorder.result.summary["total"] + len(ahead))
            for page in ahead:
                if refusal is not None:
                    recorder.take(_stopped(page, refusal))
                else:
                    recorder.take(_predicted(page) if dry_run else run.send(page))
            if refusal is not None:
                raise refusal
            recorder.take(Part(stopped_by=run.memory_error))
            recorder.end(known)
    return recorder.result


class Steps:
    """Steps to send, a page at a time: compressed, because all of them are held in memory until the last is known."""

    def __init__(self) -> None:
        self._pages: list[bytes] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[list[Step]]:
        for page in self._pages:
            yield [Step(*step) for step in pickle.loads(zlib.decompress(page))]

    def add(self, steps: Sequence[Step]) -> None:
        """Add one page."""
        if steps:
            self._pages.append(zlib.compress(pickle.dumps([tuple(step) for step in steps]), 1))
            self._count += len(steps)


class Suppressions:
    """One run: reads and settles rows, then sends the others, up to ``concurrency`` requests at once."""

    def __init__(
        self,
        api: SentoriApi,
        memory: Memory,
        concurrency: int,
        progress: Progress,
        *,
        erases: bool,
        keeps_rows: bool,
    ) -> None:
        self._api = api
        self._memory = memory
        self._concurrency = concurrency
        self._progress = progress
        self._erases = erases
        self._keeps_rows = keeps_rows
        self._stopped_by: SentoriError | None = None
        self.memory_error: SentoriError | None = None

    def prepare(self, rows: Rows, *, needs_brake: bool) -> Iterator[tuple[Part, list[Step]]]:
        """For each page: rows that are settled by their check, the memory, or their contact, and those to send.

        Raises InvalidInput for more than one row if ``needs_brake``, and a SentoriError that concerns the whole run:
        nothing was sent by then.
        """
        seen = SeenAddresses()
        stream = iter(rows)
        is_first = True
        while True:
            page: list[Row] = []
            try:
                page.extend(islice(stream, PAGE))
                if not page:
                    return
                if needs_brake and len(page) > 1:
                    raise InvalidInput(NEEDED, option=OPTION)
                self._progress.read(len(page), rows.part())
                settled, items = settle(page, _address, seen)
                outcomes, steps = self._read([*items.values()])
            except SentoriError as error:
                if not is_first:
                    yield Part([not_sent(row.email, row.place, error) for row in page], page), []
                raise
            is_first = False
            part = Part([*settled.values(), *outcomes], page)
            part.sort()
            yield part, steps

    def send(self, steps: Sequence[Step]) -> Part:
        """Send a page of steps, and remember those that are known to be done."""
        part = Part(fan_out(self._send, steps, self._concurrency), [step.row for step in steps])
        done = [outcome.email for outcome in part.outcomes if outcome.action in DONE]
        self._remember(done, erased=self._erases)
        self._remember([outcome.email for outcome in part.outcomes if outcome.suppressed_first], erased=False)
        part.stopped_by = self._stopped_by
        self._progress.done(len(steps))
        return part

    def _remember(self, emails: Sequence[str], *, erased: bool) -> None:
        """Remember addresses; a memory that cannot be written stops no opt-out, and fails the run at its end."""
        if self.memory_error is not None:
            return
        try:
            self._memory.remember(emails, erased=erased)
        except SentoriError as error:
            self.memory_error = error

    def _read(self, items: Sequence[Address]) -> tuple[list[Outcome], list[Step]]:
        """What the memory and the contact of each address settle, and what is to be sent."""
        known = self._memory.known([item.email for item in items], erased=self._erases)
        outcomes = [self._remembered(item) for item, is_known in zip(items, known) if is_known]
        unknown = [item for item, is_known in zip(items, known) if not is_known]
        self._progress.done(len(items) - len(unknown))
        action_of = action_of_erasure if self._erases else action_of_suppression
        contacts = find_all(self._api, [item.email for item in unknown], self._concurrency)
        steps: list[Step] = []
        for (email, row), found in zip(unknown, contacts):
            if isinstance(found, SentoriError):
                outcomes.append(Outcome(email, UNCHANGED, row.place).refused(found))
                continue
            action = action_of(found)
            if action == UNCHANGED:
                outcomes.append(Outcome(email, UNCHANGED, row.place))
                continue
            is_suppressed = found is not None and bool(found.get("IsSuppressed"))
            given = row.given if self._keeps_rows else None
            steps.append(Step(email, row.place, given, action, spelled(email, found), is_suppressed))
        self._progress.done(len(unknown) - len(steps))
        self._remember([one.email for one in outcomes if one.action == UNCHANGED], erased=False)
        return outcomes, steps

    def _send(self, step: Step) -> Outcome:
        """Send one step; once the run is stopped, nothing is sent any more."""
        if self._stopped_by is not None:
            return not_sent(step.email, step.place, self._stopped_by)
        try:
            if self._erases:
                outcome = send_erasure(self._api, step.spelled, step.predicted, is_suppressed=step.is_suppressed)
            else:
                outcome = send_suppression(self._api, step.spelled, step.predicted)
        except SentoriError as error:
            outcome = step.predicted.refused(error)
        if outcome.error is not None and outcome.error.concerns_run:
            self._stopped_by = outcome.error
        if self._erases and outcome.action in (ERASED, UNVERIFIABLE):
            return outcome._replace(proof=self._proof(outcome))
        return outcome

    def _remembered(self, item: Address) -> Outcome:
        """The outcome of an address that an earlier run has suppressed, or whose person it has erased."""
        outcome = Outcome(item.email, UNCHANGED, item.row.place)
        if not self._erases:
            return outcome
        reason = "Erased by an earlier run."
        return outcome._replace(reason=reason, proof={"person": self._person(item.email)})

    def _person(self, email: str) -> str:
        """The keyed hash that the report has for an erased person: the same in each report of this account."""
        key = self._api.transport.account(b"erasures")
        return hashlib.blake2b(comparable(email).encode(), digest_size=16, key=key).hexdigest()

    def _proof(self, outcome: Outcome) -> dict[str, str]:
        """What the report says of an erased person; without a contact, there is nothing to delete."""
        person = self._person(outcome.email)
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        done = "suppressed, deleted" if outcome.action == ERASED else "suppressed"
        return {"person": person, "time": now, "done": done, "seen": "no contact"}


def _address(row: Row) -> Address:
    return Address(checked_address(row.fields.get(ADDRESS), row.place), row)


def _refusal(brake: Limit | None, count: int, total: int) -> InvalidInput | None:
    """The error if more addresses would be newly suppressed than the brake allows."""
    if brake is None or count <= brake.of(total):
        return None
    allowed = f"{brake.of(total)} ({brake})" if brake.percent is not None else str(brake)
    message = f"{count} of {total} addresses would be newly suppressed; the limit is {allowed}. Nothing was sent."
    return InvalidInput(message, option=OPTION)


def _stopped(steps: Sequence[Step], error: SentoriError) -> Part:
    outcomes = [not_sent(step.email, step.place, error) for step in steps]
    return Part(outcomes, [step.row for step in steps])


def _predicted(steps: Sequence[Step]) -> Part:
    return Part([step.predicted for step in steps], [step.row for step in steps])
