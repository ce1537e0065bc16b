# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Sentori's timestamps: ISO without a zone, with a fraction of up to three digits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_TICK = timedelta(milliseconds=1)


class Clock:
    """Gives each change a later time than the one before, so that a change always shows."""

    def __init__(self) -> None:
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> str:
        """The time now, in UTC: no page names the zone. Trailing zeros are dropped, as there."""
        self._last = max(datetime.now(UTC), self._last + _TICK)
        whole, _, fraction = self._last.strftime("%Y-%m-%dT%H:%M:%S.%f").partition(".")
        return f"{whole}.{fraction[:3]}".rstrip("0").rstrip(".") if fraction[:3] != "000" else whole
