# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The file of an export in any storage of ObjectStoragePath."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from ...core.errors import InvalidInput
from ...core.exports.file import OPTION, Destination, LocalFile
from ..files import path_of

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import ObjectStoragePath


def destination(given: object) -> Destination:
    """The file that a path or URL names; folders are made when it is written. Raises InvalidInput, naming ``dest``."""
    path = path_of(given, OPTION)
    return LocalFile(path.path, makes_folders=True) if path.protocol in ("", "file") else StoredFile(path)


class StoredFile:
    """A file of a remote storage. It is uploaded under another name, and moved to its place when it is complete."""

    def __init__(self, path: ObjectStoragePath) -> None:
        self._path = path

    def open(self) -> IO[bytes] | None:
        try:
            opened: IO[bytes] = self._path.open("rb")  # type: ignore[no-untyped-call]
        except FileNotFoundError:
            return None
        return opened

    def replace(self, parts: Iterable[bytes]) -> None:
        storage, place = self._path.fs, self._path.path
        temporary = f"{place}.{uuid.uuid4().hex}"
        with tempfile.NamedTemporaryFile() as local:
            local.writelines(parts)
            local.flush()
            try:
                storage.put_file(local.name, temporary)
                storage.mv(temporary, place)
            except Exception as error:  # a storage raises errors of its own
                with suppress(Exception):
                    storage.rm_file(temporary)
                reason = type(error).__name__
            else:
                return
        raise InvalidInput(f"{self._path} cannot be written: {reason}.", option=OPTION)
