# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Each run in a process of its own: its seconds, its CPU, its peak of memory, and its profile."""

from __future__ import annotations

import cProfile
import importlib
import json
import pstats
import re
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

KEY = "00000000-0000-4000-8000-000000000000"
HEAVIEST = 8


Prepare = Callable[..., Callable[[], object]]


class Cost(NamedTuple):
    """Of one run: seconds by the clock and of CPU, and the peak memory of its process in MiB."""

    seconds: float
    cpu: float
    peak: float


class Share(NamedTuple):
    """The part of all time that was spent in one function itself, or of the memory that one line holds."""

    function: str
    share: float


def measured(work: Callable[[], object]) -> Cost:
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return Cost(time.perf_counter() - clock, time.process_time() - cpu, peak())


def peak() -> float:
    """The peak memory of this process, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def in_process(prepare: Prepare, **arguments: Any) -> Cost:
    """The cost of what a function of these files prepares, in another process; imports belong to the preparation."""
    return Cost(*_child("measure", prepare, arguments))


def profile_of(prepare: Prepare, **arguments: Any) -> list[Share]:
    """The heaviest functions of the same, by the time in each of them itself, in the thread that is first."""
    return [Share(*found) for found in _child("profile", prepare, arguments)]


def holders_of(prepare: Prepare, **arguments: Any) -> list[Share]:
    """The lines that hold most of the memory of Python's objects at its peak, of the same."""
    return [Share(*found) for found in _child("hold", prepare, arguments)]


def _child(how: str, prepare: Prepare, arguments: dict[str, Any]) -> Any:
    module = Path(prepare.__code__.co_filename).stem
    command = [sys.executable, __file__, how, module, prepare.__name__, json.dumps(arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def profiled(work: Callable[[], object]) -> list[Share]:
    profile = cProfile.Profile()
    profile.runcall(work)
    stats = pstats.Stats(profile)
    total = stats.total_tt  # type: ignore[attr-defined]
    spent = sorted(stats.stats.items(), key=lambda item: -item[1][2])[:HEAVIEST]  # type: ignore[attr-defined]
    return [Share(_named(*where), numbers[2] / total) for where, numbers in spent]


def held(work: Callable[[], object]) -> list[Share]:
    most, snapshot, is_over = 0, None, threading.Event()

    def watch() -> None:
        nonlocal most, snapshot
        while not is_over.wait(0.02):
            now = tracemalloc.get_traced_memory()[0]
            if now > 1.05 * most:
                most, snapshot = now, tracemalloc.take_snapshot()

    tracemalloc.start()
    watching = threading.Thread(target=watch)
    watching.start()
    work()
    is_over.set()
    watching.join()
    if snapshot is None:
        return []
    lines = snapshot.statistics("lineno")[:HEAVIEST]
    return [
        Share(_named(line.traceback[0].filename, line.traceback[0].lineno, "line"), line.size / most) for line in lines
    ]


def _named(file: str, line: int, function: str) -> str:
    parts = Path(file).parts
    if file == "~":
        return re.sub(r" at 0x\w+", "", function.strip("<>"))
    inside = parts[parts.index("core") :] if "core" in parts else parts[-1:]
    return f"{function} ({'/'.join(inside)}:{line})"


@contextmanager
def running_sandbox() -> Iterator[dict[str, str]]:
    """Run a sandbox in another process."""
    command = [sys.executable, "-m", "sentori_sandbox", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def child(how: str, module: str, name: str, arguments: str) -> None:
    work = getattr(importlib.import_module(module), name)(**json.loads(arguments))
    hows: dict[str, Callable[[Callable[[], object]], object]] = {"measure": measured, "profile": profiled, "hold": held}
    say(json.dumps(hows[how](work)))


if __name__ == "__main__":
    child(*sys.argv[1:])
