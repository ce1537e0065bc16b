# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import codecs
import gzip
import re
from collections import deque
from typing import Protocol

from ..errors import InvalidInput

_ENOUGH = 1024
_GZIP = b"\x1f\x8b\x08"
_TO_CSV = "Save it as CSV (UTF-8)."
_UNPACK = "Unpack it first; only gzip is read as it is."
# First bytes -> what it is, and what to do.
_OTHERS = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": f"an Excel workbook (.xls). {_TO_CSV}",
    b"%PDF-": "a PDF document. Export the data as CSV (UTF-8).",
    b"{\\rtf": f"an RTF document. {_TO_CSV}",
    b"PAR1": "a Parquet file. Export it as CSV or JSON Lines.",
    b"Obj\x01": "an Avro file. Export it as CSV or JSON Lines.",
    b"SQLite format 3\0": "an SQLite database. Export the table as CSV.",
    b"BZh": f"a bzip2 archive. {_UNPACK}",
    b"\xfd7zXZ\0": f"an xz archive. {_UNPACK}",
    b"\x28\xb5\x2f\xfd": f"a Zstandard archive. {_UNPACK}",
    b"7z\xbc\xaf\x27\x1c": f"a 7-Zip archive. {_UNPACK}",
}
_ZIP = b"PK\x03\x04"
# The names with which the archive of a workbook begins.
_WORKBOOK_PARTS = (b"", b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/")
_MARKUP = re.compile(
    rb"(?i)(?:\xef\xbb\xbf)?\s*(?:(?P<xml><\?xml)|<!doctype\s+html|<(?:html|head|body|table|meta|style|div)\b)"
)
# The longest first: UTF-16's is the beginning of UTF-32's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Letters with an accent among others, quotes, dashes and signs, as people write them in Windows-1252.
_WINDOWS_LETTER = rb"[\xc0-\xd6\xd8-\xf6\xf8-\xff\x8a\x8c\x8e\x9a\x9c\x9e\x9f]"
_WINDOWS_TEXT = re.compile(
    rb"(?=.*(?:[A-Za-z]" + _WINDOWS_LETTER + rb"|" + _WINDOWS_LETTER + rb"[A-Za-z]|[A-Za-z0-9 ][\x80\x91-\x97]))"
    rb"(?!.*" + _WINDOWS_LETTER + rb"{3})(?:[\x00-\x80\x84\x85\x91-\x97\x99\xa0-\xff]|" + _WINDOWS_LETTER + rb")*",
    re.DOTALL,
)


class Readable(Protocol):
    """A file opened for bytes, or a ``GzipFile``."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class Opened:
    """A stream of bytes whose ``start`` is known before it is read; an error at the start is met when it is read."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._pieces: deque[bytes] = deque()
        self._error: Exception | None = None
        size = 0
        try:
            while size < _ENOUGH:
                piece = stream.read(64 * 1024)
                if not piece:
                    break
                self._pieces.append(piece)
                size += len(piece)
        except Exception as error:  # of any storage, or of the compression
            self._error = error
        self.start = b"".join(self._pieces)

    def read(self, size: int = -1, /) -> bytes:
        if self._pieces:
            piece = self._pieces.popleft()
            if 0 <= size < len(piece):
                self._pieces.appendleft(piece[size:])
                piece = piece[:size]
            return piece
        if self._error is not None:
            raise self._error
        return self._stream.read(size)


def opened(file: Readable) -> Opened:
    """The file, uncompressed if its first bytes are those of gzip. Raises InvalidInput if it is no text."""
    stream = Opened(file)
    if stream.start.startswith(_GZIP):
        stream = Opened(gzip.GzipFile(fileobj=stream, mode="rb"))  # type: ignore[call-overload]
    kind = _other_kind(stream.start)
    if kind is not None:
        raise InvalidInput(f"this is {kind}", option="src")
    return stream


def encoding_of(start: bytes, given: str) -> str:
    """The encoding that a byte order mark names, else the given one.

    Raises InvalidInput for UTF-16 without a mark, if another encoding was given.
    """
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if not codecs.lookup(given).name.startswith(("utf-16", "utf-32")):
        for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            zeros, others = start[at::2], start[1 - at :: 2]
            if zeros and zeros.count(0) > 0.9 * len(zeros) and not others.count(0):
                message = f"the file is in UTF-16 without a byte order mark. Set encoding: {encoding}."
                raise InvalidInput(message, option="src")
    return given


def encoding_advice(error: UnicodeError, encoding: str) -> str:
    """What to do about a text that is not in its encoding."""
    if isinstance(error, UnicodeDecodeError) and encoding == "utf-8":
        start = max(error.object.rfind(b"\n", 0, error.start), error.object.rfind(b"\r", 0, error.start)) + 1
        line = re.split(b"[\r\n]", error.object[start : start + 10_000], maxsplit=1)[0]
        if _WINDOWS_TEXT.fullmatch(line):
            return "It looks like Windows-1252: set encoding: cp1252."
    return "If the file has another encoding, give that as encoding."


def _other_kind(start: bytes) -> str | None:
    """What a file is that contains no rows as text, and what to do; None for a text."""
    for first, kind in _OTHERS.items():
        if start.startswith(first):
            return kind
    if start.startswith(_ZIP):
        return _zip_kind(start)
    if start.startswith(_GZIP):
        return "compressed twice. Compress it once."
    markup = _MARKUP.match(start)
    if markup is None:
        return None
    if markup["xml"] and b"spreadsheet" not in start.lower():
        return "an XML document. Export the data as CSV (UTF-8)."
    if markup["xml"]:
        return f"an Excel workbook (XML). {_TO_CSV}"
    return "an HTML page. If it was downloaded, check its address and the login; if it is a table, save that as CSV."


def _zip_kind(start: bytes) -> str:
    name = start[30 : 30 + int.from_bytes(start[26:28], "little")]
    if name == b"mimetype" and b"opendocument.spreadsheet" in start[:200]:
        return f"an OpenDocument spreadsheet. {_TO_CSV}"
    if name in _WORKBOOK_PARTS or name.startswith(_WORKBOOK_PARTS[1:]):
        return f"an Excel workbook. {_TO_CSV}"
    return "a ZIP archive. Unpack it, and give the file that is in it."
