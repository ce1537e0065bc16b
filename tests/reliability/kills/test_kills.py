# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""After a run that was killed or stopped, the next one ends where one run would have. `make faults` tries all."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from killed import Scene
from postgresql import served
from verbs import VERBS, Verb

# Of the kills of a verb, one in so many.
SAMPLE = 7


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    logging.getLogger("airflow").setLevel(logging.WARNING)
    with served() as socket, Scene(socket) as scene:
        yield scene


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_after_a_kill_or_a_stop_the_next_run_does_the_rest_and_nothing_twice(scene: Scene, verb: Verb) -> None:
    kills = [kill for kill in scene.kills() if kill.verb is verb]
    assert {kill.id: bad for kill in kills[::SAMPLE] if (bad := scene.judge(kill))} == {}
