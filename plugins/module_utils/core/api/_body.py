# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The body of an import, made of encoded rows some at a time: it is in memory only once, and never in one piece."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

_ROWS = 500
_GZIP = 16 + zlib.MAX_WBITS


def body_of(start: str, rows: Sequence[str], separator: str, end: str, gzip_level: int = 0) -> list[bytes]:
    """The rows with a text before and after them, in UTF-8, in parts; ``gzip_level``: 1 to 9, or 0 for none."""
    parts = _parts(start, rows, separator, end)
    if not gzip_level:
        return list(parts)
    compressor = zlib.compressobj(gzip_level, zlib.DEFLATED, _GZIP)
    return [*map(compressor.compress, parts), compressor.flush()]


def _parts(start: str, rows: Sequence[str], separator: str, end: str) -> Iterator[bytes]:
    yield start.encode()
    for at in range(0, len(rows), _ROWS):
        text = separator.join(rows[at : at + _ROWS])
        yield (separator + text if at else text).encode()
    yield end.encode()
