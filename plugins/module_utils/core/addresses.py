# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Email addresses: which ones are sent, and when two are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import cast

from .characters import disguised, stripped, unseen
from .errors import InvalidInput

_MAX_LENGTH = 254
# No blanks, no control characters, no half of a surrogate pair: none of them can be sent. And none of the characters
# that surround an address in a text: no unquoted address contains them (RFC 5322, 3.2.3).
_PART = r"[^\s@\x00-\x1f\x7f\ud800-\udfff()<>\[\]:;,\"\\]+"
# A domain contains none of the characters that could end or change a path, whatever server reads it.
_LABEL = _PART.replace("@", "@./?#%'")
_SYNTAX = re.compile(rf"{_PART}@{_LABEL}(?:\.{_LABEL})+")

# Of many addresses at once: it takes a third of the time of one match for each. The expression remembers where each of
# them begins, and a column of 10,000 would take 5 MiB.
_AT_ONCE = 500
_ALL_SYNTAX = rf"(?:{_SYNTAX.pattern}(?:\n|\Z))*"

# Those of ASCII, but for the line feed.
_BLANKS = "\t\x0b\x0c\r\x1c\x1d\x1e\x1f "

_ADDRESS = r"[^\s@<>;,]+@[^\s@<>;,]+"
# What surrounds an address where somebody copied it from: the most special first.
_DECORATIONS = (
    (r"(?i)\s*(mailto|smtp|e-?mail)\s*:", "this begins with {0}:. Give the address alone."),
    (rf"{_ADDRESS}(?:\s*[;,|/&]\s*|\s+){_ADDRESS}", "these are several addresses. Give one in each row."),
    (rf".*\]\(.*{_ADDRESS}\)", "this is a link. Give the address alone."),
    (rf"<{_ADDRESS}>", "the address is in angle brackets. Give it without them."),
    (rf".+<{_ADDRESS}>", "this has a name beside the address. Give the address alone."),
    (rf"{_ADDRESS}\s*\(.*\)", "this has a comment beside the address. Give the address alone."),
    (rf"(['\"]){_ADDRESS}\1", "the address is in quotes. Give it without them."),
    (rf"{_ADDRESS}\s*([;,.])", "this ends with {0} after the address. Remove that."),
    (r"https?://", "this is a link, not an email address."),
)


def checked_address(email: object, option: str) -> str:
    """The address without surrounding blanks and invisible characters, its case unchanged.

    Refuses only what cannot be an address anywhere; Sentori judges the finer syntax (its code 100).
    Raises InvalidInput, naming ``option``.
    """
    if email is None or (isinstance(email, str) and not stripped(email)):
        raise InvalidInput("the email address is missing.", option=option)
    if not isinstance(email, str):
        raise InvalidInput(f"an email address is needed, and type {type(email).__name__} was given.", option=option)
    address = stripped(email)
    is_odd = not address.isascii() and (unseen(address) or disguised(address))
    if len(address) > _MAX_LENGTH or not _SYNTAX.fullmatch(address) or is_odd:
        raise InvalidInput(_reason(address), option=option)
    return address


def to_check(emails: Sequence[object]) -> list[int]:
    """The positions of values that ``checked_address`` must see: all others are addresses, and stay as they are."""
    found: list[int] = []
    for begin in range(0, len(emails), _AT_ONCE):
        some = emails[begin : begin + _AT_ONCE]
        if not _are_plain(some):
            found += [at for at, email in enumerate(some, begin) if not _is_plain(email)]
    return found


def _are_plain(emails: Sequence[object]) -> bool:
    """Whether all are plain, as far as one look at them can tell."""
    texts = cast("Sequence[str]", emails)
    try:
        text = "\n".join(texts)
    except TypeError:
        return False
    return (
        # The expression also matches nothing, and a line feed at the end.
        all(texts)
        and text.isascii()
        and text.count("\n") == len(texts) - 1
        and max(map(len, texts)) <= _MAX_LENGTH
        and re.fullmatch(_ALL_SYNTAX, text) is not None
    )


def _is_plain(email: object) -> bool:
    return (
        isinstance(email, str)
        and email.isascii()
        and len(email) <= _MAX_LENGTH
        and _SYNTAX.fullmatch(email) is not None
    )


def _reason(address: str) -> str:
    """Why this is not an address, without the address."""
    character = unseen(address)
    if character is not None:
        return f"this email address contains a character that cannot be seen, {character}. Remove it."
    character = disguised(address)
    if character is not None:
        return f"this email address contains {character}, which a server may take for another character. Remove it."
    for pattern, reason in _DECORATIONS:
        found = re.match(pattern, address)
        if found and (found.end() == len(address) or pattern.endswith((":", "//"))):
            return reason.format(*(found.groups() or ("",)))
    return "this is not an email address (a name, @ and a domain are expected)."


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
    return stripped(email).lower()


def all_comparable(emails: Sequence[str]) -> list[str]:
    """``comparable`` for many addresses: as one text it takes a third of the time, if it contains no blanks."""
    text = "\n".join(emails)
    is_plain = text.isascii() and text.count("\n") == len(emails) - 1 and not any(one in text for one in _BLANKS)
    return text.lower().split("\n") if is_plain else list(map(comparable, emails))


def same(one: object, other: object) -> bool:
    """Whether two values are the same address."""
    return isinstance(one, str) and isinstance(other, str) and comparable(one) == comparable(other)
