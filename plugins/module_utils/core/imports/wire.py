# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""How rows are sent: by the import of API v2.0 or v1, and which fields that cannot carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..api import xml_v1
from ..api.client import SentoriApi
from ..errors import InvalidInput
from ..fields import Contact, FieldValue
from .options import ImportOptions


class Wire(Protocol):
    """One of Sentori's imports."""

    makes_groups: bool

    def send(self, rows: Sequence[Contact]) -> Mapping[str, Any]:
        """Send rows of one shape; returns v2.0's counters, and ``UploadGroupExternalID`` if ``makes_groups``."""

    def check(self, name: str, value: FieldValue, place: str) -> None:
        """Raise InvalidInput, naming ``place``, for a field that cannot be sent."""


class JsonWire:
    """The import of v2.0, in JSON, which carries every field."""

    makes_groups = True

    def __init__(self, api: SentoriApi, options: ImportOptions) -> None:
        self._api = api
        self._options = options

    def send(self, rows: Sequence[Contact]) -> Mapping[str, Any]:
        return self._api.import_contacts(rows, self._options.name, self._options.description)

    def check(self, name: str, value: FieldValue, place: str) -> None:
        pass


class XmlWire:
    """The import of v1, in XML, which returns no upload group."""

    makes_groups = False

    def __init__(self, api: SentoriApi, options: ImportOptions) -> None:
        self._transport = api.transport
        self._options = options
        self._gzip_level = xml_v1.DEFAULT_GZIP if options.gzip_level is None else options.gzip_level

    def send(self, rows: Sequence[Contact]) -> Mapping[str, Any]:
        options = self._options
        return xml_v1.import_contacts(self._transport, rows, options.name, options.description, self._gzip_level)

    def check(self, name: str, value: FieldValue, place: str) -> None:
        xml_v1.element(name, value, place)


def wire_of(api: SentoriApi, options: ImportOptions) -> Wire:
    """The import that the options name."""
    return JsonWire(api, options) if options.api_version == "v2.0" else XmlWire(api, options)


def can_carry(wire: Wire, name: str, value: FieldValue, place: str) -> bool:
    """Whether a field can be sent."""
    try:
        wire.check(name, value, place)
    except InvalidInput:
        return False
    return True
