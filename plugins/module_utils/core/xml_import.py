# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The v1 import's wire: rows to XML, and headers to the counters that v2.0 answers with.

Sources: api-import-contacts (2017-07-26, and its revision before 2017-03-07), api-xml-template.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from . import errors
from .call import Answer, Call
from .fields import FieldValue

if TYPE_CHECKING:
    from .transport import Transport

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
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_HEADER_TEXT = re.compile(r"[\x20-\x7e]*")


def xml_template(transport: Transport) -> dict[str, str]:
    """The importable fields: name -> type label (``Small Text``, ``Email Address``, ``True/False``)."""
    call = Call("v1/XmlTemplate", "GET", "/v1/contacts.asmx/XmlTemplate", headers={"Accept": "application/xml"})

    def decode(answer: Answer) -> dict[str, str]:
        _check_success(transport, call, answer)
        contact = _first_contact(answer.body)
        if contact is None:
            raise _unreadable(transport.host, call, answer, "XML with a Contact was expected")
        return {field.tag: field.text or "" for field in contact}

    return transport.send(call, decode)


def import_contacts(
    transport: Transport,
    rows: Iterable[Mapping[str, FieldValue]],
    name: str | None = None,
    description: str | None = None,
    gzip_level: int = DEFAULT_GZIP,
) -> dict[str, int]:
    """Import rows; returns v2.0's counters, without an ``UploadGroupExternalID``: v1 does not tell it.

    ``gzip_level``: 1 to 9, or 0 to send the XML as it is. The widest row decides the fields of all; give rows
    of one shape. Raises InvalidInput, naming the row, for what XML or a header cannot carry.
    """
    document = to_xml(rows)
    headers = {"Content-Type": "application/xml"}
    for header, option, text in (("Audience-Name", "name", name), ("Audience-Description", "description", description)):
        if text is not None:
            headers[header] = header_text(text, option)
    if gzip_level:
        headers["Content-Encoding"] = "gzip"
        document = gzip.compress(document, gzip_level)
    call = Call("v1/Import", "POST", "/v1/contacts.asmx/Import", document, headers, writes=True)

    def decode(answer: Answer) -> dict[str, int]:
        _check_success(transport, call, answer)
        counters = _counters(answer.headers)
        if counters is None:
            raise _unreadable(transport.host, call, answer, "an answer with all counters in its headers was expected")
        return counters

    return transport.send(call, decode)


def _counters(headers: Mapping[str, str]) -> dict[str, int] | None:
    """All of v2.0's counters, out of the new names or the old ones; None where some are missing."""
    for names in (COUNTERS, OLD_COUNTERS):
        given = {counter: headers.get(header, "") for header, counter in names.items()}
        if all(count.isdecimal() for count in given.values()):
            return {**dict.fromkeys(COUNTERS.values(), 0), **{counter: int(count) for counter, count in given.items()}}
    return None


def to_xml(rows: Iterable[Mapping[str, FieldValue]]) -> bytes:
    """``<Contacts><Contact><EmailAddress>...`` in UTF-8; booleans as ``True`` and ``False``, None as empty."""
    parts = ["<Contacts>"]
    for number, row in enumerate(rows):
        parts.append("<Contact>")
        parts += (element(name, value, f"contacts[{number}]") for name, value in row.items())
        parts.append("</Contact>")
    parts.append("</Contacts>")
    return "".join(parts).encode()


def element(name: str, value: FieldValue, option: str) -> str:
    """One field of a row. Raises InvalidInput, naming ``option``, for what XML 1.0 cannot carry."""
    if not _NAME.fullmatch(name):
        raise errors.InvalidInput("this field's name cannot stand in XML; use API v2.0.", option=f"{option}.{name}")
    text = "" if value is None else str(value)
    if _NOT_XML.search(text):
        raise errors.InvalidInput("a character here cannot stand in XML; use API v2.0.", option=f"{option}.{name}")
    return f"<{name}>{escape(text)}</{name}>"


def header_text(text: str, option: str) -> str:
    """A text as a header's value. Raises InvalidInput, naming ``option``: RFC 8187 is not documented for v1."""
    if not _HEADER_TEXT.fullmatch(text):
        raise errors.InvalidInput(
            "API v1 carries this in a header: only ASCII without line breaks. Use API v2.0 for any other text.",
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


def _check_success(transport: Transport, call: Call, answer: Answer) -> None:
    """Raise what v1 says; its text may be the reason phrase or the body, nobody documents which."""
    if answer.status < 400:
        return
    said = f"{answer.reason} {answer.body[:500].decode(errors='replace')}"
    operation, status = call.operation, answer.status
    if status == 409:
        raise errors.ImportInProgress("another import of contacts is in progress.", operation=operation, status=status)
    for text, kind in REFUSALS.items():
        if text in said:
            advice = f"{kind.advice} " if kind.advice else ""
            raise kind(f"{advice}Sentori said: {text} (HTTP {status}).", operation=operation, status=status)
    raise errors.NotSentori(
        f"no Sentori answer from {transport.host}: {transport.redacted(answer.reason, 60)} (HTTP {status}). Check url.",
        operation=operation,
        status=status,
    )


def _unreadable(host: str, call: Call, answer: Answer, expected: str) -> errors.UnreadableAnswer:
    return errors.UnreadableAnswer(
        f"no Sentori answer from {host}: {expected} (HTTP {answer.status}). Check url, and what stands in between.",
        operation=call.operation,
        status=answer.status,
    )
