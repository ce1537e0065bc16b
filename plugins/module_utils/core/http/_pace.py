# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""When the next request may start: one rate and one pause for all threads of a run."""

from __future__ import annotations

import threading
import time
from typing import Callable


class Pace:
    """Spaces requests by ``requests_per_second`` (None: no limit); one pause stops all threads.

    Pauses, and time lost on requests without a response, are counted against ``max_wait``, in seconds of the
    clock, once for all threads.
    """

    def __init__(
        self,
        requests_per_second: float | None,
        max_wait: float,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval = 1 / requests_per_second if requests_per_second else 0.0
        self._max_wait = max_wait
        self._sleep = sleep
        self._clock = clock
        self._lock = threading.Lock()
        self._next_start = 0.0
        self._resume = 0.0
        self._counted_until = 0.0
        self.waited = 0.0

    def now(self) -> float:
        return self._clock()

    def lose(self, since: float) -> None:
        """Count the time since then as waited, as far as it is not counted yet."""
        with self._lock:
            now = self._clock()
            self.waited += max(0.0, now - max(since, self._counted_until))
            self._counted_until = max(now, self._counted_until)

    def wait_turn(self) -> None:
        """Return when the calling thread may send one request."""
        while True:
            with self._lock:
                now = self._clock()
                start = max(self._next_start, self._resume)
                if start <= now:
                    late = now - start < self._interval
                    self._next_start = (start if late else now) + self._interval
                    return
            self._sleep(start - now)

    def pause(self, seconds: float) -> bool:
        """Let no request start for ``seconds``; False, and no pause, if that would exceed ``max_wait``."""
        with self._lock:
            now = self._clock()
            resume = max(self._resume, now + seconds)
            more = resume - max(now, self._counted_until)
            if self.waited + more > self._max_wait:
                return False
            self.waited += max(0.0, more)
            self._resume, self._counted_until = resume, max(resume, self._counted_until)
            return True
