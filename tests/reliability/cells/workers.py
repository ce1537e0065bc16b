# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""All cells in two processes, of some threads each: most of the time a cell waits for a timeout."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.queues import Queue
from typing import Any

from law import Breach
from matrix import Bench, cell_named

PROCESSES = 2
THREADS = 4

Judged = tuple[str, list[Breach]]


def judge_all(ids: Sequence[str]) -> Iterator[Judged]:
    """What breaks the law in each cell, as soon as it is known, in any order."""
    context = get_context("fork")
    todo: Queue[Any] = context.Queue()
    done: Queue[Any] = context.Queue()
    for one in [*ids, *[None] * PROCESSES * THREADS]:
        todo.put(one)
    processes = [context.Process(target=_work, args=(todo, done), daemon=True) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    try:
        for _ in ids:
            judged = done.get()
            if isinstance(judged, Exception):
                raise judged
            yield judged
    finally:
        for process in processes:
            process.terminate()
        todo.cancel_join_thread()


def _work(todo: Queue[Any], done: Queue[Any]) -> None:
    threads = [threading.Thread(target=_judge, args=(todo, done)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _judge(todo: Queue[Any], done: Queue[Any]) -> None:
    try:
        with Bench() as bench:
            while (one := todo.get()) is not None:
                done.put((one, bench.judge(cell_named(one))))
    except Exception as error:
        done.put(error)
