# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What may appear in a log or an error: an address only as ``j***@example.com``, the key never."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

from .addresses import comparable

_ADDRESS = re.compile(r"[^\s\"<>]+(?:@|%40)[^\s\"<>]+")
# The text after an @ is not a domain where a whole line was taken for an address.
_DOMAIN = re.compile(r"[\w.-]{1,255}")
_MAX_TEXT = 2000


def address(email: str) -> str:
    """``j***@example.com`` for ``joe@example.com``."""
    local, at, domain = email.strip().rpartition("@")
    return f"{local[:1]}***@{domain}" if at and _DOMAIN.fullmatch(domain) else "***"


def addresses(given: str) -> str:
    """A text with each address in it redacted."""
    return _ADDRESS.sub(lambda found: address(unquote(found.group())), given)


def text(given: str, limit: int = 300) -> str:
    """A foreign text with each address redacted, on one line, cut at ``limit`` characters."""
    line = " ".join(addresses(given[:_MAX_TEXT]).split())
    return line if len(line) <= limit else line[:limit] + "..."


def digest(email: str) -> str:
    """16 hex digits that stand for an address in a log or a result; the same for each spelling of it."""
    return hashlib.sha256(comparable(email).encode()).hexdigest()[:16]
