# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What ASGI does not support: reason phrases, and closing a connection within a response."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_EXTENSION = "sentori_sandbox.protocol"


class ReasonPhraseConnection(h11.Connection):
    """An h11 connection whose next response can have a custom reason phrase."""

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
    """uvicorn's protocol, available to the application in the scope of each request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn: ReasonPhraseConnection = ReasonPhraseConnection(h11.SERVER)
        # The journal replaces the access log.
        self.access_log = False
        application = self.app

        async def with_protocol(scope: Any, receive: Any, send: Any) -> None:
            scope["extensions"] = {_EXTENSION: self}
            # A task is cancelled when the server stops: no client waits for the response.
            with suppress(asyncio.CancelledError):
                await application(scope, receive, send)

        self.app = with_protocol


def set_reason(scope: Scope, reason: str) -> None:
    """Set the reason phrase of the response to this request."""
    _protocol(scope).conn.reason = reason


async def close_connection(scope: Scope, receive: Receive, after_sending: bool) -> None:
    """Close the connection of this request; return when it is closed.

    Args:
        after_sending: whether to deliver the data sent so far.
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


async def send_partial_response(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], part: bytes
) -> None:
    """Send the start of a response that is never completed."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": part, "more_body": True})
