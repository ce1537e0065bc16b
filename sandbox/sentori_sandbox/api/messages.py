# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The request that an endpoint receives and the response that it returns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import SentoriError

JSON = "application/json; charset=utf-8"  # page api-errors
XML = "application/xml; charset=utf-8"  # page api-xml-template
HTML = "text/html; charset=us-ascii"

_IIS_PAGE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">
<HTML><HEAD><TITLE>{title}</TITLE></HEAD>
<BODY><h2>{title}</h2><hr><p>HTTP Error {status}. {title}.</p></BODY></HTML>
"""


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request to a known endpoint.

    Args:
        parameters: the variable segments of the path, decoded.
        headers: by lower-case name.
    """

    method: str
    parameters: tuple[str, ...]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Parse the body. Raises: SentoriError: -1, for invalid JSON (page api-automation)."""
        try:
            text = self.body.decode("utf-8-sig")
            value = json.loads(text, parse_constant=_refuse_constant)
            # JSON's grammar allows half of a surrogate pair, but a text cannot contain it.
            if "\\ud" in text or "\\uD" in text:
                json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise SentoriError(-1, "Invalid JSON found in Request Body.") from None
        return value

    def json_object(self) -> dict[str, Any]:
        """Parse the body as a JSON object; an empty body is an empty object."""
        value = self.json() if self.body.strip() else {}
        if not isinstance(value, dict):
            raise SentoriError(-1)
        return value


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """One response.

    Args:
        reason: the reason phrase; None for the standard one.
    """

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        given = {name.lower(): value for name, value in self.headers.items()}
        if self.content_type:
            given.setdefault("content-type", self.content_type)
        if self.status != 204:
            given.setdefault("content-length", str(len(self.body)))
        return [(name.encode("latin-1"), text.encode("latin-1")) for name, text in given.items()]


def json_response(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> ApiResponse:
    body = json.dumps(value, ensure_ascii=False).encode()
    return ApiResponse(status, body, JSON, headers or {})


def html_page(status: int, title: str, headers: Mapping[str, str] | None = None) -> ApiResponse:
    """Return an error page like those of IIS, for a request that does not reach the API."""
    body = _IIS_PAGE.format(status=status, title=title).encode()
    return ApiResponse(status, body, HTML, headers or {})


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not valid JSON")
