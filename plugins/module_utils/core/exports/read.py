# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads a selection into a snapshot, a page at a time, with one outcome for each person or entry."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Callable, NamedTuple

from .. import addresses
from ..api.client import SentoriApi
from ..contacts.reader import Found, find_all
from ..errors import InvalidInput, SentoriError
from ..fields import ADDRESS, hint
from ..lists.lookup import MailingList
from ..rows.row import Layout, Row, Rows
from ..runs.outcome import EXPORTED, MISSING, Outcome
from ..runs.pages import PAGE, in_pages
from ..runs.progress import Progress
from ..runs.result import Part
from .selection import ASKED, CONTACTS, EXISTS, MAILING_LISTS, SUBSCRIBERS, SYSTEM_ID, Selection
from .snapshot import Record, Snapshot


class Person(NamedTuple):
    """Somebody to read: by SystemID if it is known, which an address that changes meanwhile does not affect."""

    email: str
    system_id: int | None = None

    @property
    def key(self) -> str | int:
        return self.email if self.system_id is None else self.system_id


class Reader:
    """Reads one selection; ``concurrency``: the contacts that are read at once."""

    def __init__(self, api: SentoriApi, selection: Selection, concurrency: int, progress: Progress) -> None:
        self._api = api
        self._selection = selection
        self._concurrency = concurrency
        self._progress = progress

    def read(self, open_rows: Callable[[], Rows] | None, snapshot: Snapshot) -> Iterator[Part]:
        """The outcomes, while the records are added to ``snapshot``. ``open_rows``: the people, for ``contacts``.

        Raises a SentoriError before the first Part, and later has it as ``stopped_by`` of the last one.
        """
        selection = self._selection
        if selection.what == CONTACTS:
            if open_rows is None:
                raise InvalidInput("contacts are read by their addresses. Give them.", option="emails")
            return self._contacts(open_rows(), _asked_person, snapshot)
        if selection.what == SUBSCRIBERS:
            return self._subscribers(snapshot)
        entries = self._api.mailing_lists() if selection.what == MAILING_LISTS else self._api.draft_emails()
        snapshot.add(entries)
        return self._counted(entries)

    def _subscribers(self, snapshot: Snapshot) -> Iterator[Part]:
        if not self._selection.reads_contacts:
            self._read_list(snapshot)
            return self._counted(snapshot.records())
        return self._fields_of_subscribers(snapshot)

    def _fields_of_subscribers(self, snapshot: Snapshot) -> Iterator[Part]:
        with Snapshot((SYSTEM_ID, ADDRESS)) as members:
            self._read_list(members)
            yield from self._contacts(_rows_of(members), _subscribed_person, snapshot)

    def _read_list(self, snapshot: Snapshot) -> None:
        def take(subscribers: Iterable[Record]) -> None:
            # The list is read anew after a response that broke off.
            snapshot.clear()
            snapshot.add(subscribers)

        MailingList(self._api, self._selection.mailing_list).read_subscribers(take)

    def _counted(self, records: Iterable[Record]) -> Iterator[Part]:
        stream = iter(records)
        number = 0
        while page := list(islice(stream, PAGE)):
            self._progress.done(len(page))
            yield Part(
                [
                    Outcome(str(record.get(ADDRESS) or ""), EXPORTED, f"row {at}")
                    for at, record in enumerate(page, number + 1)
                ]
            )
            number += len(page)

    def _contacts(self, rows: Rows, check: Callable[[Row], Person], snapshot: Snapshot) -> Iterator[Part]:
        def apply(people: Sequence[Person]) -> list[Outcome]:
            keys = [person.key for person in people]
            found = find_all(self._api, keys, self._concurrency, self._progress.done)
            outcomes = []
            for person, contact in zip(people, found):
                record = self._record(person, contact)
                if record is not None:
                    snapshot.add([record])
                outcomes.append(_outcome(person, contact))
            return outcomes

        try:
            yield from in_pages(rows, check, apply, self._progress)
        finally:
            rows.close()

    def _record(self, person: Person, found: Found) -> Record | None:
        """What the snapshot gets of a person; None for a subscriber who is gone, and for somebody who was not read."""
        if isinstance(found, SentoriError):
            return None
        asked: dict[str, Any] = {}
        if self._selection.what == CONTACTS:
            asked = {ASKED: person.email, EXISTS: found is not None}
        elif found is None:
            return None
        if found is None:
            return asked
        self._check_fields(found)
        return {**asked, **found} if self._selection.has_all_fields else {**asked, **self._named(found)}

    def _named(self, contact: Record) -> dict[str, Any]:
        return {name: contact[name] for name in self._selection.columns if name in contact}

    def _check_fields(self, contact: Record) -> None:
        """Raise InvalidInput for a field that this account does not have: ``get`` returns all of them."""
        if self._selection.has_all_fields:
            return
        for name in self._selection.fields or ():
            if name not in contact and name not in (ASKED, EXISTS):
                raise InvalidInput(f"this account has no field named {name}.{hint(name, contact)}", option="fields")


def _asked_person(row: Row) -> Person:
    return Person(addresses.checked_address(row.fields.get(ADDRESS), f"{row.place}.{ADDRESS}"))


def _subscribed_person(row: Row) -> Person:
    system_id = row.fields.get(SYSTEM_ID)
    if isinstance(system_id, int) and system_id > 0:
        return Person(row.email, system_id)
    return _asked_person(row)


def _rows_of(members: Snapshot) -> Rows:
    total, read = len(members), 0

    def rows() -> Generator[Row, None, None]:
        nonlocal read
        for read, member in enumerate(members.records(), 1):
            yield Row(f"row {read}", dict(member), member)

    return Rows(rows(), lambda: read / total if total else None, Layout("jsonl"), count=lambda: total)


def _outcome(person: Person, found: Found) -> Outcome:
    outcome = Outcome(person.email, MISSING if found is None else EXPORTED)
    return outcome.refused(found) if isinstance(found, SentoriError) else outcome
