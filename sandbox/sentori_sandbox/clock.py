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
        zoneless = self._last.replace(tzinfo=None)
        return zoneless.isoformat(timespec="milliseconds").rstrip("0").rstrip(".")
