# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which row of a request has which outcome: Sentori returns counters, and names no row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ..api.client import SentoriApi
from ..contacts.reader import Found, find_all
from ..errors import SentoriError
from ..fields import Contact
from ..runs.outcome import (
    CREATED,
    EXACT,
    IN_DOUBT,
    INFERRED,
    REJECTED,
    SIMPLY_DONE,
    SUPPRESSED_UPDATED,
    UNKNOWN,
    UNVERIFIABLE,
    UPDATED,
    Outcome,
)
from ..runs.result import Alike
from .batches import Batch
from .candidate import Candidate
from .columns import Ready
from .counters import ACTION_OF_COUNTER, Counters

MAX_READS = 10_000
READS_AT_ONCE = 100

# Names that are often role-based: those of RFC 2142, and others.
_ROLE_NAMES = frozenset({
    "abuse", "admin", "billing", "contact", "ftp", "hello", "help", "hostmaster", "info", "jobs", "mail",
    "marketing", "news", "noc", "noreply", "office", "postmaster", "press", "root", "sales", "security", "service",
    "support", "team", "usenet", "uucp", "webmaster", "www",
})  # fmt: skip


class Attribution:
    """Finds the outcomes of the rows of a run's requests; reads at most MAX_READS contacts for it in the whole run."""

    def __init__(self, api: SentoriApi, concurrency: int) -> None:
        self._api = api
        self._concurrency = concurrency
        self._reads_left = MAX_READS

    def outcomes(self, batch: Batch, counters: Counters) -> Alike | list[Outcome]:
        """One Outcome a row: as predicted if the counters agree, else by reading again, else by the counters."""
        was_read = batch.was_read
        if counters.adds_up and was_read and counters.actions == _predicted_actions(batch):
            return [one.predicted() for one in batch.candidates]
        if counters.adds_up and not was_read:
            return _alike(batch, counters) or by_counters(batch, counters)
        return self._by_reading(batch, counters)

    def _by_reading(self, batch: Batch, counters: Counters) -> list[Outcome]:
        """Contacts are read again until the counters are explained; the likeliest first, so that few reads suffice."""
        outcomes = [one.predicted(INFERRED) for one in batch.candidates]
        open_rows = OpenRows(counters)
        has_other_values = False
        order = _likeliest_first(batch, counters.actions)[: self._reads_left]
        for begin in range(0, len(order), READS_AT_ONCE):
            page = order[begin : begin + READS_AT_ONCE]
            self._reads_left -= len(page)
            for at, found in zip(page, self._read([batch.candidates[at] for at in page])):
                one = batch.candidates[at]
                if isinstance(found, SentoriError):
                    outcomes[at] = one.predicted().in_doubt(found)
                    continue
                outcomes[at] = by_contact(one, found)
                open_rows.note(at, one, found)
                # A contact that does not exist was excluded. One that exists with other values may have been changed
                # since: then the counters are explained by chance, and nothing follows for rows that were not read.
                has_other_values = has_other_values or (found is not None and outcomes[at].action == REJECTED)
            for possible in open_rows.possible(outcomes):
                if Counter(outcome.action for outcome in possible) == counters.actions:
                    found_out = open_rows.settled(possible)
                    return _named(batch, order[: begin + len(page)], found_out) if has_other_values else found_out
        is_incomplete = len(order) < len(outcomes) or any(outcome.action == IN_DOUBT for outcome in outcomes)
        if counters.adds_up and is_incomplete:
            return by_counters(batch, counters)
        settled = [at for at in order if at not in open_rows]
        return [outcome._replace(certainty=UNKNOWN) for outcome in _named(batch, settled, outcomes)]

    def _read(self, candidates: Sequence[Candidate]) -> list[Found]:
        return read_again(self._api, candidates, self._concurrency)


