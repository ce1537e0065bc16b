# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of all tests: a client of the core for the sandbox of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from hypothesis import settings
from sentori_sandbox import Sandbox

# The duration of an example depends on the machine only.
settings.register_profile("sentori", deadline=None)
settings.load_profile("sentori")

Connect = Callable[..., SentoriApi]


class PassingTime:
    """A clock that advances only by ``sleep`` and records each pause. ``meanwhile`` is called in each sleep."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.meanwhile()

    def clock(self) -> float:
        return self.now


@pytest.fixture
def passing_time() -> PassingTime:
    return PassingTime()


@pytest.fixture
def connect(passing_time: PassingTime) -> Iterator[Connect]:
    """``connect(url=..., api_key=...)`` returns a SentoriApi that does not really wait between tries."""
    transports = []

    def connect_to(**settings: Any) -> SentoriApi:
        transport = Transport(Settings(**settings), sleep=passing_time.sleep, clock=passing_time.clock)
        transports.append(transport)
        return SentoriApi(transport)

    yield connect_to
    for transport in transports:
        transport.close()


@pytest.fixture
def api(connect: Connect, sentori_sandbox: Sandbox) -> SentoriApi:
    """The core's client of this test's ``sentori_sandbox``."""
    return connect(url=sentori_sandbox.url, api_key=sentori_sandbox.api_key)
