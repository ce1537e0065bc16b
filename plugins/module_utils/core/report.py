# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The report of an import: JSON Lines of what was not simply done, and at its end the summary."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from . import errors, redact
from .import_plan import CREATED, UNCHANGED, UPDATED, RowOutcome

SIMPLY_DONE = frozenset({CREATED, UPDATED, UNCHANGED})


class Report:
    """Writes to ``stream`` as the import goes: ``{"place", "outcome", "reason", "attribution", "email"}`` a line.

    Addresses are redacted unless ``addresses`` is True. What keeps it from being written never stops an import: it is
    ``trouble`` afterwards.
    """

    def __init__(self, stream: TextIO, *, addresses: bool = False) -> None:
        self._stream = stream
        self._addresses = addresses
        self.trouble: str | None = None

    def add(self, outcome: RowOutcome) -> None:
        """One line, unless the row was simply created, updated or unchanged."""
        if outcome.action in SIMPLY_DONE:
            return
        self._write(
            {
                "place": outcome.place,
                "outcome": outcome.action,
                "reason": outcome.reason,
                "attribution": outcome.attribution,
                "email": outcome.email if self._addresses else redact.address(outcome.email),
            }
        )

    def close(self, summary: Mapping[str, int], upload_groups: Sequence[str], error: BaseException | None) -> None:
        """The last line, and the end of the stream."""
        last = {"summary": dict(summary), "upload_groups": list(upload_groups)}
        self._write({**last, "error": _said(error)} if error is not None else last)
        with self._kept_going():
            self._stream.close()

    def _write(self, line: Mapping[str, Any]) -> None:
        if self.trouble is None:
            with self._kept_going():
                self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
                self._stream.flush()

    @contextmanager
    def _kept_going(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # an object store raises errors of its own
            self.trouble = self.trouble or f"The report is not complete: {error}"


def _said(error: BaseException) -> str:
    return str(error) if isinstance(error, errors.SentoriError) else type(error).__name__
