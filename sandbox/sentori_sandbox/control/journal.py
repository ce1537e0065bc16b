# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The journal: each request to the Sentori API with the status of its response."""

from __future__ import annotations

import json
import threading
import zlib
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..api import route_matches

REDACTED = "<redacted>"
_ENTRIES_KEPT = 100_000
BODY_KEPT = 256 * 1024
_PLAIN_KEPT = 16 * BODY_KEPT


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One request.

    Args:
        route: the endpoint's name, such as "contact/get"; "unknown" for none.
        path: percent-decoded.
        raw_path: as received, percent-encoded.
        query: without the question mark.
        body: parsed if it is JSON, else text; None if it was empty. Only the first 256 KiB of
            a longer body, as text.
        status: None if the connection was closed without a response.
        seconds: from the end of the request to the response.
        time: of arrival, in seconds since the epoch.
        headers: by lower-case name; the ApiKey is redacted.
        fault: the kind of the injected fault, or None.
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
    """The latest 100,000 requests.

    Args:
        secrets: texts to redact in all entries.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)
        self._lock = threading.Lock()
        self._entries: deque[JournalEntry] = deque(maxlen=_ENTRIES_KEPT)

    def record(self, entry: JournalEntry) -> None:
        """Add a request; its body as the received bytes, at most ``BODY_KEPT`` of them."""
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
        """Return the entries that match, oldest first.

        Args:
            route: a route's name or its first part: "contact" matches "contact/get".
            path: a text that the decoded path contains.
        """
        with self._lock:
            entries = list(self._entries)
        return [
            self._readable(entry)
            for entry in entries
            if method in (None, entry.method)
            and (route is None or route_matches(entry.route, route))
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
        # Not gzip.decompress: it refuses the truncated body of a long request.
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(body, _PLAIN_KEPT)
    except zlib.error:
        return body
