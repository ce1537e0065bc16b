# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The import of API v1: rows become XML, and headers become the counters that v2.0 returns.

Sources: api-import-contacts (2017-07-26, and its revision before 2017-03-07), api-xml-template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from .. import errors
from ..fields import FieldValue
from ..http.request import Request, Response
from ._body import body_of

if TYPE_CHECKING:
    from ..http.transport import Transport

COUNTERS = {
    "Total-Rows": "TotalRows",
    "Emailable-Rows-Created": "EmailableRowsCreated",
    "Emailable-Rows-Updated": "EmailableRowsUpdated",
    "Suppressed-Rows-Updated": "SuppressedUpdated",
    "Bad-Email-Address-Rows-Updated": "BadEmailUpdated",
    "Excluded-Duplicates": "ExcludedDuplicates",
    "Excluded-Invalid-Emails": "ExcludedInvalidEmail",
    "Excluded-Role-Based": "ExcludedRoleBased",
}
# The names before 2017-03-07, when people with a bad address and role-based addresses had no counter of their own.
OLD_COUNTERS = {
    "Total-Rows": "TotalRows",
    "Rows-To-Create": "EmailableRowsCreated",
    "Rows-To-Update": "EmailableRowsUpdated",
    "In-Suppression-List": "SuppressedUpdated",
    "Invalid-Duplicates": "ExcludedDuplicates",
    "Invalid-Emails": "ExcludedInvalidEmail",
}
GZIP_LEVELS = range(10)
DEFAULT_GZIP = 6
REFUSALS: dict[str, type[errors.ApiError]] = {
    "Failed To Match Email Address Field": errors.NoEmailAddressField,
    "Failed To Match All Fields": errors.ContactFieldsNotValid,
    "Invalid API Key": errors.ApiKeyNotValid,
}

# XML 1.0, 2.2: what a document cannot carry, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile("[&<>\r]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_COUNT = re.compile(r"[0-9]{1,12}")
_HEADER_TEXT = re.compile(r"[\x20-\x7e]*")


def xml_template(transport: Transport) -> dict[str, str]:
    """The importable fields: name -> type label (``Small Text``, ``Email Address``, ``True/False``)."""
    request = Request("v1/XmlTemplate", "GET", "/v1/contacts.asmx/XmlTemplate", headers={"Accept": "application/xml"})

    def decode(response: Response) -> dict[str, str]:
        _check_success(transport, request, response)
        contact = _first_contact(response.body)
        if contact is None:
            raise _unreadable(transport.host, request, response, "XML with a Contact was expected")
        return {field.tag: field.text or "" for field in contact}

    return transport.send(request, decode)


def import_body(rows: Sequence[str], gzip_level: int = DEFAULT_GZIP) -> list[bytes]:
    """The body of a request that imports rows, as ``contact_elements`` makes them.

    The widest row decides the fields of all: give rows of one shape. ``gzip_level``: 1 to 9, or 0 for no compression.
    """
    return body_of("<Contacts>", rows, "", "</Contacts>", gzip_level)


def import_contacts(
    transport: Transport,
    body: Sequence[bytes],
    name: str | None = None,
    description: str | None = None,
    *,
    is_compressed: bool = True,
) -> dict[str, int]:
    """Import rows, given as ``import_body`` makes them.

    Returns v2.0's counters without ``UploadGroupExternalID``, which v1 does not return. Raises InvalidInput for a text
    that a header cannot carry.
    """
    headers = {"Content-Type": "application/xml"}
    for header, option, text in (("Audience-Name", "name", name), ("Audience-Description", "description", description)):
        if text is not None:
            headers[header] = header_text(text, option)
    if is_compressed:
        headers["Content-Encoding"] = "gzip"
    request = Request("v1/Import", "POST", "/v1/contacts.asmx/Import", body, headers, writes=True)

    def decode(response: Response) -> dict[str, int]:
        _check_success(transport, request, response)
        counters = _counters(response.headers)
        if counters is None:
            raise _unreadable(transport.host, request, response, "all counters were expected in the headers")
        return counters

    return transport.send(request, decode)


