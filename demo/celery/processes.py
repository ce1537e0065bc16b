# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run processes with their logs in one folder, watch them, and stop all of them at the end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Self, TypeVar

import psutil

T = TypeVar("T")

POLL = 0.25
SECONDS_TO_STOP = 10
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class DemoError(Exception):
    """A step of the demo failed. ``logs``: the log files that may explain it; if empty, all of them."""

    def __init__(self, message: str, *logs: Path) -> None:
        super().__init__(message)
        self.logs = logs


class Stopped(Exception):
    """A signal requested the end of the demo."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(f"Stopped by {number.name}.")
        self.number = number


class Processes:
    """Starts processes, each in its own session; at the end of the block all are stopped, newest first.

    Signals are handled between two polls of ``wait_for``, so that no process is started and then forgotten, and
    so that they do not interrupt the end of the block.

    Args:
        folder: the folder of the logs, ``<name>.log`` for each process.
        environment: environment variables of all processes.
        seconds: time limit of the whole block.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], seconds: float) -> None:
        self._folder = folder
        self._environment = environment
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._graceful: set[str] = set()
        self._signal: signal.Signals | None = None

    def __enter__(self) -> Self:
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for name in reversed(list(self._running)):
            if name in self._graceful:
                self._interrupt(name)
            self.kill(name)

    def start(
        self,
        name: str,
        *command: str | Path,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        folder: Path | None = None,
        standard_input: str = "",
        gracefully: bool = False,
    ) -> None:
        """Start a command, as another ``user`` and in another ``folder`` if they are given.

        ``gracefully``: at the end, send SIGINT before killing it.
        """
        with open(self.log_of(name), "ab") as log:
            process = subprocess.Popen(
                command,
                env={**self._environment, **(environment or {})},
                cwd=folder or self._folder,
                user=user,
                group=_group_of(user),
                extra_groups=None if user is None else [],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running[name] = process
        if gracefully:
            self._graceful.add(name)
        assert process.stdin is not None
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(standard_input.encode())

    def run(
        self,
        name: str,
        *command: str | Path,
        seconds: float,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        folder: Path | None = None,
    ) -> None:
        """Start a command and wait for its end. Raises DemoError if it fails, and as ``wait_for`` does."""
        self.start(name, *command, environment=environment, user=user, folder=folder)
        process = self._running[name]
        self.wait_for(f"the end of {name}", lambda: process.poll() is not None, seconds, may_end=name)
        del self._running[name]
        if process.returncode:
            raise DemoError(f"{name} ended with {process.returncode}.", self.log_of(name))

    def kill(self, name: str) -> None:
        """Kill the process and all processes that it started with SIGKILL, like a power failure."""
        process = self._running.pop(name)
        _kill_session(process.pid)
        process.wait()

    def wait_for(self, what: str, condition: Callable[[], T | None], seconds: float, may_end: str | None = None) -> T:
        """Wait until ``condition`` returns a true value and return it; the other processes must keep running.

        Raises DemoError if this takes longer than ``seconds``, if a process ends, or after the time limit of the block;
        Stopped after a signal.
        """
        begun = time.monotonic()
        while True:
            self._check(may_end)
            found = condition()
            if found:
                return found
            if time.monotonic() > begun + seconds:
                raise DemoError(f"No {what} within {seconds:.0f} seconds.")
            time.sleep(POLL)

    def log_of(self, name: str) -> Path:
        """The file with the output of a process."""
        return self._folder / f"{name}.log"

    def _interrupt(self, name: str) -> None:
        process = self._running[name]
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_STOP)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._signal = signal.Signals(number)

    def _check(self, may_end: str | None) -> None:
        if self._signal is not None:
            raise Stopped(self._signal)
        if time.monotonic() > self._deadline:
            raise DemoError(f"All of it took longer than {self._seconds:.0f} seconds.")
        for name, process in self._running.items():
            if name != may_end and process.poll() is not None:
                raise DemoError(f"{name} ended with {process.returncode}.", self.log_of(name))


def _kill_session(leader: int) -> None:
    """Send SIGKILL to each process of a session.

    The process group of the worker is not enough: Airflow's supervisor puts each task into its own group, and the task
    would keep writing after the death of its worker.
    """
    while members := _session(leader):
        for member in members:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(members, timeout=1)


def _session(leader: int) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, PermissionError, psutil.Error):
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def _group_of(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd

    return pwd.getpwnam(user).pw_gid
