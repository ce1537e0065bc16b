# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Timestamps in Sentori's format: ISO 8601 without a zone, up to three fraction digits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_TICK = timedelta(milliseconds=1)


class Clock:
    """Return a later time for each change, so that each change alters ModifiedTimestamp."""

    def __init__(self) -> None:
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> str:
        """Return the time in UTC (no page names the zone), without trailing zeros."""
        self._last = max(datetime.now(UTC), self._last + _TICK)
        zoneless = self._last.replace(tzinfo=None)
        return zoneless.isoformat(timespec="milliseconds").rstrip("0").rstrip(".")
