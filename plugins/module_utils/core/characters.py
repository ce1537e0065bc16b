# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Characters that nobody sees, which come along when a text is copied, and those that stand for others."""

from __future__ import annotations

import re
import unicodedata

BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# Zero-width spaces, byte order marks, soft hyphens and marks of direction: they mean nothing at the end of a text.
WITHOUT_WIDTH = "\xad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_EDGE = BLANKS + WITHOUT_WIDTH
# Unicode's default ignorable characters, and its blank letters; all others of them are not printable.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U000e0100-\U000e01ef]"
)
_PATH_SYNTAX = frozenset("@/\\?#%")


def stripped(text: str) -> str:
    """The text without blanks and characters without a width at its ends."""
    return text.strip() if text.isascii() else text.strip(_EDGE)


def unseen(text: str) -> str | None:
    """The name of the first character that cannot be seen, such as ``U+200B (ZERO WIDTH SPACE)``; None without one.

    Only a space, which is not counted, is both a blank and printable.
    """
    if text.isprintable() and (text.isascii() or not _IGNORABLE.search(text)):
        return None
    return _named(next(one for one in text if not one.isprintable() or _IGNORABLE.match(one)))


def disguised(text: str) -> str | None:
    """The name of the first character that a server may take for ``@``, or for the end of a path; None without one.

    These are equal to it when texts are normalised, such as U+FF0F (FULLWIDTH SOLIDUS) and U+2100 (ACCOUNT OF).
    """
    if text.isascii():
        return None
    for one in text:
        if not one.isascii() and not _PATH_SYNTAX.isdisjoint(unicodedata.normalize("NFKC", one)):
            return _named(one)
    return None


def _named(character: str) -> str:
    name = unicodedata.name(character, "a control character" if unicodedata.category(character) == "Cc" else "")
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")
