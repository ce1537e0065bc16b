# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Faults on request: which requests fail, how, and how often that has happened."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..api import ROUTES, UNKNOWN, ApiResponse, html_page, json_response, route_matches

KINDS = {
    "status": "returns `status` with `headers` and `body`; does not process the request",
    "html": "returns an HTML page with `status` (default 200); does not process the request",
    "redirect": "returns 302 to the `Location` of `headers`; does not process the request",
    "wait": "waits `seconds`, then processes the request as usual",
    "drop-before": "closes the connection; does not process the request",
    "drop-after": "processes the request, then closes the connection without a response",
    "half-json": "processes the request, then returns half of the body as if it were complete",
    "short": "processes the request, then closes the connection in the middle of the body",
}


@dataclass(slots=True)
class Fault:
    """One fault to inject.

    Args:
        route: a route's name or its first part ("contact" for "contact/get"); "*" for all.
        kind: one of ``KINDS``.
        status: of the response, for "status" and "html".
        headers: additional headers of the response.
        body: of the response; an object is sent as JSON, a text as HTML.
        times: the number of requests that it affects.
        seconds: duration, for "wait".
        method: only requests with this method.
        match: only requests whose decoded path contains this text.
        used: the number of requests that it has affected.
    """

    route: str
    kind: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    times: int = 1
    seconds: float | None = None
    method: str | None = None
    match: str | None = None
    used: int = 0

    def __post_init__(self) -> None:
        names = [*(route.name for route in ROUTES), UNKNOWN]
        if not any(route_matches(name, self.route) for name in names):
            raise ValueError(
                f"route: no route is named {self.route!r}. The routes are: *, {', '.join(names)}"
            )
        if self.kind not in KINDS:
            raise ValueError(
                f"kind: no fault is named {self.kind!r}. The kinds are: {', '.join(KINDS)}"
            )
        if self.times < 1:
            raise ValueError(f"times: {self.times} is too small. Give a number of at least 1")
        if self.kind == "status" and self.status is None:
            raise ValueError("status: required for a fault of kind 'status'")
        if self.kind == "wait" and self.seconds is None:
            raise ValueError("seconds: required for a fault of kind 'wait'")

    def applies_to(self, method: str, route: str, path: str) -> bool:
        return (
            self.used < self.times
            and route_matches(route, self.route)
            and self.method in (None, method)
            and (self.match is None or self.match in path)
        )

    def prepared_response(self, raw_path: str) -> ApiResponse | None:
        """Return the response of the fault; None if the request is processed."""
        match self.kind:
            case "redirect":
                location = {"Location": f"/elsewhere{raw_path}", **self.headers}
                return ApiResponse(302, headers=location)
            case "html":
                return self._response(self.status or 200)
            case "status":
                return self._response(self.status or 500)
        return None

    def _response(self, status: int) -> ApiResponse:
        if self.body is None:
            return html_page(status, "Service Unavailable", self.headers)
        if isinstance(self.body, str):
            content_type = "text/html; charset=utf-8"
            return ApiResponse(status, self.body.encode(), content_type, self.headers)
        return json_response(self.body, status, self.headers)


class Faults:
    """The faults of a sandbox, in the order given; the first that matches a request is used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def take(self, method: str, route: str, path: str) -> Fault | None:
        """Return the fault for this request and count it as used; None if none matches."""
        with self._lock:
            for fault in self._faults:
                if fault.applies_to(method, route, path):
                    fault.used += 1
                    return fault
        return None

    def all(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def unused(self) -> list[dict[str, Any]]:
        """Return the faults that happened less often than asked for, or not at all."""
        return [fault for fault in self.all() if fault["used"] < fault["times"]]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
