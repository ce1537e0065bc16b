# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A request to Sentori, and its response, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Response(NamedTuple):
    """The response: ``status``, ``headers`` (names without case), ``body`` (decompressed), ``reason`` (the phrase)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    reason: str = ""


class Request(NamedTuple):
    """One request.

    ``operation`` names it in errors and logs (``contact/get``); ``path`` is percent-encoded and starts with a
    slash; ``body`` is sent as one, whatever its parts; ``writes`` says whether it may change something in Sentori.
    """

    operation: str
    method: str
    path: str
    body: Sequence[bytes] = ()
    headers: Mapping[str, str] | None = None
    writes: bool = False


class Statistics(NamedTuple):
    """The cost of a run: requests sent (each retry is one), retries, seconds of waiting for Sentori."""

    requests: int = 0
    retries: int = 0
    waited_seconds: float = 0.0
