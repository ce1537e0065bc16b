# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""How rows are sent: by the import of API v2.0 or v1, and which fields that cannot carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..api import xml_v1
from ..api.client import SentoriApi
from ..api.json_rows import import_body, json_objects
from ..fields import FieldValue
from .options import ImportOptions


class Wire(Protocol):
    """One of Sentori's imports."""

    makes_groups: bool

    def encode(self, names: Sequence[str], columns: Sequence[Sequence[FieldValue]]) -> list[str]:
        """Rows of one shape as they are sent, given by the column. Raises InvalidInput for what cannot be sent."""

    def body(self, rows: Sequence[str]) -> list[bytes]:
        """The body of a request with encoded rows, in parts."""

    def send(self, body: Sequence[bytes]) -> Mapping[str, Any]:
        """Send a request; returns v2.0's counters, and ``UploadGroupExternalID`` if ``makes_groups``."""

    def can_carry(self, name: str, value: FieldValue) -> bool:
        """Whether a field can be sent; also a text of several values."""

    def check(self, name: str, value: FieldValue, place: str) -> None:
        """Raise InvalidInput, naming ``place``, for a field that cannot be sent."""


class JsonWire:
    """The import of v2.0, in JSON, which carries every field."""

    makes_groups = True

    def __init__(self, api: SentoriApi, options: ImportOptions) -> None:
        self._api = api
        self._options = options

    def encode(self, names: Sequence[str], columns: Sequence[Sequence[FieldValue]]) -> list[str]:
        return json_objects(names, columns)

    def body(self, rows: Sequence[str]) -> list[bytes]:
        return import_body(rows, self._options.name, self._options.description)

    def send(self, body: Sequence[bytes]) -> Mapping[str, Any]:
        return self._api.import_contacts(body)

    def can_carry(self, name: str, value: FieldValue) -> bool:
        return True

    def check(self, name: str, value: FieldValue, place: str) -> None:
        pass


class XmlWire:
    """The import of v1, in XML, which returns no upload group."""

    makes_groups = False

    def __init__(self, api: SentoriApi, options: ImportOptions) -> None:
        self._transport = api.transport
        self._options = options
        self._gzip_level = xml_v1.DEFAULT_GZIP if options.gzip_level is None else options.gzip_level

    def encode(self, names: Sequence[str], columns: Sequence[Sequence[FieldValue]]) -> list[str]:
        return xml_v1.contact_elements(names, columns)

    def body(self, rows: Sequence[str]) -> list[bytes]:
        return xml_v1.import_body(rows, self._gzip_level)

    def send(self, body: Sequence[bytes]) -> Mapping[str, Any]:
        name, description = self._options.name, self._options.description
        is_compressed = self._gzip_level > 0
        return xml_v1.import_contacts(self._transport, body, name, description, is_compressed=is_compressed)

    def can_carry(self, name: str, value: FieldValue) -> bool:
        return xml_v1.can_carry(name, value)

    def check(self, name: str, value: FieldValue, place: str) -> None:
        xml_v1.check(name, value, place)


def wire_of(api: SentoriApi, options: ImportOptions) -> Wire:
    """The import that the options name."""
    return JsonWire(api, options) if options.api_version == "v2.0" else XmlWire(api, options)
