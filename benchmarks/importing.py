# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Programs that import a file of contacts: the core, and what a user would write instead.

Each function loads what is needed, and returns what is to be measured.
"""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from processes import KEY

CHUNK = 10_000


def write_people(file: Path, rows: int) -> None:
    with file.open("w") as people:
        people.write("EmailAddress,FirstName,LastName,CompanyName\n")
        people.writelines(f"person{n}@example.com,First{n},Last{n},Company {n % 1000} & Sons\n" for n in range(rows))


def write_ready(file: Path) -> None:
    """The same people as the JSON that Sentori takes, beside the file."""
    with file.open(newline="") as people, file.with_suffix(".json").open("w") as ready:
        json.dump({"Contacts": list(csv.DictReader(people))}, ready)


def plain_loop(url: str, file: str) -> Callable[[], object]:
    """``csv.DictReader``, ``json.dumps`` and ``requests.post``, in chunks of the same size."""
    import requests

    def send() -> None:
        with open(file, newline="") as people, requests.Session() as session:
            session.headers.update({"ApiKey": KEY, "Content-Type": "application/json"})
            rows = csv.DictReader(people)
            while chunk := list(islice(rows, CHUNK)):
                body = json.dumps({"Name": "", "Description": "", "Contacts": chunk}).encode()
                session.post(f"{url}/v2.0/contact/import/", data=body, timeout=300).raise_for_status()

    return send


def gzip_and_curl(url: str, file: str) -> Callable[[], object]:
    """``gzip -1 | curl`` of JSON that is ready: checks nothing, encodes nothing."""
    command = (
        f"gzip -1 <'{Path(file).with_suffix('.json')}' | curl -sS -o /dev/null --fail"
        f" -H 'Content-Encoding: gzip' --data-binary @- '{url}/v2.0/contact/import/'"
    )
    return lambda: subprocess.run(["sh", "-c", command], check=True)


def this_project(url: str, file: str, rows: int, options: dict[str, Any]) -> Callable[[], object]:
    """The core's import; ``options``: of ImportOptions, and ``state_file``."""
    import requests
    from airflow_provider_sentori.core.api.client import SentoriApi
    from airflow_provider_sentori.core.http.settings import Settings
    from airflow_provider_sentori.core.http.transport import Transport
    from airflow_provider_sentori.core.imports.options import ImportOptions
    from airflow_provider_sentori.core.imports.run import import_rows
    from airflow_provider_sentori.core.memory.state_file import StateFile
    from airflow_provider_sentori.core.rows.sources import open_source
    from airflow_provider_sentori.core.runs.outcome import OF_IMPORTS
    from airflow_provider_sentori.core.runs.recorder import Recorder

    assert requests  # The transport loads it with the first request otherwise.
    wanted = dict(options)
    state = wanted.pop("state_file", None)

    def send() -> None:
        with Transport(Settings(KEY, url, timeout=300.0)) as transport:
            done = import_rows(
                SentoriApi(transport),
                lambda schema: open_source(file, schema=schema),
                ImportOptions(**wanted, memory=None if state is None else StateFile(state)),
                Recorder(OF_IMPORTS),
            )
        assert done.stopped_by is None and not done.warnings, (done.stopped_by, done.warnings)
        assert done.summary["created"] + done.summary["unchanged"] == done.summary["total"] == rows, done.summary

    return send
