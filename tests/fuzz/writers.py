# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What is made of a user's texts: XML, JSON, paths, headers and messages carry them whole, or they are refused."""

from __future__ import annotations

import json
from contextlib import suppress
from urllib.parse import unquote
from xml.etree import ElementTree

from airflow_provider_sentori.core import addresses, redaction
from airflow_provider_sentori.core.api import client, json_rows, xml_v1
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.http.settings import Settings

ANN = "ann.person@example.com"


def _texts(data: bytes) -> list[str]:
    """Any texts, also with half of a character."""
    return [part.decode("utf-8", "surrogateescape") for part in data.split(b"\xff")]


def xml(data: bytes) -> None:
    """What XML carries is what a parser reads."""
    names, values = ["EmailAddress", "FirstName"], _texts(data)
    rows = [values[at : at + 2] for at in range(0, len(values) - 1, 2)]
    if not rows:
        return
    if not all(xml_v1.can_carry("FirstName", value) for row in rows for value in row):
        return
    columns = [[row[at] for row in rows] for at in (0, 1)]
    document = f"<Contacts>{''.join(xml_v1.contact_elements(names, columns))}</Contacts>".encode()
    read = [[field.text or "" for field in contact] for contact in ElementTree.fromstring(document)]
    assert read == rows


def json_text(data: bytes) -> None:
    """What JSON carries is what a parser reads."""
    values = _texts(data)
    try:
        encoded = json_rows.json_objects(["FirstName"], [values])
        "".join(encoded).encode()
    except UnicodeEncodeError:
        return
    assert [json.loads(one) for one in encoded] == [{"FirstName": value} for value in values]


def path(data: bytes) -> None:
    """An address is one segment of a path, whichever characters it has; an ExternalID as well."""
    for text in _texts(data):
        try:
            segment = client._address_segment(text)
        except InvalidInput as refusal:
            assert len(text) < 9 or text not in str(refusal)
        else:
            assert segment.isascii() and not set(segment) & set(" /?#\\@\r\n\0") and unquote(segment) != ".."
            assert unquote(segment) == addresses.checked_address(text, "email")
        try:
            assert client.checked_external_id(text, "mailing_list").replace("-", "").replace("_", "").isalnum()
        except InvalidInput as refusal:
            assert str(refusal).isprintable()


def header(data: bytes) -> None:
    """A text in a header has no line break; a key or a URL that could end a header is refused."""
    for text in _texts(data):
        with suppress(InvalidInput):
            assert xml_v1.header_text(text, "name").isprintable()
        for given in ({"api_key": text}, {"api_key": "key", "url": text}):
            try:
                settings = Settings(**given)  # type: ignore[arg-type]
            except InvalidInput as refusal:
                assert str(refusal).isprintable()
            else:
                assert not set(settings.api_key + settings.url) & set(" \r\n\0")


def redactor(data: bytes) -> None:
    """An address in a text is never left whole, whatever stands around it; the text is one line."""
    for text in _texts(data):
        for given in (f"{text} {ANN} {text}", f"<{ANN}>{text}", f'{text}"{ANN}"', f"{ANN},{text}", f"{text}={ANN}"):
            shown = redaction.text(given, 10_000)
            assert ANN not in shown and ANN.replace("@", "%40") not in shown
            assert "\n" not in shown and "\r" not in shown
        assert redaction.address(text) != text or "***" in text
        assert "\n" not in redaction.address(text)


def address(data: bytes) -> None:
    """A column of addresses is checked as each of them alone; equal spellings have equal hashes."""
    emails = _texts(data)
    to_check = set(addresses.to_check(emails))
    for at, email in enumerate(emails):
        try:
            accepted = addresses.checked_address(email, "email")
        except InvalidInput as refusal:
            assert at in to_check
            assert "@" not in str(refusal).replace("@ and a domain", "")
        else:
            assert at in to_check or accepted == email
            assert addresses.same(accepted, f" {accepted.upper().lower()} ") or not accepted.isascii()
    assert addresses.all_comparable(emails) == [addresses.comparable(email) for email in emails]
