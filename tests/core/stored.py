# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Files in memory, and the names of an account's fields."""

from __future__ import annotations

import io


class Names:
    """An account with these fields."""

    def __init__(self, *names: str) -> None:
        self.remembered = names

    def load(self) -> tuple[str, ...]:
        return self.remembered


class SlowFile(io.BytesIO):
    """A file that returns at most ``step`` bytes at a time, so that blocks end anywhere."""

    step = 64 * 1024

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self.step if size is None or size < 0 else min(size, self.step))


class Stored:
    """A path with an ``open`` method, as paths of an object store have."""

    def __init__(self, name: str, data: bytes | str, step: int = 64 * 1024) -> None:
        self._name = name
        self.file = SlowFile(data if isinstance(data, bytes) else data.encode())
        self.file.step = step

    def __str__(self) -> str:
        return self._name

    def open(self, mode: str) -> SlowFile:
        assert mode == "rb"
        return self.file
