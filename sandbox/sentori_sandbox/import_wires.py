# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The wires of the import: v2.0's JSON (page api-contacts), v1's XML (page api-import-contacts)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .account import Account
from .errors import ImportRunning, SentoriError
from .fields import from_text
from .imports import Batch, Row, Rules, run
from .wire import XML, Answer, Call, json_answer

# Counter in v2.0's body -> header of v1's answer, since 2017-03-07.
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
# Before that date: header -> the counters that make it up.
_V1_OLD_HEADERS = {
    "Total-Rows": ["TotalRows"],
    "Rows-To-Create": ["EmailableRowsCreated"],
    "Rows-To-Update": ["EmailableRowsUpdated", "BadEmailUpdated"],
    "In-Suppression-List": ["SuppressedUpdated"],
    "Invalid-Duplicates": ["ExcludedDuplicates"],
    "Invalid-Emails": ["ExcludedInvalidEmail", "ExcludedRoleBased"],
}
# The page's four errors; any other refusal can only be a malformed request.
_V1_REASONS = {
    1: "Invalid API Key",
    2: "Invalid API Key",
    3: "Invalid API Key",
    103: "Failed To Match All Fields",
    105: "Failed To Match Email Address Field",
}


def import_json(account: Account, call: Call) -> Answer:
    body = call.json_object()
    rows, name, description = body.get("Contacts"), body.get("Name"), body.get("Description")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SentoriError(-1)
    if not all(text is None or isinstance(text, str) for text in (name, description)):
        raise SentoriError(-1)
    rules = Rules.assumed(account.world)
    counters = run(account, Batch(rows, name, description, "v2.0"), rules)
    return json_answer(counters, int(account.world.decide("import-status")))


def import_xml(account: Account, call: Call) -> Answer:
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/xml":
        raise SentoriError(-1)
    rows = [_row(account, element) for element in _contact_elements(_plain_body(call))]
    name = call.headers.get("audience-name")
    description = call.headers.get("audience-description")
    counters = run(account, Batch(rows, name, description, "v1"), Rules())
    return Answer(201, headers=_v1_headers(counters, account.world.holds("v1-header-names", "old")))


def _v1_headers(counters: Mapping[str, Any], old: bool) -> dict[str, str]:
    if not old:
        return {header: str(counters[counter]) for counter, header in _V1_HEADERS.items()}
    return {
        header: str(sum(counters[one] for one in parts))
        for header, parts in _V1_OLD_HEADERS.items()
    }


def xml_template(account: Account, call: Call) -> Answer:
    """The importable fields with their types (page api-xml-template)."""
    root = Element("Contacts")
    contact = SubElement(root, "Contact")
    for name, example in account.structure.examples.items():
        SubElement(contact, name).text = _type_label(name, example)
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    if "gzip" in call.headers.get("accept-encoding", "").lower():
        return Answer(200, gzip.compress(body), XML, {"Content-Encoding": "gzip"})
    return Answer(200, body, XML)


def v1_error(account: Account, error: SentoriError) -> Answer:
    """A refusal as v1 gives it: a status and a text, which no page says where to find."""
    usual = error.message if isinstance(error, ImportRunning) else "Bad Request"
    text = _V1_REASONS.get(error.code, usual)
    if account.world.holds("v1-error-text", "body"):
        return Answer(error.status, text.encode(), "text/plain; charset=utf-8")
    return Answer(error.status, reason=text)


def _plain_body(call: Call) -> bytes:
    if call.headers.get("content-encoding", "").strip().lower() != "gzip":
        return call.body
    try:
        return gzip.decompress(call.body)
    except (OSError, EOFError, zlib.error):
        raise SentoriError(-1) from None


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
