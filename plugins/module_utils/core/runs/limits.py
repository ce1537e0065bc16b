# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A limit that a user gives as a number or as a percentage."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import InvalidInput

_PERCENTAGE = re.compile(r"(\d+(?:\.\d+)?)\s*%")


class Limit(NamedTuple):
    """So many (``number``), or with ``percent`` that share of a total; ``given``: as the user wrote it."""

    given: str
    number: int = 0
    percent: float | None = None

    def of(self, total: int) -> int:
        """The number that is allowed, rounded down."""
        return self.number if self.percent is None else int(round(total * self.percent / 100, 6))

    def __str__(self) -> str:
        return self.given


def parse(given: object, option: str, message: str | None = None) -> Limit:
    """A limit from ``20``, ``"20"`` or ``"5%"``. Raises InvalidInput, naming ``option``, for anything else."""
    text = "" if given is None or isinstance(given, bool) else str(given).strip()
    if text.isascii() and text.isdecimal():
        return Limit(text, number=int(text))
    percentage = _PERCENTAGE.fullmatch(text)
    if percentage and float(percentage[1]) <= 100:
        return Limit(text, percent=float(percentage[1]))
    default = f"{given!r} is neither a number, such as 10, nor a percentage, such as 1%."
    raise InvalidInput(message or default, option=option)
