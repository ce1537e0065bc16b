# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Email addresses: which ones are sent, and when two are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .errors import InvalidInput

_MAX_LENGTH = 254
# No blanks, no control characters, no half of a surrogate pair: none of them can be sent.
_PART = r"[^\s@\x00-\x1f\x7f\ud800-\udfff]+"
# A domain contains none of the characters that could end or change a path, whatever server reads it.
_LABEL = _PART.replace("@", "@./?#%\\\\")
_SYNTAX = re.compile(rf"{_PART}@{_LABEL}(?:\.{_LABEL})+")


def checked_address(email: object, option: str) -> str:
    """The address without surrounding blanks, its case unchanged.

    Refuses only what cannot be an address anywhere; Sentori judges the finer syntax (its code 100).
    Raises InvalidInput, naming ``option``.
    """
    if email is None or (isinstance(email, str) and not email.strip()):
        raise InvalidInput("the email address is missing.", option=option)
    if not isinstance(email, str):
        raise InvalidInput(f"an email address is needed, and type {type(email).__name__} was given.", option=option)
    address = email.strip()
    if len(address) > _MAX_LENGTH or not _SYNTAX.fullmatch(address):
        raise InvalidInput("this is not an email address (a name, @ and a domain are expected).", option=option)
    return address


def distinct(emails: Iterable[tuple[str, object]]) -> list[str]:
    """Many addresses, each with the option it comes from, checked. Raises InvalidInput also for a duplicate."""
    addresses: list[str] = []
    first: dict[str, str] = {}
    for option, email in emails:
        address = checked_address(email, option)
        if first.setdefault(comparable(address), option) != option:
            raise InvalidInput(f"{first[comparable(address)]} has the same address.", option=option)
        addresses.append(address)
    return addresses


def comparable(email: str) -> str:
    """The form in which all spellings of one address are equal: case and surrounding blanks do not count."""
    return email.strip().lower()


def same(one: object, other: object) -> bool:
    """Whether two values are the same address."""
    return isinstance(one, str) and isinstance(other, str) and comparable(one) == comparable(other)
