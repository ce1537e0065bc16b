# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure the question whether one address is on a list of a million: CPU beside ``json.loads``, and memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from statistics import median
from urllib.request import urlopen

from goals import Goal
from processes import KEY, in_process, profile_of, say
from stub import running_stub

FEW, MANY = 10_000, 1_000_000
ROUNDS, MOST_CPU, FLAT = 3, 2.0, 5.0


def by_project(url: str, subscribers: int) -> Callable[[], object]:
    """What ``sentori_subscription`` does; the address is the last of the list."""
    import requests
    from airflow_provider_sentori.core.api.client import SentoriApi
    from airflow_provider_sentori.core.http.settings import Settings
    from airflow_provider_sentori.core.http.transport import Transport
    from airflow_provider_sentori.core.lists.options import apply_subscription

    assert requests  # The transport loads it with the first request otherwise.

    def ask() -> None:
        with Transport(Settings(KEY, url, timeout=300.0)) as transport:
            outcome, _ = apply_subscription(SentoriApi(transport), "person1@example.com", f"N{subscribers}")
        assert outcome.action == "unchanged", outcome

    return ask


def by_json(url: str, subscribers: int) -> Callable[[], object]:
    """``json.loads`` alone, of a response that was read before."""
    with urlopen(f"{url}/v2.0/mailinglists/subscribers/N{subscribers}") as response:
        body = response.read()
    return lambda: json.loads(body)


def goals() -> Iterator[Goal]:
    pairs = []
    with running_stub() as url:
        for number in range(ROUNDS):
            say(f"a list of {MANY:,} subscribers, round {number + 1} of {ROUNDS}")
            given = {"url": url, "subscribers": MANY}
            pairs.append((in_process(by_project, **given), in_process(by_json, **given)))
        few = in_process(by_project, url=url, subscribers=FEW).peak
        ratio = median(ours.cpu / loads.cpu for ours, loads in pairs)
        reached = ratio <= MOST_CPU
        profile = () if reached else profile_of(by_project, url=url, subscribers=MANY)
    ours, loads = (median(cost.cpu for cost in costs) for costs in zip(*pairs, strict=True))
    many, whole = (median(cost.peak for cost in costs) for costs in zip(*pairs, strict=True))
    label = f"One address asked of a list of {MANY:,}: CPU"
    beside = f"`json.loads` alone: {loads:.2f} s"
    yield Goal(label, f"{ours:.2f} s", beside, f"{ratio:.2f}", f"at most {MOST_CPU:g}", reached, profile)
    yield Goal(
        f"The same: memory above a list of {FEW:,}",
        f"{many - few:.1f} MiB",
        f"the response and `json.loads`: {whole - few:.0f} MiB",
        f"{many - few:.1f} MiB",
        f"flat: at most {FLAT:.0f} MiB",
        many - few <= FLAT,
    )
