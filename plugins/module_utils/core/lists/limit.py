# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The brake of an exact list: how many subscribers may be removed in one run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .. import errors, redaction

OPTION = "max_unsubscribes"
MAX_SHOWN = 5

_PERCENTAGE = re.compile(r"(\d+(?:\.\d+)?)\s*%")


class Limit(NamedTuple):
    """So many ``addresses``, or with ``percent`` that share of the list's subscribers."""

    given: str
    addresses: int = 0
    percent: float | None = None

    def of(self, total: int) -> int:
        """In addresses, rounded down."""
        return self.addresses if self.percent is None else int(round(total * self.percent / 100, 6))


def checked(given: object) -> Limit:
    """A limit out of ``20``, ``"20"`` or ``"5%"``. Raises InvalidInput for anything else."""
    text = "" if given is None or isinstance(given, bool) else str(given).strip()
    if text.isdecimal():
        return Limit(text, addresses=int(text))
    percentage = _PERCENTAGE.fullmatch(text)
    if percentage and float(percentage[1]) <= 100:
        return Limit(text, percent=float(percentage[1]))
    raise errors.InvalidInput(
        "exact removes all other subscribers. Give the number that may be removed, such as 20, or a percentage of the"
        " subscribers, such as 5%.",
        option=OPTION,
    )


def check(limit: Limit, leaving: Sequence[str], total: int) -> None:
    """Raise InvalidInput if more subscribers would be removed than the limit allows."""
    most = limit.of(total)
    if len(leaving) <= most:
        return
    shown = ", ".join(redaction.address(address) for address in leaving[:MAX_SHOWN])
    more = f", and {len(leaving) - MAX_SHOWN} more" if len(leaving) > MAX_SHOWN else ""
    allowed = f"{most} ({limit.given})" if limit.percent is not None else f"{most}"
    raise errors.InvalidInput(
        f"{len(leaving)} of {total} subscribers would be removed; the limit is {allowed}."
        f" Nothing was sent. They are: {shown}{more}.",
        option=OPTION,
    )
