# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""How far a long run is, told at regular times while it goes on."""

from __future__ import annotations

import threading
import time
from typing import Callable, NamedTuple

EVERY = 10.0


class Standing(NamedTuple):
    """How far a run is. ``rows``: how many are through; ``seconds_left``: None if nobody can know."""

    rows: int
    seconds: float
    seconds_left: float | None

    @property
    def rate(self) -> float:
        """Rows a second so far."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0

    def __str__(self) -> str:
        said = f"{self.rows:,} rows in {_duration(self.seconds)}"
        if self.rows:
            said += f", {self.rate:,.0f} a second"
        if self.seconds_left is not None:
            said += f", about {_duration(self.seconds_left)} left"
        return said


class Progress:
    """Calls ``tell`` from a thread of its own every so many seconds inside of its ``with`` block.

    Whoever does the work says what it has ``take``n from the source, and what is ``through``, from any thread.
    """

    def __init__(self, tell: Callable[[Standing], None], every: float = EVERY) -> None:
        self._tell = tell
        self._every = every
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sentori-progress", daemon=True)
        self._started = time.monotonic()
        self._taken = 0
        self._part: float | None = None
        self._rows = 0

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def take(self, rows: int, part: float | None) -> None:
        """So many more rows have left the source, which is now read to this ``part`` (0 to 1; None: not known)."""
        with self._lock:
            self._taken += rows
            self._part = part

    def through(self, rows: int = 1) -> None:
        """So many more rows are checked and compared."""
        with self._lock:
            self._rows += rows

    @property
    def standing(self) -> Standing:
        with self._lock:
            seconds = time.monotonic() - self._started
            left = None
            if self._part and self._rows:
                rows_left = max(0.0, self._taken / self._part - self._rows)
                left = rows_left * seconds / self._rows
            return Standing(self._rows, seconds, left)

    def _run(self) -> None:
        while not self._over.wait(self._every):
            self._tell(self.standing)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"
