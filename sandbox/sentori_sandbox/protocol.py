# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What ASGI cannot say: a reason phrase, and an end of the connection in the middle of things."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_EXTENSION = "sentori_sandbox.protocol"


class PhrasedConnection(h11.Connection):
    """An h11 connection whose next response may have a reason phrase of its own."""

    reason: str | None = None

    def send_with_data_passthrough(self, event: h11.Event) -> list[bytes] | None:
        if isinstance(event, h11.Response) and self.reason is not None:
            event = h11.Response(
                status_code=event.status_code,
                headers=event.headers,
                reason=self.reason.encode("latin-1"),
            )
            self.reason = None
        return super().send_with_data_passthrough(event)


class SandboxProtocol(H11Protocol):
    """uvicorn's protocol, which hands itself to the application in each request's scope."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn: PhrasedConnection = PhrasedConnection(h11.SERVER)
        # The journal is the access log, and it can be asked.
        self.access_log = False
        application = self.app

        async def with_protocol(scope: Any, receive: Any, send: Any) -> None:
            scope["extensions"] = {_EXTENSION: self}
            # Cancelled means that the server stops: nobody is left to be answered.
            with suppress(asyncio.CancelledError):
                await application(scope, receive, send)

        self.app = with_protocol


def set_reason(scope: Scope, reason: str) -> None:
    """Give the response to this request a reason phrase."""
    _protocol(scope).conn.reason = reason


async def hang_up(scope: Scope, receive: Receive, after_sending: bool) -> None:
    """Close the connection of this request, and return when it is closed.

    Args:
        after_sending: whether what was sent so far still goes out.
    """
    transport = _protocol(scope).transport
    if after_sending:
        transport.close()
    else:
        transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


def _protocol(scope: Scope) -> SandboxProtocol:
    protocol: SandboxProtocol = scope["extensions"][_EXTENSION]
    return protocol


async def send_part(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], part: bytes
) -> None:
    """Begin a response that will not be finished."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": part, "more_body": True})
