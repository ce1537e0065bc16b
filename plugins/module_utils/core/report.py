# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The report of an import: JSON Lines of what was not simply done, and at its end the summary."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from . import errors, redact
from .import_plan import CREATED, FAILED, IN_DOUBT, INVALID, REJECTED, UNCHANGED, UPDATED, RowOutcome

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


def check_thresholds(
    summary: Mapping[str, int],
    max_rejected: int | None = None,
    max_rejected_percent: float | None = None,
    min_rows: int = 0,
) -> str | None:
    """The sentence with which the run fails, or None.

    ``max_rejected``: how many rows Sentori may reject, and apart from them how many may be invalid;
    ``max_rejected_percent``: the same of all rows, once there are ``min_rows``. Rows that failed or are in doubt fail
    the run in any case.
    """
    total = summary["total"]
    broken = [f"{said}: {summary[action]}" for action, said in _BROKEN.items() if summary[action]]
    for action, said in _REFUSED.items():
        count = summary[action]
        if max_rejected is not None and count > max_rejected:
            broken.append(f"{said}: {count}, and at the most {max_rejected} may be (max_rejected)")
        if max_rejected_percent is not None and total >= min_rows and count * 100 > max_rejected_percent * total:
            most = f"{max_rejected_percent:g} % may be (max_rejected_percent)"
            broken.append(f"{said}: {count} of {total}, and at the most {most}")
    return ". ".join(broken) + "." if broken else None


def checked_thresholds(max_rejected: int | None, max_rejected_percent: float | None, min_rows: int) -> None:
    """Raises InvalidInput for a threshold that cannot be."""
    for option, value in (("max_rejected", max_rejected), ("min_rows", min_rows)):
        if value is not None and value < 0:
            raise errors.InvalidInput("a number of at least 0 is needed.", option=option)
    if min_rows and max_rejected_percent is None:
        raise errors.InvalidInput("goes with max_rejected_percent only.", option="min_rows")
    if max_rejected_percent is not None and not 0 <= max_rejected_percent <= 100:
        raise errors.InvalidInput("a number from 0 to 100 is needed.", option="max_rejected_percent")


_BROKEN = {FAILED: "Rows that failed", IN_DOUBT: "Rows in doubt"}
_REFUSED = {REJECTED: "Rows that Sentori rejected", INVALID: "Invalid rows"}
