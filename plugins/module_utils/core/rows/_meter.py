# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""How much of a source has been read so far."""

from __future__ import annotations

import contextlib
import os
from typing import IO


class Meter:
    """``size`` and ``read`` are bytes of a file, or rows of a list; ``size`` is None where it is not known."""

    def __init__(self, size: int | None = None) -> None:
        self.size = size
        self.read = 0

    def part(self) -> float | None:
        """From 0 to 1; None if the size is not known."""
        return min(1.0, self.read / self.size) if self.size else None


class MeteredFile:
    """A file that is read from its beginning, and counts the bytes in its meter."""

    def __init__(self, file: IO[bytes], meter: Meter) -> None:
        self._file = file
        self._meter = meter
        with contextlib.suppress(OSError, ValueError):
            meter.size = file.seek(0, os.SEEK_END)
            file.seek(0)

    def read(self, size: int = -1, /) -> bytes:
        found = self._file.read(size)
        self._meter.read += len(found)
        return found
