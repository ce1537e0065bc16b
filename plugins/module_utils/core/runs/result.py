# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The outcomes of all rows of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import SentoriError
from ..rows.row import ColumnUse, Row, places_of
from .outcome import CHANGES, DUPLICATE, EXACT, FAILED, IN_DOUBT, INVALID, LEFT, NOT_MAILABLE, REJECTED, Outcome

MAX_PROBLEMS = 100
MAX_WARNINGS = 100
# The order in which a result shows rows that are not as asked.
PROBLEMS = (FAILED, IN_DOUBT, REJECTED, INVALID, NOT_MAILABLE, LEFT, DUPLICATE)


@dataclass(frozen=True)
class Alike:
    """Rows that were simply done, and have the same outcome but for place and address: they are counted, not listed.

    ``rows``: a part's; ``at``: the positions of these.
    """

    rows: Sequence[Row]
    at: Sequence[int]
    action: str
    certainty: str = EXACT

    def outcomes(self) -> Iterator[Outcome]:
        """An outcome for each of the rows."""
        for at in self.at:
            row = self.rows[at]
            yield Outcome(row.email, self.action, row.place, certainty=self.certainty)


@dataclass
class Part:
    """The outcomes of some rows of a run, as one step of it returns them; ``rows``: as they came in.

    ``alike``: the outcomes of rows that are not among ``outcomes``.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    rows: Sequence[Row] = ()
    upload_groups: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    counters: Mapping[str, int] = field(default_factory=dict)
    stopped_by: SentoriError | None = None
    alike: list[Alike] = field(default_factory=list)

    def sort(self) -> None:
        """Sort the outcomes by the rows; those without the place of a row come last."""
        self.outcomes = self._sorted(self.outcomes)

    def count(self, actions: Collection[str]) -> int:
        """How many rows have an outcome that is one of these."""
        alike = sum(len(one.at) for one in self.alike if one.action in actions)
        return alike + sum(outcome.action in actions for outcome in self.outcomes)

    def listed(self, actions: Collection[str] | None = None) -> list[Outcome]:
        """The outcomes of all rows, or those that are one of these, in the order of the rows."""
        outcomes = [one for one in self.outcomes if actions is None or one.action in actions]
        alike = [one for one in self.alike if actions is None or one.action in actions]
        if not alike:
            return outcomes
        return self._sorted([*outcomes, *(outcome for one in alike for outcome in one.outcomes())])

    def _sorted(self, outcomes: list[Outcome]) -> list[Outcome]:
        if len(outcomes) < 2:
            return outcomes
        by_place = {outcome.place: outcome for outcome in outcomes}
        ordered = [by_place.pop(place) for place in places_of(self.rows) if place in by_place]
        if by_place:
            ordered += [outcome for outcome in outcomes if outcome.place in by_place]
        return ordered


@dataclass
class RunResult:
    """Counts of outcomes, upload groups, warnings, and the error that stopped the run, if one did.

    ``counters``: Sentori's own counters, added up over all requests of an import. ``columns``: what became of the
    columns of the source.

    ``actions``: all that an outcome of this verb can be. ``retryable``: for at least one row a later run may do better.
    ``added``: how many contacts were added so that they could be subscribed.
    """

    actions: Sequence[str]
    counts: Counter[str] = field(default_factory=Counter)
    upload_groups: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stopped_by: SentoriError | None = None
    retryable: bool = False
    changed: bool = False
    added: int = 0
    counters: Counter[str] = field(default_factory=Counter)
    columns: ColumnUse = field(default_factory=ColumnUse)
    _problems: dict[str, list[Outcome]] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, int]:
        """The count of each action, and their ``total``."""
        counts = {action: self.counts[action] for action in self.actions}
        return {"total": sum(counts.values()), **counts}

    @property
    def complete(self) -> bool:
        """Whether everything was done but what was refused: invalid and rejected rows."""
        return self.stopped_by is None and not self.counts[FAILED] and not self.counts[IN_DOUBT]

    @property
    def problems(self) -> list[Outcome]:
        """The first MAX_PROBLEMS rows that are not as asked: failed and in doubt first, then rejected, then others."""
        return [outcome for action in PROBLEMS for outcome in self._problems.get(action, ())][:MAX_PROBLEMS]

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Count some more outcomes."""
        for outcome in outcomes:
            self._warn(f"{outcome.place}: {warning}" for warning in outcome.warnings)
            self.counts[outcome.action] += 1
            self.retryable = self.retryable or outcome.retryable
            self.changed = self.changed or outcome.changed
            self.added += outcome.added
            if outcome.action in PROBLEMS:
                first = self._problems.setdefault(outcome.action, [])
                if len(first) < MAX_PROBLEMS:
                    first.append(outcome)

    def take(self, part: Part) -> None:
        """Count some more outcomes, with all else that came of the rows."""
        self.add(part.outcomes)
        for alike in part.alike:
            self.counts[alike.action] += len(alike.at)
            self.changed = self.changed or alike.action in CHANGES
        self.upload_groups += part.upload_groups
        self.changed = self.changed or bool(part.upload_groups)
        self._warn(part.warnings)
        self.counters.update(part.counters)
        self.stopped_by = self.stopped_by or part.stopped_by

    def _warn(self, warnings: Iterable[str]) -> None:
        """Keep the first MAX_WARNINGS."""
        for warning in warnings:
            if len(self.warnings) < MAX_WARNINGS:
                self.warnings.append(warning)
