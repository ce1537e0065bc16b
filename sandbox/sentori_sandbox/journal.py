# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The journal: each request to the Sentori API, as it came and as it was answered."""

from __future__ import annotations

import json
import threading
import zlib
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .routes import is_within

REDACTED = "<redacted>"
_ENTRIES_KEPT = 100_000
BODY_KEPT = 256 * 1024


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One request.

    Args:
        route: the endpoint's name, such as "contact/get"; "unknown" for none.
        path: percent-decoded.
        raw_path: as it travelled.
        query: without the question mark.
        body: parsed where it is JSON, else text; None where there was none. Of a body of more
            than 256 KiB the beginning, as text.
        status: None where the connection was closed without an answer.
        seconds: from the request's end to the answer.
        time: when it came, in seconds since the epoch.
        headers: by lower-case name; the ApiKey is redacted.
        fault: the kind of fault that happened to it, or None.
    """

    method: str
    route: str
    path: str
    raw_path: str
    query: str
    body: Any
    status: int | None
    seconds: float
    time: float
    headers: Mapping[str, str]
    fault: str | None


class Journal:
    """The newest hundred thousand requests.

    Args:
        secrets: texts that appear nowhere in an entry.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)
        self._lock = threading.Lock()
        self._entries: deque[JournalEntry] = deque(maxlen=_ENTRIES_KEPT)

    def record(self, entry: JournalEntry) -> None:
        """Take down a request; its body as the bytes that came, at most ``BODY_KEPT`` of them."""
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def select(
        self,
        method: str | None = None,
        route: str | None = None,
        path: str | None = None,
        status: int | None = None,
    ) -> list[JournalEntry]:
        """The entries that fit, oldest first.

        Args:
            route: a route's name, or a part of it up to a "/": "contact" for all "contact/...".
            path: a text that the decoded path holds.
        """
        with self._lock:
            entries = list(self._entries)
        return [
            self._readable(entry)
            for entry in entries
            if method in (None, entry.method)
            and (route is None or is_within(entry.route, route))
            and (path is None or path in entry.path)
            and status in (None, entry.status)
        ]

    def _readable(self, entry: JournalEntry) -> JournalEntry:
        return replace(
            entry,
            path=self._redacted(entry.path),
            raw_path=self._redacted(entry.raw_path),
            query=self._redacted(entry.query),
            body=self._body(entry),
            headers={
                name: REDACTED if name == "apikey" else self._redacted(value)
                for name, value in entry.headers.items()
            },
        )

    def _body(self, entry: JournalEntry) -> Any:
        if not entry.body:
            return None
        body = _plain(entry.body, entry.headers.get("content-encoding", ""))
        text = self._redacted(body.decode("utf-8", "replace"))
        try:
            return json.loads(text)
        except ValueError:
            return text

    def _redacted(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return text


def _plain(body: bytes, encoding: str) -> bytes:
    if encoding.lower() != "gzip":
        return body
    try:
        # Not gzip.decompress: what is kept of a long body has no end.
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(body)
    except zlib.error:
        return body
