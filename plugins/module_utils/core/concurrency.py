# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Work in threads: many requests at once, and one step ahead of another."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Callable, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")


def fan_out(work: Callable[[T], R], items: Sequence[T], concurrency: int) -> list[R]:
    """``work(item)`` for each item, in up to ``concurrency`` threads; the results in the order of the items.

    Raises what ``work`` raised for the earliest item; work that has not begun by then is not begun.
    """
    if concurrency == 1 or len(items) < 2:
        return [work(item) for item in items]
    results: list[R | None] = [None] * len(items)
    failures: dict[int, BaseException] = {}
    # Each thread takes the next item by itself: a queue of futures costs as much as a request.
    ahead = iter(range(len(items)))

    def run() -> None:
        for at in ahead:
            if failures:
                return
            try:
                results[at] = work(items[at])
            except BaseException as error:
                failures[at] = error
                return

    threads = [threading.Thread(target=run, name=f"sentori-{at}") for at in range(min(concurrency, len(items)))]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except BaseException as error:  # Ctrl-C: what has begun ends, and nothing else begins
        failures.setdefault(-1, error)
        for thread in threads:
            thread.join()
    if failures:
        raise failures[min(failures)]
    return cast("list[R]", results)


def one_ahead(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """``work(item)`` for each item in order, in one thread, while the next item is being made here.

    If making an item fails, the result of the item before it is yielded first, and then the error is raised.
    """
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(1, thread_name_prefix="sentori-ahead") as executor:
        pending: Future[R] | None = None
        source = iter(items)
        while True:
            failure: BaseException | None = None
            item: list[T] = []
            try:
                item.extend(_next(source))
            except BaseException as error:
                failure = error
            if pending is not None:
                yield pending.result()
            if failure is not None:
                raise failure
            if not item:
                return
            pending = executor.submit(work, item[0])


def _next(source: Iterator[T]) -> list[T]:
    for item in source:
        return [item]
    return []
