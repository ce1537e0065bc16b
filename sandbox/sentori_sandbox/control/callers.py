# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Who may use the administration: programs, and no page of another site in a browser.

It needs no API key, so any page that is open in a browser of this machine could call it: by a form
or a script (the browser names its origin), or by a host name of its own that leads to 127.0.0.1
(the request names this host).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_OWN_SITE = frozenset({"same-origin", "none"})


class OnlyOwnCallers:
    """Pass on the requests that no page of another site can have sent; refuse others.

    Args:
        url: of the sandbox; its host is allowed too.
    """

    def __init__(self, application: ASGIApp, url: str) -> None:
        self._application = application
        self._host = urlsplit(url).hostname or ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Headers(scope=scope)) if scope["type"] == "http" else None
        if refusal is None:
            await self._application(scope, receive, send)
        else:
            await JSONResponse({"error": refusal}, status_code=403)(scope, receive, send)

    def _refusal(self, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if not self._is_own(_hostname(f"//{host}")):
            return f"Host: {host[:100]!r} is not this sandbox. Use the URL that it printed"
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"http://{host}".lower():
            return f"Origin: a page of {origin[:100]!r} must not control this sandbox"
        if headers.get("sec-fetch-site", "none").lower() not in _OWN_SITE:
            return "Sec-Fetch-Site: a page of another site must not control this sandbox"
        return None

    def _is_own(self, host: str) -> bool:
        if host in ("localhost", self._host):
            return True
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return address.is_loopback or self._listens_everywhere()

    def _listens_everywhere(self) -> bool:
        """Whether every address of this machine leads here; a page cannot claim an address."""
        return self._host in ("0.0.0.0", "::")


def _hostname(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
