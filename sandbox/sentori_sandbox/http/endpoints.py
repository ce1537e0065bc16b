# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Process a request: find its endpoint, check the API key, call the endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..account import Account
from ..api import (
    ApiRequest,
    ApiResponse,
    Route,
    RouteMatch,
    html_page,
    json_response,
    v1_error_response,
)
from ..errors import ImportRunning, SentoriError
from .received import ReceivedRequest

# Escapes that IIS may refuse ("double escaping", encoded slashes).
_SUSPICIOUS_ESCAPES = ("%2b", "%2f", "%25")


class Endpoints:
    """The endpoints of one account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._import_lock = asyncio.Lock()

    async def process(self, received: ReceivedRequest, delay: float) -> ApiResponse:
        """Process a request.

        Args:
            delay: seconds to wait before the endpoint is called.
        """
        found = received.match
        if found is None or self._is_refused_by_iis(received, found):
            return html_page(404, "Not Found")
        route = found.route
        if received.method != route.method:
            # The response of ASP.NET to a wrong method; Sentori's is not documented.
            return json_response(
                {"Message": f"The requested resource does not support {received.method!r}."},
                405,
                {"Allow": route.method},
            )
        if received.raw_path.endswith("/") != route.has_trailing_slash:
            match self._account.assumptions.decide("trailing-slash"):
                case "redirect":
                    return _redirect(received, route)
                case "404":
                    return html_page(404, "Not Found")
        request = ApiRequest(received.method, found.parameters, received.headers, received.body)
        try:
            return await self._call(route, request, delay)
        except SentoriError as error:
            return self._error_response(route, error)

    def _is_refused_by_iis(self, received: ReceivedRequest, found: RouteMatch) -> bool:
        assumptions = self._account.assumptions
        if not found.normalized and assumptions.holds("empty-segments", "404"):
            return True
        raw_path = received.raw_path.lower()
        escaped = any(escape in raw_path for escape in _SUSPICIOUS_ESCAPES)
        return escaped and assumptions.holds("path-escapes", "404")

    async def _call(self, route: Route, request: ApiRequest, delay: float) -> ApiResponse:
        self._account.authorise(request.headers.get("apikey"))
        async with self._one_import_at_a_time(route):
            # The delay of a fault is part of the work: an import keeps running meanwhile.
            await asyncio.sleep(delay)
            with self._account.database.transaction():
                return route.handler(self._account, request)

    @asynccontextmanager
    async def _one_import_at_a_time(self, route: Route) -> AsyncIterator[None]:
        """Raise 409, or wait, while another import runs (page api-import-contacts)."""
        if not route.imports:
            yield
            return
        waits = not route.is_v1 and self._account.assumptions.holds("import-while-running", "wait")
        if self._import_lock.locked() and not waits:
            raise ImportRunning
        async with self._import_lock:
            yield

    def _error_response(self, route: Route, error: SentoriError) -> ApiResponse:
        if route.is_v1:
            return v1_error_response(self._account, error)
        number = int if self._account.assumptions.holds("code-type", "number") else str
        return json_response({"Code": number(error.code), "Message": error.message}, error.status)


def _redirect(received: ReceivedRequest, route: Route) -> ApiResponse:
    path = received.raw_path.rstrip("/") + ("/" if route.has_trailing_slash else "")
    query = f"?{received.query}" if received.query else ""
    return html_page(301, "Moved Permanently", {"Location": path + query})
