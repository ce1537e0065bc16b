# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Files that a task reads and writes, in any storage of ObjectStoragePath."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import PathLike
from typing import IO, TYPE_CHECKING, TextIO

from airflow.providers.common.compat.sdk import ObjectStoragePath

from ..core.errors import InvalidInput
from ..core.runs.files import open_private_bytes

if TYPE_CHECKING:
    from ..core.fields import Contact


class StoredFile:
    """A file that the core can open, with every Airflow.

    Before Airflow 3.2 an ObjectStoragePath claims to be an ``os.PathLike``, but only a local one can be opened as such;
    since then a path without a scheme cannot be made from another path.

    :param given: a path or URL as ObjectStoragePath takes it, or one itself.
    """

    def __init__(self, given: str | PathLike[str] | ObjectStoragePath) -> None:
        self._path = given if isinstance(given, ObjectStoragePath) else ObjectStoragePath(given)

    def __str__(self) -> str:
        return str(self._path)

    def open(self, mode: str) -> IO[bytes]:
        opened: IO[bytes] = self._path.open(mode)  # type: ignore[no-untyped-call]
        return opened


def url_of(given: object, option: str) -> str | None:
    """The URL of a file, which also works as a path: nothing in it is percent-encoded. None if none is given."""
    if given is None:
        return None
    path = str(path_of(given, option))
    return path if "://" in path else f"file://{path}"


def opened(given: object, option: str) -> TextIO:
    """The file, for writing text; a local file is readable by its owner only, and its folders are made.

    Raises InvalidInput, naming ``option``.
    """
    return io.TextIOWrapper(opened_bytes(given, option), encoding="utf-8")


def opened_bytes(given: object, option: str) -> IO[bytes]:
    """The same for writing bytes."""
    path = path_of(given, option)
    if path.protocol in ("", "file"):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return open_private_bytes(path.path)
        except OSError as error:
            raise InvalidInput(f"{path} cannot be written: {error.strerror or error}.", option=option) from None
    file: IO[bytes] = path.open("wb")  # type: ignore[no-untyped-call]
    return file


@contextmanager
def json_lines(given: object, option: str) -> Iterator[Callable[[Contact], object]]:
    """A function that writes one row to the file, as JSON Lines; it does nothing if no file is given."""
    if given is None:
        yield lambda row: None
        return
    with opened(given, option) as file:
        yield lambda row: file.write(json.dumps(row, ensure_ascii=False) + "\n")


def path_of(given: object, option: str) -> ObjectStoragePath:
    """A file that a task was given. Raises InvalidInput, naming ``option``, for anything but a path."""
    if isinstance(given, ObjectStoragePath):
        return given
    if not isinstance(given, str) or not given.strip():
        raise InvalidInput("the path of a file is needed.", option=option)
    return ObjectStoragePath(given)
