# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which addresses a mailing list has. Source: api-mailinglists: subscribed *and* emailable contacts only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..addresses import comparable
from ..api.client import Subscriber
from ..fields import ADDRESS

Members = dict[str, str]  # an address in its comparable form -> in the spelling of the list


class Extent(NamedTuple):
    """A whole list, divided by the wanted addresses: which of them it has, and all others, sorted."""

    wanted: Members
    others: list[str]


def among(emails: Sequence[str], subscribers: Iterator[Subscriber]) -> Members:
    """Which of these addresses are subscribed; reading stops when all are found."""
    wanted = {comparable(email) for email in emails}
    found: Members = {}
    for subscriber in subscribers:
        address = comparable(subscriber[ADDRESS])
        if address in wanted:
            found[address] = subscriber[ADDRESS]
        if len(found) == len(wanted):
            break
    return found


def extent(emails: Sequence[str], subscribers: Iterator[Subscriber]) -> Extent:
    """The whole list, divided by these addresses."""
    wanted = {comparable(email) for email in emails}
    found: Members = {}
    others: Members = {}
    for subscriber in subscribers:
        address = comparable(subscriber[ADDRESS])
        (found if address in wanted else others)[address] = subscriber[ADDRESS]
    return Extent(found, [others[address] for address in sorted(others)])
