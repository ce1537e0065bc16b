# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What an operation told its user: outcomes, a value that was read, errors and warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from airflow_provider_sentori.core.errors import SentoriError
from airflow_provider_sentori.core.runs.outcome import CHANGES, IN_DOUBT, UNVERIFIABLE, Outcome
from airflow_provider_sentori.core.runs.result import RunResult

DONE, UNTOUCHED, EITHER = "done", "untouched", "either"


@dataclass
class Told:
    """``value``: what a read returned, or the files that an export left. ``draft``: what became of the draft email.

    ``error``: what was raised, or what stopped the run.
    """

    outcomes: Sequence[Outcome] = ()
    value: object = None
    error: SentoriError | None = None
    draft: str = UNTOUCHED
    warnings: Sequence[str] = field(default_factory=list)
    crash: BaseException | None = None

    def verdict(self, email: str) -> str:
        """What is claimed of this address; some outcomes of an import are counted, and name none."""
        for outcome in self.outcomes:
            if outcome.email.lower() == email.lower():
                return verdict(outcome)
        nameless = {verdict(outcome) for outcome in self.outcomes if not outcome.email}
        if nameless:
            return nameless.pop() if len(nameless) == 1 else EITHER
        return EITHER if self.error is not None and self.error.ambiguous else UNTOUCHED

    @property
    def failures(self) -> list[str]:
        """The messages about what was not done as asked."""
        bad = [outcome.reason for outcome in self.outcomes if outcome.error is not None]
        return bad if self.error is None else [*bad, str(self.error)]

    @property
    def texts(self) -> list[str]:
        """Everything that may be shown in a log."""
        more = [warning for outcome in self.outcomes for warning in outcome.warnings]
        return [*self.failures, *self.warnings, *more, *([] if self.crash is None else [repr(self.crash)])]

    @property
    def actions(self) -> dict[str, str]:
        return {outcome.email: outcome.action for outcome in self.outcomes}


def verdict(outcome: Outcome) -> str:
    """What one outcome claims."""
    if outcome.action in (IN_DOUBT, UNVERIFIABLE):
        return EITHER
    if outcome.action in CHANGES:
        return DONE
    # Something was done, and not all of it: a contact was added, an address suppressed.
    return EITHER if outcome.changed else UNTOUCHED


def told_by(result: RunResult, outcomes: Sequence[Outcome]) -> Told:
    """What a bulk run told."""
    return Told(outcomes, error=result.stopped_by, warnings=result.warnings)
