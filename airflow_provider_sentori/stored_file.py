# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A file wherever ObjectStoragePath reaches."""

from __future__ import annotations

from os import PathLike
from typing import IO

from airflow.providers.common.compat.sdk import ObjectStoragePath


class StoredFile:
    """A file as the core opens it, the same with every Airflow.

    Before Airflow 3.2 an ObjectStoragePath also says that it is an ``os.PathLike``, but as such only a local one can
    be opened; since then none without a scheme can be made of another one.

    :param given: a path or URL as ObjectStoragePath takes it, or one itself.
    """

    def __init__(self, given: str | PathLike[str] | ObjectStoragePath) -> None:
        self._path = given if isinstance(given, ObjectStoragePath) else ObjectStoragePath(given)

    def __str__(self) -> str:
        return str(self._path)

    def open(self, mode: str) -> IO[bytes]:
        opened: IO[bytes] = self._path.open(mode)  # type: ignore[no-untyped-call]
        return opened
