# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The report of a run: JSON Lines of the rows that were not simply done, and a summary as the last line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

from .. import redaction
from ..errors import SentoriError
from .outcome import SIMPLY_DONE, Outcome
from .result import RunResult


class Report:
    """Writes a line ``{"place", "outcome", "code", "reason", "certainty", "email"}`` to ``stream`` for each row that
    was not simply done.

    An erased person has no address there, but ``person`` (a keyed hash), ``time``, ``done`` and ``seen``.
    Addresses are redacted unless ``addresses`` is True. A report that cannot be written never stops a run: the reason
    is ``failure`` afterwards.
    """

    def __init__(self, stream: TextIO, *, addresses: bool = False) -> None:
        self._stream = stream
        self._addresses = addresses
        self.failure: str | None = None

    def add(self, outcome: Outcome) -> None:
        """Write one line, unless the row was simply done, and there is nothing to say about it."""
        if outcome.action in SIMPLY_DONE and not outcome.reason:
            return
        line = {
            "place": outcome.place,
            "outcome": outcome.action,
            "code": outcome.code,
            "reason": outcome.reason,
            "certainty": outcome.certainty,
        }
        if outcome.proof is not None:
            self._write({**line, **outcome.proof})
        else:
            self._write({**line, "email": outcome.email if self._addresses else redaction.address(outcome.email)})

    def close(self, result: RunResult, error: BaseException | None) -> None:
        """Write the last line, and close the stream."""
        counters = dict(result.counters)
        last = {"summary": result.summary, "counters": counters, "upload_groups": result.upload_groups}
        self._write({**last, "error": _text(error)} if error is not None else last)
        with self._failures_kept():
            self._stream.close()

    def _write(self, line: Mapping[str, Any]) -> None:
        if self.failure is None:
            with self._failures_kept():
                self._stream.write(json.dumps(line) + "\n")
                self._stream.flush()

    @contextmanager
    def _failures_kept(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # an object store raises errors of its own
            self.failure = self.failure or f"The report is not complete: {error}"


def _text(error: BaseException) -> str:
    return str(error) if isinstance(error, SentoriError) else type(error).__name__
