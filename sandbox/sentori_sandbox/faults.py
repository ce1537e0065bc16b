# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Faults by instruction: what goes wrong, with which requests, and whether it has happened."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .routes import ROUTES, UNKNOWN, is_within
from .wire import Answer, html_answer, json_answer

KINDS = {
    "status": "answers `status` with `headers` and `body`, and does not act",
    "html": "answers an HTML page (`status`, 200 unless given), and does not act",
    "redirect": "answers 302 to the `Location` of `headers`, and does not act",
    "wait": "waits `seconds`, then acts as usual",
    "drop-before": "closes the connection without acting",
    "drop-after": "acts, then closes the connection without an answer",
    "half-json": "acts, then answers half of the body as if it were all",
    "short": "acts, then closes the connection in the middle of the body",
}


@dataclass(slots=True)
class Fault:
    """One instruction.

    Args:
        route: the requests it is for, by route name or a part of it up to a "/"; "*" for all.
        kind: one of ``KINDS``.
        status: of the answer, for "status" and "html".
        headers: more headers of the answer.
        body: of the answer; an object is sent as JSON, a text as HTML.
        times: how many requests it is for.
        seconds: how long to wait, for "wait".
        method: only requests with this method.
        match: only requests whose decoded path holds this text.
        used: how many requests it has happened to.
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
        if not any(is_within(name, self.route) for name in names):
            raise ValueError(f"no route {self.route!r}; there are: *, {', '.join(names)}")
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are: {', '.join(KINDS)}")
        if self.times < 1:
            raise ValueError("a fault happens at least once: times >= 1")
        if self.kind == "status" and self.status is None:
            raise ValueError("a fault of kind 'status' needs a status")
        if self.kind == "wait" and self.seconds is None:
            raise ValueError("a fault of kind 'wait' needs seconds")

    def is_for(self, method: str, route: str, path: str) -> bool:
        return (
            self.used < self.times
            and is_within(route, self.route)
            and self.method in (None, method)
            and (self.match is None or self.match in path)
        )

    def instead(self, raw_path: str) -> Answer | None:
        """The answer that comes in place of acting; None when the request is acted on."""
        match self.kind:
            case "redirect":
                return Answer(302, headers={"Location": f"/elsewhere{raw_path}", **self.headers})
            case "html":
                return self._answer(self.status or 200)
            case "status":
                return self._answer(self.status or 500)
        return None

    def _answer(self, status: int) -> Answer:
        if self.body is None:
            return html_answer(status, "Service Unavailable", self.headers)
        if isinstance(self.body, str):
            content_type = "text/html; charset=utf-8"
            return Answer(status, self.body.encode(), content_type, self.headers)
        return json_answer(self.body, status, self.headers)


class Faults:
    """The instructions, in the order given: the first that fits a request happens to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def take(self, method: str, route: str, path: str) -> Fault | None:
        """The fault that happens to this request, counted as used."""
        with self._lock:
            for fault in self._faults:
                if fault.is_for(method, route, path):
                    fault.used += 1
                    return fault
        return None

    def all(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def unused(self) -> list[dict[str, Any]]:
        """Those that have not happened, or not as often as they were to."""
        return [fault for fault in self.all() if fault["used"] < fault["times"]]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
