# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A received request with the route of its path."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import Receive, Scope

from ..api import UNKNOWN, RouteMatch, match_path


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A complete request.

    Args:
        headers: by lower-case name.
        match: the route of the path; None for an unknown path.
    """

    method: str
    raw_path: str
    query: str
    headers: dict[str, str]
    body: bytes
    match: RouteMatch | None

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    @property
    def route_name(self) -> str:
        return self.match.route.name if self.match else UNKNOWN

    @classmethod
    async def read(cls, scope: Scope, receive: Receive) -> ReceivedRequest:
        """Read a request to its end. Raises: ClientDisconnect: the client went away."""
        request = Request(scope, receive)
        raw_path = scope["raw_path"].decode("latin-1")
        return cls(
            method=scope["method"],
            raw_path=raw_path,
            query=scope["query_string"].decode("latin-1"),
            headers=dict(request.headers),
            body=await request.body(),
            match=match_path(raw_path),
        )
