# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The subscribers of a mailing list, read while the response streams in: there may be millions.

Source: api-mailinglists. They are the contacts that are subscribed *and* emailable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, Callable, TypeVar

from ..fields import ADDRESS
from ..http.request import Request, Response
from ._decode import Decoder
from ._json_stream import BrokenArray, pages
from ._strict_json import NotMeant, with_single_values
from .client import SentoriApi, checked_external_id

T = TypeVar("T")

Subscriber = dict[str, Any]

# Of a SystemID.
_MAX_DIGITS = 18
_SYSTEM_ID, _ADDRESS = itemgetter("SystemID"), itemgetter(ADDRESS)


def read_subscribers(api: SentoriApi, mailing_list_id: str, consume: Callable[[Iterator[Subscriber]], T]) -> T:
    """Give ``consume`` every subscriber: ``{"SystemID", "EmailAddress"}``.

    ``consume`` may stop early, and is called anew for each try. Raises MailingListNotFound, or another SentoriError.
    """
    return _read(api, mailing_list_id, lambda parts: consume(_subscribers(parts)))


def read_addresses(api: SentoriApi, mailing_list_id: str, consume: Callable[[Iterator[list[str]]], T]) -> T:
    """The same for their addresses alone, many at a time, which takes half of the time."""
    return _read(api, mailing_list_id, lambda parts: consume(_addresses(parts)))


def _read(api: SentoriApi, mailing_list_id: str, consume: Callable[[Iterator[bytes]], T]) -> T:
    list_id = checked_external_id(mailing_list_id, "mailing_list")
    request = Request("mailinglists/subscribers", "GET", f"/v2.0/mailinglists/subscribers/{list_id}")
    decoder = Decoder(api.transport)

    def decode(response: Response, parts: Iterator[bytes]) -> T:
        decoder.check_success(request, response)
        try:
            return consume(parts)
        except BrokenArray as broken:
            raise decoder.unreadable(request, response, f"an array of subscribers was expected, but {broken}") from None

    return api.transport.stream(request, decode)


def _subscribers(parts: Iterator[bytes]) -> Iterator[Subscriber]:
    for page in pages(parts):
        if _plain_addresses(page):
            for found in page:
                found["SystemID"] = int(found["SystemID"])
            yield from page
        else:
            yield from map(_subscriber, page)


def _addresses(parts: Iterator[bytes]) -> Iterator[list[str]]:
    for page in pages(parts):
        yield _plain_addresses(page) or [found[ADDRESS] for found in map(_subscriber, page)]


def _plain_addresses(page: Sequence[Subscriber]) -> list[str]:
    """The addresses, if all have a text as EmailAddress and the digits of a positive number as SystemID, and no more.

    All lists that were seen are such, and a list may be long: checked together they take a third of the time.
    """
    try:
        digits, addresses = list(map(_SYSTEM_ID, page)), list(map(_ADDRESS, page))
        joined = "".join(digits)
        "".join(addresses)  # raises TypeError if one of them is not a text
    except (KeyError, TypeError):
        return []
    # The least of the texts is empty, or begins with a zero, if any of them does.
    is_plain = joined.isascii() and joined.isdecimal() and min(digits) >= "1" and max(map(len, digits)) <= _MAX_DIGITS
    return addresses if is_plain and sum(map(len, page)) == 2 * len(page) else []


def _subscriber(found: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(found.get(ADDRESS), str):
        raise BrokenArray("an entry has no EmailAddress")
    try:
        return with_single_values(found)
    except NotMeant as reason:
        raise BrokenArray(f"of an entry, {reason}") from None
