# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The lines of a stream of bytes, in any encoding, that tell in which line it is broken.

``io.TextIOWrapper`` fails for a whole block, and does not say at which line.
"""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from ._formats import Readable, encoding_advice

MAX_LINE = 1024 * 1024

_BLOCK = 32 * 1024


class BrokenText(Exception):
    """Names the line that cannot be read, and the reason."""


class Unreadable(Exception):
    """Why a line cannot be read: the end of a sentence about it."""


class Block(NamedTuple):
    """Some lines, each with its end (``\\n``, ``\\r\\n`` or ``\\r``); ``text`` contains all of their text."""

    text: str
    lines: list[str]


def is_encoding(name: str) -> bool:
    """Whether Python has a text encoding of this name."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=name)
    except (LookupError, ValueError):
        return False
    return True


def lines(texts: Iterable[str]) -> Iterator[str]:
    """The lines of ``blocks``."""
    return chain.from_iterable(block.lines for block in blocks(texts))


def peeked(texts: Iterable[str]) -> tuple[str, Iterator[str]]:
    """The first character that is not a blank, empty if there is none, and the same texts. Raises BrokenText."""
    stream = iter(texts)
    ahead = []
    start = ""
    try:
        for text in stream:
            ahead.append(text)
            start = text.lstrip()[:1]
            if start:
                break
    except Unreadable as reason:
        raise BrokenText(f"line {len(''.join(ahead).splitlines()) + 1} {reason}") from None
    return start, chain(ahead, stream)


def blocks(texts: Iterable[str]) -> Iterator[Block]:
    """Lines in blocks, which cost less than a step of a generator for each.

    Raises BrokenText after all lines before the broken one: one that is ``Unreadable``, or has more than ``MAX_LINE``
    characters.
    """
    rest, count = "", 0
    try:
        for text in texts:
            whole = rest + text
            block = io.StringIO(whole, newline="").readlines()
            rest = "" if not block or block[-1].endswith(("\r", "\n")) else block.pop()
            count += len(block)
            if block:
                yield Block(whole, block)
            if len(rest) > MAX_LINE:
                raise Unreadable(
                    f"is longer than {MAX_LINE:,} characters. Check that this is a text file with line ends."
                )
    except Unreadable as reason:
        raise BrokenText(f"line {count + 1} {reason}") from None
    if rest:
        yield Block(rest, [rest])


def texts(stream: Readable, encoding: str) -> Iterator[str]:
    """Blocks of text, none of which ends inside of ``\\r\\n``; a byte order mark of UTF-8 is left out.

    Raises Unreadable after the last good character: a text in another encoding, a NUL, or damaged compressed data.
    """
    encoding = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    decoder = codecs.getincrementaldecoder(encoding)()
    newlines = io.IncrementalNewlineDecoder(None, translate=False)
    ended = False
    reason = ""
    while not ended and not reason:
        block, reason = _read(stream)
        ended = not block
        before = decoder.getstate()
        try:
            text = decoder.decode(block, ended and not reason)
        except UnicodeError as error:
            text = _start_of(block, decoder, before)
            name = encoding[:-4] if encoding.endswith("-sig") else encoding
            reason = f"is not {name}. {encoding_advice(error, name)}"
        whole, text = text, text.partition("\0")[0]
        if text != whole:
            reason = "contains a NUL character. If the file is in UTF-16, set encoding: utf-16."
        yield newlines.decode(text, ended or bool(reason))
    if reason:
        raise Unreadable(reason)


def _read(stream: Readable) -> tuple[bytes, str]:
    """The next block, and what kept it from being read."""
    try:
        return stream.read(_BLOCK), ""
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return b"", "cannot be read: the compressed data are damaged or cut off. Compress the file again."
    except OSError as error:
        return b"", f"cannot be read: {error.strerror or error}."


def _start_of(block: bytes, decoder: codecs.IncrementalDecoder, state: tuple[bytes, int]) -> str:
    """What can be decoded of a block that cannot be as a whole."""
    decoder.setstate(state)
    characters = []
    with contextlib.suppress(UnicodeError):
        for at in range(len(block)):
            characters.append(decoder.decode(block[at : at + 1]))
    return "".join(characters)
