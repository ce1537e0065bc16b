# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The files that a run reads and writes: no file has two purposes, and others cannot read what is written."""

from __future__ import annotations

import io
import os
import posixpath
import re
import stat
from collections.abc import Mapping
from typing import BinaryIO, TextIO

from ..errors import InvalidInput

# What fsspec takes for a path of this machine, and any other URL.
_LOCAL = re.compile(r"(?:file|local):(?://)?", re.IGNORECASE)
_URL = re.compile(r"([a-z][a-z0-9+.-]*)://(.*)", re.IGNORECASE | re.DOTALL)


def check_distinct(files: Mapping[str, object]) -> None:
    """Check, before any file is opened, that no two options name the same file.

    ``files``: option -> a path, a URL (``file:///data/a.csv``, ``s3://bucket/a.csv``), or None. Two spellings name the
    same file if they lead to one real path (``a.csv``, ``./a.csv``, a symbolic or hard link) or to one URL.
    Raises InvalidInput, naming the later option.
    """
    first: dict[object, str] = {}
    for option, given in files.items():
        if given is None:
            continue
        for identity in _identities(str(given)):
            other = first.setdefault(identity, option)
            if other != option:
                raise InvalidInput(f"{given} is also the file of {other}. Name another file.", option=option)


def open_private(path: str) -> TextIO:
    """A file for writing text in UTF-8, which from its first byte on only its owner can read (0600).

    Raises OSError.
    """
    return io.TextIOWrapper(open_private_bytes(path), encoding="utf-8")


def open_private_bytes(path: str) -> BinaryIO:
    """The same for writing bytes."""
    file = open(path, "wb", opener=lambda path, flags: os.open(path, flags, 0o600))  # noqa: SIM115
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        os.fchmod(file.fileno(), 0o600)
    return file


def _identities(given: str) -> list[object]:
    """What two spellings of one file have in common."""
    local = _LOCAL.match(given)
    url = None if local else _URL.fullmatch(given)
    if url:
        # The ID of a connection may stand before a bucket, and reaches the same object.
        place = url[2].rpartition("@")[2]
        return [(url[1].lower(), posixpath.normpath(place))]
    path = os.path.realpath(given[local.end() :] if local else given)
    try:
        status = os.stat(path)
    except OSError:
        return [path]
    return [path, (status.st_dev, status.st_ino)]
