# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A source that came empty or half is noticed before the first write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from ..errors import InvalidInput
from .limits import parse
from .result import RunResult

if TYPE_CHECKING:
    from ..memory.account import AccountMemory

MIN_ROWS, MAX_DROP = "min_source_rows", "max_source_drop"


class SourceShrunk(InvalidInput):
    """The source has too few rows; it may be complete later."""

    retryable = True


class SourceSize:
    """``min_source_rows``: a number; ``max_source_drop``: how many fewer rows than in the last successful run, as a
    number or a percentage of these (``10%``). None: no limit.

    ``name``: what the memory calls this source. ``failure``: why a run that is complete has failed all the same, if it
    has. Raises InvalidInput, naming the option, for anything else.
    """

    def __init__(
        self,
        name: str,
        failure: Callable[[RunResult], object],
        *,
        min_source_rows: object = None,
        max_source_drop: object = None,
    ) -> None:
        self._name = name
        self._failure = failure
        self._least = None if min_source_rows is None else parse(min_source_rows, MIN_ROWS)
        if self._least is not None and self._least.percent is not None:
            raise InvalidInput("this is a percentage. Give a number of rows, such as 1000.", option=MIN_ROWS)
        self._most_lost = None if max_source_drop is None else parse(max_source_drop, MAX_DROP)
        self._rows = 0

    def check(self, count: Callable[[], int], memory: AccountMemory | None) -> None:
        """Count the rows, and raise SourceShrunk if there are too few. ``memory``: where the last number is.

        Raises InvalidInput if there is a limit for a drop, and no memory.
        """
        if self._most_lost is not None and memory is None:
            raise InvalidInput("can only be used with state_file.", option=MAX_DROP)
        if self._least is None and self._most_lost is None:
            return
        self._rows = count()
        if self._least is not None and self._rows < self._least.number:
            message = f"the source has {self._rows:,} rows, and at least {self._least.number:,} are needed."
            raise SourceShrunk(f"{message} Nothing was sent.", option=MIN_ROWS)
        before = None if memory is None else memory.source_rows(self._name)
        if self._most_lost is None or before is None or before - self._rows <= self._most_lost.of(before):
            return
        raise SourceShrunk(
            f"the source has {self._rows:,} rows, and had {before:,} in the last successful run; the limit for the drop"
            f" is {self._most_lost}. Nothing was sent. If this is right, run once without this limit.",
            option=MAX_DROP,
        )

    def remember(self, result: RunResult, memory: AccountMemory | None) -> None:
        """Remember the number of rows of a run that has succeeded."""
        if self._most_lost is not None and memory is not None and result.complete and not self._failure(result):
            memory.remember_source_rows(self._name, self._rows)
