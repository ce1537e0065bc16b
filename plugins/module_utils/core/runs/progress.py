# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""How far a long run is, reported at regular intervals."""

from __future__ import annotations

import threading
import time
from typing import Callable, NamedTuple

INTERVAL = 10.0


class Snapshot(NamedTuple):
    """How far a run is. ``rows``: checked and compared so far; ``seconds_left``: None if that is not known."""

    rows: int
    seconds: float
    seconds_left: float | None

    @property
    def rate(self) -> float:
        """Rows a second so far."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0

    def __str__(self) -> str:
        line = f"{self.rows:,} rows in {_duration(self.seconds)}"
        if self.rows:
            line += f", {self.rate:,.0f} a second"
        if self.seconds_left is not None:
            line += f", about {_duration(self.seconds_left)} left"
        return line


class Progress:
    """Calls ``show`` every ``interval`` seconds within its ``with`` block, from a thread of its own.

    The run reports the rows that it has read (``read``) and those that are checked and compared (``done``), from any
    thread.
    """

    def __init__(self, show: Callable[[Snapshot], None] = lambda _: None, interval: float = INTERVAL) -> None:
        self._show = show
        self._interval = interval
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sentori-progress", daemon=True)
        self._started = time.monotonic()
        self._read = 0
        self._part: float | None = None
        self._rows = 0

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def read(self, rows: int, part: float | None) -> None:
        """Count rows that were read from the source, of which this ``part`` is now read (0 to 1; None: not known)."""
        with self._lock:
            self._read += rows
            self._part = part

    def done(self, rows: int = 1) -> None:
        """Count rows that are checked and compared."""
        with self._lock:
            self._rows += rows

    @property
    def snapshot(self) -> Snapshot:
        with self._lock:
            seconds = time.monotonic() - self._started
            left = None
            if self._part and self._rows:
                rows_left = max(0.0, self._read / self._part - self._rows)
                left = rows_left * seconds / self._rows
            return Snapshot(self._rows, seconds, left)

    def _run(self) -> None:
        while not self._over.wait(self._interval):
            self._show(self.snapshot)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"
