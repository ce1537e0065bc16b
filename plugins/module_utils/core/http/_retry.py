# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which failed request is sent again, and after which pause (rule 6 of the design)."""

from __future__ import annotations

import random

from ..errors import SentoriError
from .request import Request

MAX_TRIES = 4
FIRST_BACKOFF = 0.5
MAX_BACKOFF = 30.0


def may_repeat(request: Request, error: SentoriError, tries: int) -> bool:
    """Whether ``request`` may be sent again after ``tries`` failed with ``error``.

    A read is repeated after any passing error. A write is repeated only if Sentori cannot have acted on it.
    """
    if not error.retryable or (request.writes and error.ambiguous):
        return False
    return error.overloaded or tries < MAX_TRIES


def backoff(tries: int) -> float:
    """Seconds to pause after so many failed tries: exponential, with jitter."""
    return random.uniform(0.5, 1.0) * min(MAX_BACKOFF, FIRST_BACKOFF * 2.0 ** (tries - 1))
