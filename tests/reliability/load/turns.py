# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which of several runs may send its next request: one after the other, in an order that a seed decides."""

from __future__ import annotations

import random
import threading

PATIENCE = 30.0


class Turns:
    """The turns of runs that are numbered from 0; each has one request under way at a time."""

    def __init__(self, runs: int, seed: int) -> None:
        self._random = random.Random(seed)
        self._going = set(range(runs))
        self._waiting: set[int] = set()
        self._changed = threading.Condition()

    def wait(self, run: int) -> None:
        """Return when this run may send a request."""
        with self._changed:
            self._waiting.add(run)
            self._choose()
            if not self._changed.wait_for(lambda: run not in self._waiting, PATIENCE):
                raise TimeoutError(f"run {run} never had its turn")

    def finish(self, run: int) -> None:
        """Let the others go on: this run sends nothing more."""
        with self._changed:
            self._going.discard(run)
            self._choose()

    def _choose(self) -> None:
        """If all runs that are not at their end wait, let one of them go."""
        if self._waiting and self._waiting == self._going:
            self._waiting.discard(self._random.choice(sorted(self._waiting)))
            self._changed.notify_all()
