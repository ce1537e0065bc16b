# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Responses of the v2.0 API: what a response holds, or the error that it is.

The responses of subscribe, unsubscribe, delete and attach are not documented: any success is accepted, unless it is a
web page. Sources: API Contact Endpoints (2018-05-23), api-errors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .. import errors
from ..addresses import same
from ..fields import ADDRESS, Contact, FieldValue
from ..http.request import Request, Response
from ._strict_json import NotMeant, document, with_single_values

if TYPE_CHECKING:
    from ..http.transport import Transport

IMPORT = "contact/import"
EXTERNAL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

_CODE = re.compile(r"-?[0-9]{1,9}")
_BLANK = b" \t\r\n\xef\xbb\xbf"


class Decoder:
    """Decodes the responses of one account. Every method raises a SentoriError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def check_success(self, request: Request, response: Response) -> None:
        """Raise the error of a 4xx (api-errors); ``Code`` may be a number or a string."""
        if response.status < 400:
            return
        if response.status == 409 and request.operation == IMPORT:
            message = "another import of contacts is in progress."
            raise errors.ImportInProgress(message, operation=request.operation, status=response.status)
        content = _json_or_none(response.body)
        code = _code(content.get("Code")) if isinstance(content, dict) else None
        if code is not None:
            message = self._transport.redacted(str(content.get("Message")))
            raise errors.api_error(request.operation, response.status, code, message)
        kind = errors.Intercepted if response.status in (401, 403, 407) else errors.NotSentori
        sentence = self._not_sentori(response, "one of Sentori's errors was expected")
        if response.status in (400, 404) and "%" in request.path.replace("%40", "@"):
            sentence += " A server in front of Sentori may refuse a character of the address."
        raise kind(sentence, operation=request.operation, status=response.status)

    def unreadable(self, request: Request, response: Response, expected: str) -> errors.UnreadableResponse:
        message = self._not_sentori(response, expected)
        return errors.UnreadableResponse(message, operation=request.operation, status=response.status)

    def contact(
        self, request: Request, response: Response, *addresses: FieldValue, system_id: int | None = None
    ) -> Contact:
        """A contact; it must have one of the addresses, and the SystemID, that are given."""
        contact = self.single_values(request, response, self.object(request, response, ADDRESS))
        is_other = addresses and not any(same(contact[ADDRESS], address) for address in addresses)
        if is_other or (system_id is not None and contact.get("SystemID", system_id) != system_id):
            raise self.unreadable(request, response, "the requested contact was expected, not another one")
        return contact

    def single_values(self, request: Request, response: Response, found: dict[str, Any]) -> Contact:
        """The fields of a contact, of which each has one value."""
        try:
            return with_single_values(found)
        except NotMeant as reason:
            raise self.unreadable(request, response, f"a contact was expected, but {reason}") from None

    def nothing(self, request: Request, response: Response) -> None:
        """A success without documented content: anything but a web page, an error, or JSON that is broken."""
        self.check_success(request, response)
        kind = response.headers.get("Content-Type", "").lower()
        if "html" in kind or response.body.lstrip(_BLANK).startswith(b"<"):
            raise self.unreadable(request, response, "a response without HTML was expected")
        content = self._json(request, response) if response.body.lstrip(_BLANK)[:1] in (b"{", b"[") else None
        if isinstance(content, dict) and "Code" in content and ADDRESS not in content:
            raise self.unreadable(request, response, "a response without an error's Code was expected")

    def object(self, request: Request, response: Response, *needed: str) -> dict[str, Any]:
        """An object with at least these keys."""
        found = self._json(request, response)
        if not isinstance(found, dict) or any(name not in found for name in needed):
            raise self.unreadable(request, response, " with ".join(["an object", *needed]) + " was expected")
        return found

    def array(self, request: Request, response: Response) -> list[dict[str, Any]]:
        """An array of objects."""
        found = self._json(request, response)
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise self.unreadable(request, response, "an array of objects was expected")
        return found

    def mailing_list(self, request: Request, response: Response, found: dict[str, Any]) -> dict[str, Any]:
        """A mailing list whose ExternalID is a text that can be sent back."""
        external_id = str(found.get("ExternalID"))
        if found.get("ExternalID") is None or not EXTERNAL_ID.fullmatch(external_id):
            raise self.unreadable(request, response, "a mailing list with an ExternalID was expected")
        return {**found, "ExternalID": external_id}

    def _json(self, request: Request, response: Response) -> Any:
        self.check_success(request, response)
        try:
            return document(response.body)
        except NotMeant as reason:
            raise self.unreadable(request, response, f"JSON was expected, but {reason}") from None

    def _not_sentori(self, response: Response, expected: str) -> str:
        content_type = response.headers.get("Content-Type", "no content type").split(";")[0]
        return (
            f"no Sentori response from {self._transport.host}: {expected}; it sent"
            f" {self._transport.redacted(content_type, 60)} (HTTP {response.status})."
            " Check url, and any proxy on the way."
        )


def _json_or_none(body: bytes) -> Any:
    """What the body holds; None if that is not JSON."""
    try:
        return document(body)
    except NotMeant:
        return None


def _code(given: object) -> int | None:
    """Sentori's code from a number or a string; None for anything else."""
    return int(str(given)) if isinstance(given, (int, str)) and _CODE.fullmatch(str(given)) else None
