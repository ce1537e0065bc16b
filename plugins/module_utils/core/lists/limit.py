# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The limit of an exact list: how many subscribers may be removed in one run."""

from __future__ import annotations

from collections.abc import Sequence

from .. import errors, redaction
from ..runs.limits import Limit, parse

OPTION = "max_unsubscribes"
MAX_SHOWN = 5


def parse_limit(given: object) -> Limit:
    """``max_unsubscribes`` as a limit. Raises InvalidInput for anything but a number or a percentage."""
    return parse(
        given,
        OPTION,
        "exact removes all other subscribers. Give the number that may be removed, such as 20, or a percentage of the"
        " subscribers, such as 5%.",
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
