# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A goal, what was measured of it, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from processes import Share


class Goal(NamedTuple):
    """A row of the table: two figures of one run, how they compare, and what is wanted.

    ``reached``: None where a peer is shown and nothing is wanted. ``profile``: where the time goes, if not reached.
    """

    what: str
    ours: str
    beside: str
    measured: str
    goal: str = "-"
    reached: bool | None = None
    profile: Sequence[Share] = ()


class Curve(NamedTuple):
    """A line of a plot."""

    label: str
    points: Sequence[tuple[float, float]]
    is_peer: bool = False
