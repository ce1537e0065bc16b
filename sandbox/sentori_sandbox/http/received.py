# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A received request with the route of its path, and the limit of its body."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from ..api import UNKNOWN, RouteMatch, match_path

MAX_BODY = 64 * 1024 * 1024


class BodyTooLong(ValueError):
    """The body of a request is longer than ``MAX_BODY``."""

    def __init__(self) -> None:
        super().__init__(f"body: longer than {MAX_BODY // 2**20} MiB. Send less at once")


def bounded(receive: Receive) -> Receive:
    """Return the same channel; it raises BodyTooLong after ``MAX_BODY`` bytes of a body."""
    left = MAX_BODY

    async def receive_bounded() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise BodyTooLong
        return message

    return receive_bounded


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
