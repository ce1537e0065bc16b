# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Two runs at once: the short form of the races of ``make faults``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from races import RACES, Race, Track


@pytest.fixture(scope="module")
def track() -> Iterator[Track]:
    with Track() as track:
        yield track


@pytest.mark.parametrize("race", RACES, ids=[race.name for race in RACES])
def test_each_contact_ends_as_one_of_the_two_orders_of_two_runs_leaves_it(track: Track, race: Race) -> None:
    assert list(track.breaches(race, range(2))) == []
