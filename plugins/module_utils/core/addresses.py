# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Email addresses: which we send on, and when two are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .errors import InvalidInput

_MAX_LENGTH = 254
# No blanks, no control characters, no half of a surrogate pair: none of them can be sent.
_PART = r"[^\s@\x00-\x1f\x7f\ud800-\udfff]+"
# What could end or change a path is in no domain, and stays out of it whatever stands in between.
_LABEL = _PART.replace("@", "@./?#%\\\\")
_SYNTAX = re.compile(rf"{_PART}@{_LABEL}(?:\.{_LABEL})+")


def checked(email: object, option: str) -> str:
    """The address without surrounding blanks, its case untouched.

    Only what can be no address anywhere is refused; the finer syntax is Sentori's to judge (its code 100).
    Raises InvalidInput, naming ``option``.
    """
    if email is None or (isinstance(email, str) and not email.strip()):
        raise InvalidInput("an email address is needed, and none was given.", option=option)
    if not isinstance(email, str):
        raise InvalidInput(f"an email address is needed, not a {type(email).__name__}.", option=option)
    address = email.strip()
    if len(address) > _MAX_LENGTH or not _SYNTAX.fullmatch(address):
        raise InvalidInput("this is not an email address (expected is name@domain.tld).", option=option)
    return address


def distinct(emails: Iterable[tuple[str, object]]) -> list[str]:
    """Many addresses, each with the option that it stands in, checked. Raises InvalidInput also for one given twice."""
    addresses: list[str] = []
    first: dict[str, str] = {}
    for option, email in emails:
        address = checked(email, option)
        if first.setdefault(comparable(address), option) != option:
            raise InvalidInput(f"{first[comparable(address)]} is the same address already.", option=option)
        addresses.append(address)
    return addresses


def comparable(email: str) -> str:
    """What two spellings of one address have in common: case and surrounding blanks do not count."""
    return email.strip().lower()


def same(one: object, other: object) -> bool:
    """Whether two values are the same address."""
    return isinstance(one, str) and isinstance(other, str) and comparable(one) == comparable(other)
