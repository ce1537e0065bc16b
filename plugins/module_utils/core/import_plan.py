# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What an import sends, and what Sentori should count: rows checked, compared, and put into requests of one shape.

In a v1 import the widest row decides the columns of all, what others lack becomes blank, and blanks overwrite
(api-import-contacts). Nobody says whether v2.0 does the same, so it is assumed: each request has rows of one shape.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from typing import Any, Callable, NamedTuple

from . import addresses, fields
from .errors import InvalidInput, SentoriError
from .fields import ADDRESS, Contact, FieldValue

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
SUPPRESSED_UPDATED, BAD_EMAIL_UPDATED = "suppressed_updated", "bad_email_updated"
DUPLICATE, INVALID, REJECTED = "duplicate", "invalid", "rejected"
IN_DOUBT, FAILED = "in_doubt", "failed"
ACTIONS = (
    CREATED,
    UPDATED,
    UNCHANGED,
    SUPPRESSED_UPDATED,
    BAD_EMAIL_UPDATED,
    DUPLICATE,
    INVALID,
    REJECTED,
    IN_DOUBT,
    FAILED,
)
CHANGES = frozenset({CREATED, UPDATED, SUPPRESSED_UPDATED, BAD_EMAIL_UPDATED})
ACTION_OF_COUNTER = {
    "EmailableRowsCreated": CREATED,
    "EmailableRowsUpdated": UPDATED,
    "SuppressedUpdated": SUPPRESSED_UPDATED,
    "BadEmailUpdated": BAD_EMAIL_UPDATED,
    "ExcludedDuplicates": REJECTED,
    "ExcludedInvalidEmail": REJECTED,
    "ExcludedRoleBased": REJECTED,
}
NEVER_FILLED = "IsBadEmailAddress"
EXACT, INFERRED, UNKNOWN = "exact", "inferred", "unknown"

# RFC 2142's names, and what else offices are called.
_OFFICES = frozenset({
    "abuse", "admin", "billing", "contact", "ftp", "hello", "help", "hostmaster", "info", "jobs", "mail",
    "marketing", "news", "noc", "noreply", "office", "postmaster", "press", "root", "sales", "security", "service",
    "support", "team", "usenet", "uucp", "webmaster", "www",
})  # fmt: skip
_UNSET: dict[str, FieldValue] = {"text": "", "boolean": False, "number": None}


# Raises InvalidInput for a field (name, value, place) that cannot be sent.
Check = Callable[[str, FieldValue, str], object]


class RowOutcome(NamedTuple):
    """What became of one row. ``attribution``: whether that is known ``exact``, ``inferred``, or ``unknown``.

    ``retryable``: a later run may do better.
    """

    place: str
    email: str
    action: str
    reason: str = ""
    attribution: str = EXACT
    retryable: bool = False


@dataclass(frozen=True)
class Candidate:
    """A row that may be sent: its typed fields, and the contact as it was read (None: there is none).

    ``given``: the row as it came in.
    """

    place: str
    email: str
    fields: Contact
    given: Mapping[str, Any] = field(default_factory=dict)
    read_only: Contact = field(default_factory=dict)
    current: Contact | None = None
    was_read: bool = False

    @property
    def holds(self) -> bool:
        """Whether the contact is as the row says already."""
        current = self.current
        return current is not None and all(fields.same(value, current.get(name)) for name, value in self.fields.items())

    @property
    def action(self) -> str:
        """What the import should make of it."""
        if self.current is None:
            return CREATED
        if self.current.get("IsSuppressed"):
            return SUPPRESSED_UPDATED
        return BAD_EMAIL_UPDATED if self.current.get("IsBadEmailAddress") else UPDATED


class Batch(NamedTuple):
    """One request: its rows as they are sent, and the candidates that they are of."""

    candidates: list[Candidate]
    rows: list[Contact]


