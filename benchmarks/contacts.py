# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Compare the cost of the core with a plain `requests.Session`, in one run, against one sandbox.

Prints microseconds of CPU of this process per request, and contacts per second of a run that changes nothing.
Compare the ratios: all values depend on the machine.
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
from airflow_provider_sentori.core.contacts.bulk import apply_contacts
from airflow_provider_sentori.core.fields import FieldValue
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from airflow_provider_sentori.core.rows.sources import given_rows
from airflow_provider_sentori.core.runs.outcome import OF_CONTACTS
from airflow_provider_sentori.core.runs.recorder import Recorder

EMAIL = "ada.lovelace@example.com"
ROUNDS, CALLS = 7, 300


@contextmanager
def running_sandbox() -> Iterator[dict[str, str]]:
    """Run a sandbox in another process, so that its CPU time is not counted."""
    command = [sys.executable, "-m", "sentori_sandbox", "serve", "--port", "0", "--seed", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def microseconds(call: Callable[[], object]) -> float:
    """The CPU time of one call: the median of the rounds."""
    costs = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(CALLS):
            call()
        costs.append((time.process_time() - started) / CALLS * 1e6)
    return sorted(costs)[ROUNDS // 2]


def main() -> None:
    with running_sandbox() as sentori, Transport(Settings(**sentori)) as transport:
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
        apply(api, rows, 8)
        for concurrency in (1, 8):
            started = time.perf_counter()
            apply(api, rows, concurrency)
            rate = len(rows) / (time.perf_counter() - started)
            say(f"unchanged, concurrency {concurrency}    {rate:6.0f} contacts/s")


def apply(api: SentoriApi, rows: list[dict[str, FieldValue]], concurrency: int) -> None:
    apply_contacts(api, lambda schema: given_rows(rows), Recorder(OF_CONTACTS), concurrency=concurrency)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
