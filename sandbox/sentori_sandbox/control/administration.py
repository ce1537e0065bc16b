# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The HTTP interface under ``/_sandbox``: the methods of ``Controls`` for other processes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from .callers import OnlyOwnCallers
from .controls import Controls

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def administration(controls: Controls, url: str, stop: Callable[[], None]) -> ASGIApp:
    """Return the application under ``/_sandbox``, for programs, not for pages of other sites.

    Args:
        url: of the sandbox, shown by ``health``.
        stop: stops the server.
    """

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok", "url": url})

    async def stop_server(request: Request) -> Response:
        return Response(status_code=204, background=BackgroundTask(stop))

    endpoints = [
        ("GET", "health", health),
        ("POST", "stop", stop_server),
        *_reads(controls),
        *_changes(controls),
    ]
    routes = [Route(f"/{path}", endpoint, methods=[method]) for method, path, endpoint in endpoints]
    application = Starlette(
        routes=[Mount("/_sandbox", routes=routes)], exception_handlers={ValueError: _bad_request}
    )
    return OnlyOwnCallers(application, url)


async def _bad_request(request: Request, error: Exception) -> Response:
    # The rest of a body that was too long is not read.
    return JSONResponse({"error": str(error)}, status_code=400, headers={"Connection": "close"})


def _reads(controls: Controls) -> list[tuple[str, str, Endpoint]]:
    async def state(request: Request) -> Response:
        return JSONResponse(controls.state())

    async def requests(request: Request) -> Response:
        query = dict(request.query_params)
        only_count = query.pop("count", "") not in ("", "0")
        if query.pop("writes", "") not in ("", "0"):
            query["method"] = "POST"
        filters = {"method", "route", "path", "status"}
        if unknown := query.keys() - filters:
            raise ValueError(
                f"requests: unknown filters {sorted(unknown)}. The filters are: {sorted(filters)}"
            )
        status = int(query.pop("status")) if "status" in query else None
        entries = controls.requests(status=status, **query)
        if only_count:
            return JSONResponse({"count": len(entries)})
        return JSONResponse([asdict(entry) for entry in entries])

    async def faults(request: Request) -> Response:
        only_unused = request.query_params.get("unused", "") not in ("", "0")
        return JSONResponse(controls.unused_faults() if only_unused else controls.faults())

    async def assumptions(request: Request) -> Response:
        return JSONResponse(controls.assumptions())

    async def truth(request: Request) -> Response:
        return JSONResponse(controls.truth())

    return [
        ("GET", "state", state),
        ("GET", "requests", requests),
        ("GET", "faults", faults),
        ("GET", "assumptions", assumptions),
        ("GET", "truth", truth),
    ]


def _changes(controls: Controls) -> list[tuple[str, str, Endpoint]]:
    async def reset(request: Request) -> Response:
        controls.reset(**await _arguments(request, "seed"))
        return Response(status_code=204)

    async def clear_requests(request: Request) -> Response:
        controls.clear_requests()
        return Response(status_code=204)

    async def fault(request: Request) -> Response:
        arguments = await _arguments(
            request,
            *("route", "kind", "status", "headers", "body"),
            *("times", "seconds", "method", "match"),
        )
        if missing := {"route", "kind"} - arguments.keys():
            raise ValueError(f"faults: required but not given: {sorted(missing)}")
        controls.fault(arguments.pop("route"), **arguments)
        return JSONResponse(controls.faults(), status_code=201)

    async def clear_faults(request: Request) -> Response:
        controls.clear_faults()
        return Response(status_code=204)

    async def assume(request: Request) -> Response:
        controls.assume(await _object(request))
        return JSONResponse(controls.assumptions())

    return [
        ("POST", "reset", reset),
        ("DELETE", "requests", clear_requests),
        ("POST", "faults", fault),
        ("DELETE", "faults", clear_faults),
        ("POST", "assumptions", assume),
    ]


async def _arguments(request: Request, *known: str) -> dict[str, Any]:
    arguments = await _object(request)
    if unknown := arguments.keys() - set(known):
        raise ValueError(f"body: unknown keys {sorted(unknown)}. The keys are: {sorted(known)}")
    return arguments


async def _object(request: Request) -> dict[str, Any]:
    body = await request.body()
    value = json.loads(body) if body.strip() else {}
    if not isinstance(value, dict):
        raise ValueError(f"body: expected a JSON object, got {type(value).__name__}")
    return value
