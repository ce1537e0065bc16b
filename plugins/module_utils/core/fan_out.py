# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many requests at once, by a bounded number of threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def fan_out(work: Callable[[T], R], items: Sequence[T], concurrency: int) -> list[R]:
    """``work(item)`` for each item, in up to ``concurrency`` threads; the results in the order of the items.

    Raises what ``work`` raised for the earliest item; what has not begun by then is not begun.
    """
    if concurrency == 1 or len(items) < 2:
        return [work(item) for item in items]
    from concurrent.futures import ThreadPoolExecutor

    executor = ThreadPoolExecutor(min(concurrency, len(items)), thread_name_prefix="sentori")
    try:
        return list(executor.map(work, items))
    finally:
        executor.shutdown(cancel_futures=True)