def _counters(headers: Mapping[str, str]) -> dict[str, int] | None:
    """All of v2.0's counters, out of the new names or the old ones; None where some are missing."""
    for names in (COUNTERS, OLD_COUNTERS):
        given = {counter: headers.get(header, "") for header, counter in names.items()}
        if all(_COUNT.fullmatch(count) for count in given.values()):
            return {**dict.fromkeys(COUNTERS.values(), 0), **{counter: int(count) for counter, count in given.items()}}
    return None


def contact_elements(names: Sequence[str], columns: Sequence[Sequence[FieldValue]]) -> list[str]:
    """A ``<Contact>`` for each row; ``columns``: the values of each name; booleans are ``True`` and ``False``.

    Raises InvalidInput for what XML cannot carry.
    """
    slots, encoded = [], []
    for name, column in zip(names, columns):
        texts = ["" if value is None else str(value) for value in column]
        text = "".join(texts)
        check(name, text, "contacts")
        slots.append(f"<{name}>%s</{name}>")
        encoded.append(list(map(_escaped, texts)) if _ESCAPED.search(text) else texts)
    template = f"<Contact>{''.join(slots)}</Contact>"
    return list(map(template.__mod__, zip(*encoded)))


def can_carry(name: str, value: FieldValue) -> bool:
    """Whether XML can carry a field; also a text of several values."""
    return _NAME.fullmatch(name) is not None and not (isinstance(value, str) and _NOT_XML.search(value))


def check(name: str, value: FieldValue, option: str) -> None:
    """Raise InvalidInput, naming ``option``, for a field that XML 1.0 cannot carry; also for several values as one."""
    if not _NAME.fullmatch(name):
        raise errors.InvalidInput("XML cannot carry the name of this field. Use API v2.0.", option=f"{option}.{name}")
    if not can_carry(name, value):
        raise errors.InvalidInput(
            "XML cannot carry a character of this value. Use API v2.0.", option=f"{option}.{name}"
        )


def _escaped(text: str) -> str:
    # XML 1.0, 2.11: a parser makes a line feed of a carriage return that is not a reference.
    return escape(text).replace("\r", "&#13;")


def header_text(text: str, option: str) -> str:
    """A text as a header's value. Raises InvalidInput, naming ``option``: RFC 8187 is not documented for v1."""
    if not _HEADER_TEXT.fullmatch(text):
        raise errors.InvalidInput(
            "API v1 sends this text in a header, which carries only ASCII without line breaks. Use API v2.0.",
            option=option,
        )
    return text


def _first_contact(body: bytes) -> ElementTree.Element | None:
    if b"<!" in body:
        return None
    try:
        return ElementTree.fromstring(body).find("Contact")
    except ElementTree.ParseError:
        return None


def _check_success(transport: Transport, request: Request, response: Response) -> None:
    """Raise the error of a 4xx. Its text may be the reason phrase or the body; no page documents which."""
    if response.status < 400:
        return
    text = f"{response.reason} {response.body[:500].decode(errors='replace')}"
    operation, status = request.operation, response.status
    if status == 409:
        raise errors.ImportInProgress("another import of contacts is in progress.", operation=operation, status=status)
    for refusal, kind in REFUSALS.items():
        if refusal in text:
            advice = f"{kind.advice} " if kind.advice else ""
            raise kind(f"{advice}Sentori said: {refusal} (HTTP {status}).", operation=operation, status=status)
    reason = transport.redacted(response.reason, 60)
    message = f"no Sentori response from {transport.host}: {reason} (HTTP {status}). Check url."
    raise errors.NotSentori(message, operation=operation, status=status)


def _unreadable(host: str, request: Request, response: Response, expected: str) -> errors.UnreadableResponse:
    status = response.status
    message = f"no Sentori response from {host}: {expected} (HTTP {status}). Check url, and any proxy on the way."
    return errors.UnreadableResponse(message, operation=request.operation, status=status)
