# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The HTTP server: a socket, uvicorn's protocol, and the application that handles each request.

``app`` shows the steps of a request. ``protocol`` does what ASGI cannot: reason phrases and
connections that are closed in the middle of a response.
"""

from __future__ import annotations

from .app import SentoriApp
from .server import Server, listen, url_of

__all__ = ["SentoriApp", "Server", "listen", "url_of"]
