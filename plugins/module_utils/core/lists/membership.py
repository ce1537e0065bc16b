# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which addresses a mailing list has. Source: api-mailinglists: subscribed *and* emailable contacts only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..addresses import all_comparable

Members = dict[str, str]  # an address in its comparable form -> in the spelling of the list


class Extent(NamedTuple):
    """A whole list, divided by the wanted addresses: which of them it has, and all others, sorted."""

    wanted: Members
    others: list[str]


def among(emails: Sequence[str], pages: Iterable[Sequence[str]]) -> Members:
    """Which of these addresses are on a list, which is given in pages; reading stops when all are found."""
    wanted = set(all_comparable(emails))
    found: Members = {}
    for page in pages:
        addresses = all_comparable(page)
        if not wanted.isdisjoint(addresses):
            found.update((address, spelling) for address, spelling in zip(addresses, page) if address in wanted)
        if len(found) == len(wanted):
            break
    return found


def extent(emails: Sequence[str], pages: Iterable[Sequence[str]]) -> Extent:
    """The whole list, which is given in pages, divided by these addresses."""
    wanted = set(all_comparable(emails))
    whole: Members = {}
    for page in pages:
        whole.update(zip(all_comparable(page), page))
    found = {address: spelling for address, spelling in whole.items() if address in wanted}
    return Extent(found, [whole[address] for address in sorted(whole.keys() - wanted)])