def candidate(
    place: str,
    row: Mapping[str, object],
    structure: Callable[[], Contact],
    on_blank: str,
    check: Check | None = None,
) -> Candidate:
    """A row, checked, also by ``check`` where the wire cannot carry all. ``structure``: asked for if a field is given.

    Raises InvalidInput, naming its place.
    """
    given = fields.checked(row, place)
    email = addresses.checked(given.pop(ADDRESS, None), f"{place}.{ADDRESS}")
    typed: Contact = {}
    read_only: Contact = {}
    if check is not None:
        check(ADDRESS, email, place)
    for name, value in given.items():
        if _is_empty(value):
            if on_blank == "error":
                raise InvalidInput("this cell is empty, and on_blank is error.", option=f"{place}.{name}")
            if on_blank == "keep" or name == NEVER_FILLED:
                continue
            value = fields.blank_of(name, structure())
        if name in fields.READ_ONLY:
            read_only[name] = value
        else:
            typed[name] = fields.typed(name, value, structure(), place)
            if check is not None:
                check(name, typed[name], place)
    return Candidate(place, email, typed, row, read_only)


def _is_empty(value: FieldValue) -> bool:
    """Blank, or nothing but blanks, as databases pad their columns."""
    return value is None or (isinstance(value, str) and not value.strip())


def compared(row: Candidate, current: Contact | None) -> Candidate:
    """The same row with its contact. Raises InvalidInput if it gives a read-only field another value."""
    fields.differences(row.read_only, current, None, row.place)
    email = row.email if current is None else str(current[ADDRESS])
    return replace(row, email=email, current=current, was_read=True)


def batches(
    candidates: Sequence[Candidate], structure: Contact, max_rows: int, max_bytes: int, check: Check | None = None
) -> Iterator[Batch]:
    """Requests of one shape each. A column that a row lacks has the contact's current value, where that was read.

    Where that cannot be sent, by JSON or by ``check``, the row goes in a request with rows of its own shape. So do
    rows that do not name ``NEVER_FILLED``: an address that has bounced since it was read must not be revived.
    """
    groups: dict[tuple[bool, frozenset[str]], list[Candidate]] = {}
    names_of = {
        named: _names(one for one in candidates if one.was_read and (NEVER_FILLED in one.fields) is named)
        for named in (False, True)
    }
    for one in candidates:
        named = NEVER_FILLED in one.fields
        is_filled = one.was_read and _can_be_filled(one, names_of[named], structure, check)
        groups.setdefault((named, frozenset(names_of[named] if is_filled else one.fields)), []).append(one)
    for group in groups.values():
        yield from _cut(group, _names(group), structure, max_rows, max_bytes)


def _names(candidates: Iterable[Candidate]) -> list[str]:
    return list(dict.fromkeys(name for one in candidates for name in one.fields))


def _can_be_filled(row: Candidate, names: Iterable[str], structure: Contact, check: Check | None) -> bool:
    for name in names:
        if name in row.fields:
            continue
        if row.current is not None and name not in row.current:
            return False
        filler = _current(row, name, structure)
        if not fields.is_sendable(filler):
            return False
        if check is not None:
            try:
                check(name, filler, row.place)
            except InvalidInput:
                return False
    return True


def _cut(
    group: Sequence[Candidate], names: Sequence[str], structure: Contact, max_rows: int, max_bytes: int
) -> Iterator[Batch]:
    batch, size = Batch([], []), 0
    for one in group:
        row: Contact = {ADDRESS: one.email}
        row.update((name, one.fields[name] if name in one.fields else _current(one, name, structure)) for name in names)
        length = len(json.dumps(row, ensure_ascii=False).encode()) + 1
        if batch.rows and (len(batch.rows) == max_rows or size + length > max_bytes):
            yield batch
            batch, size = Batch([], []), 0
        batch.candidates.append(one)
        batch.rows.append(row)
        size += length
    if batch.rows:
        yield batch