class OpenRows:
    """Rows without a contact before, whose contact since does not say how Sentori counted them.

    No page says what an import does with a new address that is suppressed already: it may create the contact, or
    count the row as SuppressedUpdated, with or without a contact (api-import-contacts).
    """

    def __init__(self, counters: Counters) -> None:
        self._some_are_suppressed = counters.counts["SuppressedUpdated"] > 0
        self._suppressed: set[int] = set()
        self._missing: set[int] = set()

    def __contains__(self, at: int) -> bool:
        return at in self._suppressed or at in self._missing

    def note(self, at: int, row: Candidate, now: Contact | None) -> None:
        """Note the row at this position if what its contact is since leaves it open."""
        if row.current is None and now is None and self._some_are_suppressed:
            self._missing.add(at)
        elif is_new_and_suppressed(row, now):
            self._suppressed.add(at)

    def possible(self, outcomes: Sequence[Outcome]) -> Iterator[list[Outcome]]:
        """The outcomes, with each meaning that these rows can have; all of them have the same one."""
        for of_suppressed in (SUPPRESSED_UPDATED, CREATED) if self._suppressed else (CREATED,):
            for of_missing in (REJECTED, SUPPRESSED_UPDATED) if self._missing else (REJECTED,):
                meant = {**dict.fromkeys(self._suppressed, of_suppressed), **dict.fromkeys(self._missing, of_missing)}
                yield [
                    outcome._replace(action=meant[at]) if at in meant else outcome
                    for at, outcome in enumerate(outcomes)
                ]

    def settled(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """The possible outcomes that the counters confirm: a row that was counted, and has no contact, is no change."""
        reason = "Sentori counted it as updated although suppressed, and the contact does not exist."
        return [
            outcome._replace(action=UNVERIFIABLE, reason=reason)
            if at in self._missing and outcome.action == SUPPRESSED_UPDATED
            else outcome
            for at, outcome in enumerate(outcomes)
        ]


def is_new_and_suppressed(row: Candidate, now: Contact | None) -> bool:
    """Whether a row that had no contact has one now that is suppressed, or marked as a bad address."""
    is_hidden = now is not None and bool(now.get("IsSuppressed") or now.get("IsBadEmailAddress"))
    return row.current is None and is_hidden


def read_again(api: SentoriApi, candidates: Sequence[Candidate], concurrency: int) -> list[Found]:
    """The contacts of rows that were sent; also an error that concerns the whole run is a value here."""
    try:
        return find_all(api, [one.email for one in candidates], concurrency)
    except SentoriError as error:
        return [error] * len(candidates)


def by_counters(batch: Batch, counters: Counters) -> list[Outcome]:
    """As many of each outcome as Sentori counted; if it counted several, no row is named, because none is known.

    A result must never say something untrue about a person (rule 12 of the design).
    """
    if len(counters.met) == 1:
        action, reason = ACTION_OF_COUNTER[counters.met[0]], _reason(counters.met[0])
        return [Outcome(one.email, action, one.place, reason, EXACT) for one in batch.candidates]
    return [
        outcome
        for counter in counters.met
        for outcome in [_unnamed(batch, ACTION_OF_COUNTER[counter], _reason(counter))] * counters.counts[counter]
    ]


def _alike(batch: Batch, counters: Counters) -> Alike | None:
    """The outcome that all rows have, if they were simply done."""
    ready, actions = batch.candidates, list(counters.actions)
    if isinstance(ready, Ready) and len(actions) == 1 and actions[0] in SIMPLY_DONE:
        return Alike(ready.rows, ready.at, actions[0])
    return None


def _unnamed(batch: Batch, action: str, reason: str = "") -> Outcome:
    """An outcome that one of the rows of a request has; which one is not known."""
    first, last = batch.candidates[0].place, batch.candidates[-1].place
    place = f"one of {first} to {last}"
    return Outcome("", action, place, f"{reason} Which row that is, is not known." if reason else "", UNKNOWN)


def by_contact(row: Candidate, now: Contact | None) -> Outcome:
    """The outcome of a row, by its contact since; a row without a contact, or with other values, was rejected."""
    if now is None:
        reason = (
            "The contact does not exist after the import, though its address is well-formed:"
            " it is role-based, or was excluded otherwise."
        )
        return Outcome(row.email, REJECTED, row.place, reason, INFERRED)
    if not row.has_values(now):
        return Outcome(row.email, REJECTED, row.place, "The contact does not have the values of the row.", INFERRED)
    action = Candidate(row.place, row.email, row.fields, current=now).action
    if row.current is None and action == UPDATED:
        action = CREATED
    return Outcome(row.email, action, row.place, certainty=INFERRED)


def _likeliest_first(batch: Batch, counted: Counter[str]) -> list[int]:
    """The positions of the rows, those first that may have another outcome than predicted.

    These are rows whose action was counted too rarely; and among them addresses with names that are often
    role-based. (The vendor does not list them; nothing but the order depends on it.)
    """
    missing = _predicted_actions(batch) - counted

    def rank(at: int) -> tuple[bool, bool]:
        one = batch.candidates[at]
        return one.action not in missing, one.email.partition("@")[0].lower() not in _ROLE_NAMES

    return sorted(range(len(batch.candidates)), key=rank)


def _predicted_actions(batch: Batch) -> Counter[str]:
    return Counter(one.action for one in batch.candidates)


def _named(batch: Batch, settled: Sequence[int], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes of the rows at these positions; those of all others without a name."""
    sure = frozenset(settled)
    return [outcome if at in sure else _unnamed(batch, outcome.action) for at, outcome in enumerate(outcomes)]


_EXCLUDED = {
    "ExcludedDuplicates": "Excluded as a duplicate (Sentori's counter).",
    "ExcludedInvalidEmail": "Excluded because of an invalid address (Sentori's counter).",
    "ExcludedRoleBased": "Excluded as role-based (Sentori's counter).",
}


def _reason(counter: str) -> str:
    return _EXCLUDED.get(counter, "")
