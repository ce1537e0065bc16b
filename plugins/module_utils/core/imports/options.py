# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The options of an import, checked before any row is read."""

from __future__ import annotations

from dataclasses import dataclass

from ..api import xml_v1
from ..errors import InvalidInput
from ..memory.storage import Place

CHOICES = {
    "scope": ("changed", "all"),
    "on_blank": ("keep", "clear", "error"),
    "api_version": ("v2.0", "v1"),
    "verify": ("changed", "all"),
}
DEFAULT_CHUNK = 10_000
MAX_BYTES = 15 * 1024 * 1024


@dataclass(frozen=True)
class ImportOptions:
    """How an import is done, with the names that both integrations use.

    ``scope``: ``changed`` sends the rows that differ, ``all`` every row. ``compare``: whether contacts are read first.
    ``on_blank``: an empty cell leaves the field unchanged (``keep``), clears it (``clear``), or makes the row invalid
    (``error``). ``chunk_size``: maximum rows of a request; ``max_bytes``: its maximum size. ``concurrency``: reads at
    once. ``gzip_level``: 0 (uncompressed) to 9, with API v1. ``attach_to``: a draft email, by its ExternalID
    or exact name.
    ``memory``: what earlier runs have imported; ``verify`` and ``verify_after_days``: as in ImportState.
    Raises InvalidInput on construction, naming the option.
    """

    scope: str = "changed"
    compare: bool = True
    on_blank: str = "keep"
    chunk_size: int = DEFAULT_CHUNK
    max_bytes: int = MAX_BYTES
    concurrency: int = 8
    api_version: str = "v2.0"
    name: str | None = None
    description: str | None = None
    gzip_level: int | None = None
    attach_to: str | None = None
    memory: Place | None = None
    verify: str = "changed"
    verify_after_days: float | None = None

    def __post_init__(self) -> None:
        for option, choices in CHOICES.items():
            given = getattr(self, option)
            if given not in choices:
                raise InvalidInput(f"{given!r} is not one of {', '.join(choices)}.", option=option)
        if self.chunk_size < 1:
            raise InvalidInput(f"{self.chunk_size} is below 1.", option="chunk_size")
        self._check_memory()
        self._check_wire()

    def _check_memory(self) -> None:
        if self.verify_after_days is not None and self.verify_after_days < 0:
            raise InvalidInput(f"{self.verify_after_days:g} is below 0.", option="verify_after_days")
        for option, is_given in (
            ("verify", self.verify != "changed"),
            ("verify_after_days", self.verify_after_days is not None),
        ):
            if is_given and self.memory is None:
                raise InvalidInput("can only be used with state_file.", option=option)

    def _check_wire(self) -> None:
        if self.api_version == "v1":
            if self.attach_to is not None:
                message = "API v1 does not return the upload group that it makes. Use api_version v2.0."
                raise InvalidInput(message, option="attach_to")
            for option, text in (("name", self.name), ("description", self.description)):
                xml_v1.header_text(text or "", option)
        elif self.gzip_level is not None:
            raise InvalidInput("can only be used with api_version v1.", option="gzip_level")
        if self.gzip_level is not None and self.gzip_level not in xml_v1.GZIP_LEVELS:
            raise InvalidInput(f"{self.gzip_level} is not between 0 and 9.", option="gzip_level")