def _current(row: Candidate, name: str, structure: Contact) -> FieldValue:
    """What the contact has now in a column that only other rows give; of a new one, what it would have without it."""
    if row.current is not None:
        value = row.current[name]
        return "" if value is None and fields.kind_of(structure[name]) == "text" else value
    return _UNSET[fields.kind_of(structure[name])]


def outcomes_by_prediction(batch: Batch, attribution: str = EXACT) -> list[RowOutcome]:
    """The rows as they were foretold."""
    return [RowOutcome(one.place, one.email, one.action, attribution=attribution) for one in batch.candidates]


def outcomes_by_count(batch: Batch, counters: Mapping[str, int]) -> list[RowOutcome]:
    """As many of each outcome as Sentori counted; which row has which is unknown, unless all have the same."""
    met = [counter for counter in ACTION_OF_COUNTER if counters[counter]]
    attribution = EXACT if len(met) == 1 else UNKNOWN
    each = chain.from_iterable(repeat(counter, counters[counter]) for counter in met)
    return [
        RowOutcome(one.place, one.email, ACTION_OF_COUNTER[counter], _reason(counter), attribution)
        for one, counter in zip(batch.candidates, each)
    ]


def outcome_by_reading(row: Candidate, now: Contact | None) -> RowOutcome:
    """What became of a row, by its contact since; what is not there, or not as asked, was rejected."""
    if now is None:
        reason = "not in Sentori after the import, though its syntax is good: role-based, or excluded otherwise."
        return RowOutcome(row.place, row.email, REJECTED, reason, INFERRED)
    after = Candidate(row.place, row.email, row.fields, current=now)
    if not after.holds:
        return RowOutcome(row.place, row.email, REJECTED, "the contact is not as the row says.", INFERRED)
    action = CREATED if row.current is None and after.action == UPDATED else after.action
    return RowOutcome(row.place, row.email, action, attribution=INFERRED)


def not_sent(rows: Iterable[Candidate], error: SentoriError) -> list[RowOutcome]:
    """Rows that came in and were not sent, since the run had stopped."""
    return [not_sent_row(row.place, row.email, error) for row in rows]


def not_sent_row(place: str, email: str, error: SentoriError) -> RowOutcome:
    """The same for one that is not checked yet."""
    return RowOutcome(place, email, FAILED, f"not sent, since the run had stopped: {error}", retryable=error.retryable)


def in_doubt(row: Candidate, error: SentoriError) -> RowOutcome:
    """A row of which nobody can say whether Sentori took it; a later run reads it again."""
    return RowOutcome(row.place, row.email, IN_DOUBT, str(error), retryable=True)


def failed(row: Candidate, error: SentoriError) -> RowOutcome:
    """A row that Sentori did not take."""
    return RowOutcome(row.place, row.email, FAILED, str(error), retryable=error.retryable)


def most_likely_first(batch: Batch, counted: Counter[str]) -> list[int]:
    """The positions of the rows, those first that may have had another outcome than foretold.

    That is whose action was counted too rarely; and among them addresses as offices have them, since those are most
    often role-based. (The vendor does not say which are; nothing but the order depends on it.)
    """
    missing = predicted(batch) - counted

    def rank(at: int) -> tuple[bool, bool]:
        one = batch.candidates[at]
        return one.action not in missing, one.email.partition("@")[0].lower() not in _OFFICES

    return sorted(range(len(batch.candidates)), key=rank)


def predicted(batch: Batch) -> Counter[str]:
    return Counter(one.action for one in batch.candidates)


def counted(counters: Mapping[str, int]) -> Counter[str]:
    """Sentori's counters by the outcome that they mean."""
    found: Counter[str] = Counter()
    for counter, action in ACTION_OF_COUNTER.items():
        found[action] += counters[counter]
    return +found


def tally(outcomes: Iterable[RowOutcome]) -> Counter[str]:
    return Counter(outcome.action for outcome in outcomes)


def _reason(counter: str) -> str:
    return f"Sentori counted it as {counter}." if ACTION_OF_COUNTER[counter] == REJECTED else ""
