# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The body of a response as it comes: complete, and decompressed in bounded steps."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from http.client import HTTPResponse, IncompleteRead

READ_SIZE = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class UnknownEncoding(ValueError):
    """The body has an encoding that was not asked for, such as one over another one."""


def parts(response: HTTPResponse) -> Iterator[bytes]:
    """The body, decompressed, in parts of at most READ_SIZE bytes.

    Raises UnknownEncoding; IncompleteRead, zlib.error, or what the system raises, if it breaks off.
    """
    encoding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if encoding == "identity":
        return _received(response)
    if encoding in ("gzip", "x-gzip"):
        return _inflated(_received(response))
    raise UnknownEncoding


def _received(response: HTTPResponse) -> Iterator[bytes]:
    left = response.length
    while left is None or left > 0:
        # It returns what has arrived, without waiting for more.
        part = response.read1(READ_SIZE if left is None else min(left, READ_SIZE))
        if not part:
            break
        left = None if left is None else left - len(part)
        yield part
    if left:
        raise IncompleteRead(b"", left)
    response.close()


def _inflated(received: Iterator[bytes]) -> Iterator[bytes]:
    """Decompressed parts: a small answer that would become a huge one never does so at once."""
    inflater = zlib.decompressobj(_GZIP)
    for part in received:
        while part:
            if inflater.eof:
                inflater = zlib.decompressobj(_GZIP)
            found = inflater.decompress(part, READ_SIZE)
            if found:
                yield found
            part = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if not inflater.eof:
        raise zlib.error("it ends too early")
