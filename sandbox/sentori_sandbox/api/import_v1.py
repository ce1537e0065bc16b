# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The XML import of v1 and its template (pages api-import-contacts, api-xml-template)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ..account import Account, from_text
from ..errors import ImportRunning, SentoriError
from ..imports import Batch, Row, Rules, run_import
from .messages import XML, ApiRequest, ApiResponse

# Bytes of an import; a small compressed body could become any number of them.
_MAX_XML = 256 * 1024 * 1024
# Counter in the body of v2.0 -> header of v1, since 2017-03-07.
_V1_HEADERS = {
    "TotalRows": "Total-Rows",
    "EmailableRowsCreated": "Emailable-Rows-Created",
    "EmailableRowsUpdated": "Emailable-Rows-Updated",
    "SuppressedUpdated": "Suppressed-Rows-Updated",
    "BadEmailUpdated": "Bad-Email-Address-Rows-Updated",
    "ExcludedDuplicates": "Excluded-Duplicates",
    "ExcludedInvalidEmail": "Excluded-Invalid-Emails",
    "ExcludedRoleBased": "Excluded-Role-Based",
}
# Before that date: header -> the counters that it adds up.
_V1_OLD_HEADERS = {
    "Total-Rows": ["TotalRows"],
    "Rows-To-Create": ["EmailableRowsCreated"],
    "Rows-To-Update": ["EmailableRowsUpdated", "BadEmailUpdated"],
    "In-Suppression-List": ["SuppressedUpdated"],
    "Invalid-Duplicates": ["ExcludedDuplicates"],
    "Invalid-Emails": ["ExcludedInvalidEmail", "ExcludedRoleBased"],
}
# The errors of the page besides 409; any other refusal is a malformed request.
_V1_REASONS = {
    1: "Invalid API Key",
    2: "Invalid API Key",
    3: "Invalid API Key",
    103: "Failed To Match All Fields",
    105: "Failed To Match Email Address Field",
}


def import_xml(account: Account, request: ApiRequest) -> ApiResponse:
    content_type = request.headers.get("content-type", "").partition(";")[0]
    if content_type.strip().lower() != "application/xml":
        raise SentoriError(-1)
    rows = [_row(account, element) for element in _contact_elements(_plain_body(request))]
    name = request.headers.get("audience-name")
    description = request.headers.get("audience-description")
    counters = run_import(account, Batch(rows, name, description, "v1"), Rules())
    old_names = account.assumptions.holds("v1-header-names", "old")
    return ApiResponse(201, headers=_counter_headers(counters, old_names))


def _counter_headers(counters: Mapping[str, Any], old_names: bool) -> dict[str, str]:
    if not old_names:
        return {header: str(counters[counter]) for counter, header in _V1_HEADERS.items()}
    return {
        header: str(sum(counters[one] for one in parts))
        for header, parts in _V1_OLD_HEADERS.items()
    }


def xml_template(account: Account, request: ApiRequest) -> ApiResponse:
    """Return the importable fields with their types (page api-xml-template)."""
    root = Element("Contacts")
    contact = SubElement(root, "Contact")
    for name, example in account.structure.examples.items():
        SubElement(contact, name).text = _type_label(name, example)
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    if "gzip" in request.headers.get("accept-encoding", "").lower():
        return ApiResponse(200, gzip.compress(body), XML, {"Content-Encoding": "gzip"})
    return ApiResponse(200, body, XML)


def v1_error_response(account: Account, error: SentoriError) -> ApiResponse:
    """Return an error of v1: a status and a text, whose place no page documents."""
    default = error.message if isinstance(error, ImportRunning) else "Bad Request"
    text = _V1_REASONS.get(error.code, default)
    if account.assumptions.holds("v1-error-text", "body"):
        return ApiResponse(error.status, text.encode(), "text/plain; charset=utf-8")
    return ApiResponse(error.status, reason=text)


def _plain_body(request: ApiRequest) -> bytes:
    if request.headers.get("content-encoding", "").strip().lower() != "gzip":
        return request.body
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = inflater.decompress(request.body, _MAX_XML)
    except zlib.error:
        raise SentoriError(-1) from None
    if not inflater.eof or inflater.unused_data:
        raise SentoriError(-1)
    return body


def _contact_elements(body: bytes) -> list[Element]:
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise SentoriError(-1) from None
    if root.tag != "Contacts" or any(element.tag != "Contact" for element in root):
        raise SentoriError(-1)
    return list(root)


def _row(account: Account, element: Element) -> Row:
    examples = account.structure.examples
    return {
        child.tag: from_text(examples.get(child.tag), text) if (text := child.text or "") else ""
        for child in element
    }


def _type_label(name: str, example: object) -> str:
    if name == "EmailAddress":
        return "Email Address"
    if isinstance(example, bool):
        return "True/False"
    # The page shows no label for numbers.
    return "Small Text" if isinstance(example, str) else "Number"
