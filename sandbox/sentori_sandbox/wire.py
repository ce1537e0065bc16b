# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What travels: the call that a handler gets and the answer that it gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import SentoriError

JSON = "application/json; charset=utf-8"  # page api-errors
XML = "application/xml; charset=utf-8"  # page api-xml-template
HTML = "text/html; charset=us-ascii"

_IIS_PAGE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">
<HTML><HEAD><TITLE>{title}</TITLE></HEAD>
<BODY><h2>{title}</h2><hr><p>HTTP Error {status}. {title}.</p></BODY></HTML>
"""


@dataclass(frozen=True, slots=True)
class Call:
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
        """The JSON body. Raises: SentoriError: -1, when it is none (page api-automation)."""
        try:
            text = self.body.decode("utf-8-sig")
            value = json.loads(text, parse_constant=_refuse_constant)
            # Half a surrogate pair is valid in JSON's grammar, but no text can hold it.
            if "\\ud" in text or "\\uD" in text:
                json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise SentoriError(-1, "Invalid JSON found in Request Body.") from None
        return value

    def json_object(self) -> dict[str, Any]:
        """The JSON object in the body; an empty body is an empty one."""
        value = self.json() if self.body.strip() else {}
        if not isinstance(value, dict):
            raise SentoriError(-1)
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    """One response.

    Args:
        reason: the reason phrase; None for the usual one.
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


def json_answer(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, body, JSON, headers or {})


def html_answer(status: int, title: str, headers: Mapping[str, str] | None = None) -> Answer:
    """A page as IIS makes them, where a request does not reach the API."""
    return Answer(
        status, _IIS_PAGE.format(status=status, title=title).encode(), HTML, headers or {}
    )


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
