# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What ``/_sandbox`` serves: the sandbox's own methods, for those outside of its process."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

if TYPE_CHECKING:
    from .sandbox import Sandbox

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def administration(sandbox: Sandbox) -> Starlette:
    """The application under ``/_sandbox``; it needs no key."""
    routes = [
        Route(f"/{path}", endpoint, methods=[method])
        for method, path, endpoint in (*_reading(sandbox), *_arranging(sandbox))
    ]
    return Starlette(
        routes=[Mount("/_sandbox", routes=routes)], exception_handlers={ValueError: _refusal}
    )


async def _refusal(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=400)


def _reading(sandbox: Sandbox) -> list[tuple[str, str, Endpoint]]:
    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok", "url": sandbox.url})

    async def state(request: Request) -> Response:
        return JSONResponse(sandbox.state())

    async def requests(request: Request) -> Response:
        query = dict(request.query_params)
        wants_count = query.pop("count", "") not in ("", "0")
        if query.pop("writes", "") not in ("", "0"):
            query["method"] = "POST"
        if unknown := query.keys() - {"method", "route", "path", "status"}:
            raise ValueError(f"requests cannot be filtered by {sorted(unknown)}")
        status = int(query.pop("status")) if "status" in query else None
        entries = sandbox.requests(status=status, **query)
        if wants_count:
            return JSONResponse({"count": len(entries)})
        return JSONResponse([asdict(entry) for entry in entries])

    async def faults(request: Request) -> Response:
        only_unused = request.query_params.get("unused", "") not in ("", "0")
        return JSONResponse(sandbox.unused_faults() if only_unused else sandbox.faults())

    async def assumptions(request: Request) -> Response:
        return JSONResponse(sandbox.assumptions())

    async def truth(request: Request) -> Response:
        return JSONResponse(sandbox.truth())

    return [
        ("GET", "health", health),
        ("GET", "state", state),
        ("GET", "requests", requests),
        ("GET", "faults", faults),
        ("GET", "assumptions", assumptions),
        ("GET", "truth", truth),
    ]


def _arranging(sandbox: Sandbox) -> list[tuple[str, str, Endpoint]]:
    async def reset(request: Request) -> Response:
        sandbox.reset(**await _arguments(request, "seed"))
        return Response(status_code=204)

    async def clear_requests(request: Request) -> Response:
        sandbox.clear_requests()
        return Response(status_code=204)

    async def fault(request: Request) -> Response:
        instruction = await _arguments(
            request,
            *("route", "kind", "status", "headers", "body"),
            *("times", "seconds", "method", "match"),
        )
        if missing := {"route", "kind"} - instruction.keys():
            raise ValueError(f"a fault needs {sorted(missing)}")
        sandbox.fault(instruction.pop("route"), **instruction)
        return JSONResponse(sandbox.faults(), status_code=201)

    async def clear_faults(request: Request) -> Response:
        sandbox.clear_faults()
        return Response(status_code=204)

    async def assume(request: Request) -> Response:
        sandbox.assume(await _object(request))
        return JSONResponse(sandbox.assumptions())

    async def stop(request: Request) -> Response:
        return Response(status_code=204, background=BackgroundTask(sandbox.stop))

    return [
        ("POST", "reset", reset),
        ("DELETE", "requests", clear_requests),
        ("POST", "faults", fault),
        ("DELETE", "faults", clear_faults),
        ("POST", "assumptions", assume),
        ("POST", "stop", stop),
    ]


async def _arguments(request: Request, *known: str) -> dict[str, Any]:
    arguments = await _object(request)
    if unknown := arguments.keys() - set(known):
        raise ValueError(f"unknown: {sorted(unknown)}; there are: {sorted(known)}")
    return arguments


async def _object(request: Request) -> dict[str, Any]:
    body = await request.body()
    value = json.loads(body) if body.strip() else {}
    if not isinstance(value, dict):
        raise ValueError("the body is to be a JSON object")
    return value
