# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What a contact costs: the core beside a plain `requests.Session`, in one run, against one sandbox.

Prints microseconds of CPU of this process for each request, and contacts a second for a run that changes nothing.
Read the ratios: the machine's noise is in all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.apply import Contacts
from airflow_provider_sentori.core.contacts.desired import desired_contacts
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport

EMAIL = "ada.lovelace@example.com"
ROUNDS, CALLS = 7, 300


@contextmanager
def served() -> Iterator[dict[str, str]]:
    """A sandbox in a process of its own, so that its CPU does not count."""
    command = [sys.executable, "-m", "sentori_sandbox", "serve", "--port", "0", "--seed", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def microseconds(call: Callable[[], object]) -> float:
    """CPU of one call: the median of the rounds."""
    costs = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(CALLS):
            call()
        costs.append((time.process_time() - started) / CALLS * 1e6)
    return sorted(costs)[ROUNDS // 2]


def main() -> None:
    with served() as sentori, Transport(Settings(**sentori)) as transport:
        api = SentoriApi(transport)
        session = requests.Session()
        session.headers["ApiKey"] = sentori["api_key"]
        url = f"{sentori['url']}/v2.0/contact/get/{EMAIL.replace('@', '%40')}/"

        plain = microseconds(lambda: session.get(url, timeout=30).json())
        core = microseconds(lambda: api.get_contact(EMAIL))
        say(f"one GET, requests.Session   {plain:6.0f} µs of CPU")
        say(f"one GET, the core           {core:6.0f} µs of CPU   {plain / core:.2f} times less")

        rows = [dict(api.get_contact(EMAIL))]
        rows += [{"EmailAddress": f"person{number}@example.com"} for number in range(500)]
        Contacts(api, 8).run(desired_contacts(rows))
        for concurrency in (1, 8):
            started = time.perf_counter()
            Contacts(api, concurrency).run(desired_contacts(rows))
            rate = len(rows) / (time.perf_counter() - started)
            say(f"unchanged, concurrency {concurrency}    {rate:6.0f} contacts/s")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
