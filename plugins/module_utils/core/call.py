# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""One request to Sentori, and what came back, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Answer(NamedTuple):
    """What came back: ``status``, its ``reason`` phrase, ``headers`` (names without case), ``body`` (decompressed)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    reason: str = ""


@dataclass(frozen=True)
class Call:
    """One request, as data.

    ``operation`` names it in errors and logs (``contact/get``); ``path`` is percent-encoded and starts with a
    slash; ``writes`` says whether it may change something in Sentori.
    """

    operation: str
    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] | None = None
    writes: bool = False


@dataclass
class Statistics:
    """What a run has cost: requests sent (each retry is one), retries, seconds waited for Sentori."""

    requests: int = 0
    retries: int = 0
    waited_seconds: float = 0.0
