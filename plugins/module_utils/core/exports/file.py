# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The file of an export: compared with the snapshot, and replaced as a whole if it differs."""

from __future__ import annotations

import gzip
import os
import stat
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import IO, Protocol, cast

from ..errors import InvalidInput
from .file_form import FileForm, compressed
from .snapshot import Snapshot

OPTION = "dest"


class Destination(Protocol):
    """Where the file is kept."""

    def open(self) -> IO[bytes] | None:
        """The file as it is, or None if there is none. Raises InvalidInput."""

    def replace(self, parts: Iterable[bytes]) -> None:
        """Put these bytes in its place, all of them or none. Raises InvalidInput."""


def save_to_file(snapshot: Snapshot, destination: Destination, form: FileForm, *, dry_run: bool = False) -> bool:
    """Have the file hold this snapshot; returns whether its content differs. Raises InvalidInput."""
    if is_saved(snapshot, destination, form):
        return False
    if not dry_run:
        parts = form.parts(snapshot)
        destination.replace(compressed(parts) if form.is_compressed else parts)
    return True


def is_saved(snapshot: Snapshot, destination: Destination, form: FileForm) -> bool:
    """Whether the file, uncompressed, has these bytes already."""
    opened = destination.open()
    if opened is None:
        return False
    with opened, closing(uncompressed(opened, form)) as content:
        try:
            return all(content.read(len(part)) == part for part in form.parts(snapshot)) and not content.read(1)
        except (OSError, EOFError, zlib.error):
            # It is not compressed, or damaged.
            return False


def uncompressed(file: IO[bytes], form: FileForm) -> IO[bytes]:
    """The content of a file that has this form."""
    return cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if form.is_compressed else file


class LocalFile:
    """A file of this machine, which only its owner can read (0600).

    It is written beside its place, under a name that nobody can guess, and moved there: nobody ever sees half a file.
    """

    def __init__(self, path: str, *, makes_folders: bool = False) -> None:
        """``makes_folders``: when it is written. Raises InvalidInput if there can be no such file; writes nothing."""
        self._given = path
        self._path = os.path.realpath(path)
        folder = os.path.dirname(self._path)
        while makes_folders and not os.path.exists(folder):
            folder = os.path.dirname(folder)
        with self._failures():
            if os.path.exists(self._path) and not stat.S_ISREG(os.stat(self._path).st_mode):
                raise InvalidInput(f"{path} is not a regular file.", option=OPTION)
            if not os.path.isdir(folder):
                raise InvalidInput(f"{path} cannot be written: there is no folder {folder}.", option=OPTION)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise InvalidInput(f"{path} cannot be written: no file can be made in {folder}.", option=OPTION)

    def open(self) -> IO[bytes] | None:
        with self._failures():
            try:
                return open(self._path, "rb")
            except FileNotFoundError:
                return None

    def replace(self, parts: Iterable[bytes]) -> None:
        with self._failures():
            folder, name = os.path.split(self._path)
            os.makedirs(folder, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
            try:
                with open(descriptor, "wb") as file:
                    file.writelines(parts)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, self._path)
            except BaseException:
                with suppress(OSError):
                    os.remove(temporary)
                raise

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"{self._given} cannot be written: {error.strerror or error}."
            raise InvalidInput(message, option=OPTION) from None
