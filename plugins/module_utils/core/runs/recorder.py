# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The outcomes of a run: counted, and written to its report and its rejects."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Callable

from ..errors import InvalidInput
from ..rows.row import Rows
from .rejects import Rejects
from .report import Report
from .result import Part, RunResult

if TYPE_CHECKING:
    from ..memory.account import AccountMemory
    from .source_size import SourceSize


class Recorder:
    """Takes the outcomes of one run, part by part; its files are complete when its first ``with`` block ends.

    ``actions``: all that an outcome of this verb can be. ``sink`` gets each part as soon as it is known.
    ``source_size``: how small the source may be.
    """

    def __init__(
        self,
        actions: Sequence[str],
        *,
        report: Report | None = None,
        rejects: Rejects | None = None,
        sink: Callable[[Part], object] | None = None,
        source_size: SourceSize | None = None,
    ) -> None:
        self.result = RunResult(actions)
        self._report = report
        self.rejects = rejects
        self._sink = sink
        self._source_size = source_size
        self._is_closed = False

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self.result.warnings[:0] = self.result.columns.warnings
        if self.rejects is not None:
            self.rejects.close()
        if self._report is not None:
            self._report.close(self.result, error or self.result.stopped_by)
        for file in (self.rejects, self._report):
            if file is not None and file.failure is not None:
                self.result.warnings.append(file.failure)

    def begin(self, rows: Rows, memory: AccountMemory | None = None) -> Rows:
        """The rows of this run, before the first is read. ``memory``: of earlier runs, if there is one.

        Raises InvalidInput if ``rejects`` cannot hold such rows, or if there are too few (``source_size``).
        """
        if self.rejects is not None:
            self.rejects.begin(rows.layout)
        self.result.columns = rows.use
        if self._source_size is not None:
            self._source_size.check(rows.count, memory)
        return rows

    def end(self, memory: AccountMemory | None) -> None:
        """Remember how many rows the source had, once all outcomes are taken; what was done is reported in any case."""
        if self._source_size is not None:
            try:
                self._source_size.remember(self.result, memory)
            except InvalidInput as error:
                self.result.warnings.append(str(error))

    def take(self, part: Part) -> None:
        """Count some more outcomes, and write those of rows that were not simply done."""
        self.result.take(part)
        if self.rejects is not None:
            self.rejects.add(part)
        if self._report is not None:
            for outcome in part.outcomes:
                self._report.add(outcome)
        if self._sink is not None:
            self._sink(part)
