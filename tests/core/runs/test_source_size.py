# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A source that came empty or half: nothing is sent, whichever verb it is for."""

from __future__ import annotations

import gzip
import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.bulk import apply_contacts
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.imports.run import import_rows
from airflow_provider_sentori.core.lists.bulk import apply_subscribers
from airflow_provider_sentori.core.memory.account import AccountMemory
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.rows.sources import given_rows, open_source
from airflow_provider_sentori.core.runs.outcome import OF_CONTACTS, OF_IMPORTS, OF_SUBSCRIPTIONS, OF_SUPPRESSIONS
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.runs.source_size import SourceShrunk, SourceSize
from airflow_provider_sentori.core.runs.thresholds import Thresholds
from airflow_provider_sentori.core.suppressions.bulk import apply_suppressions
from sentori_sandbox import Sandbox

Verb = Callable[[SentoriApi, Path, Recorder, StateFile], Any]
VERBS: dict[str, tuple[tuple[str, ...], Verb]] = {
    "contacts": (
        OF_CONTACTS,
        lambda api, src, recorder, memory: apply_contacts(
            api, lambda schema: open_source(src, schema=schema), recorder, memory=memory
        ),
    ),
    "exact list": (
        OF_SUBSCRIPTIONS,
        lambda api, src, recorder, memory: apply_subscribers(
            api,
            "NEWS",
            lambda: open_source(src, addresses_only=True),
            recorder,
            Thresholds("100%"),
            exact=True,
            max_unsubscribes="100%",
            allow_empty=True,
            create_missing=True,
            memory=memory,
        ),
    ),
    "suppressions": (
        OF_SUPPRESSIONS,
        lambda api, src, recorder, memory: apply_suppressions(
            api, lambda: open_source(src, addresses_only=True), recorder, max_suppressions="100%", memory=memory
        ),
    ),
    "import": (
        OF_IMPORTS,
        lambda api, src, recorder, memory: import_rows(
            api, lambda schema: open_source(src, schema=schema), ImportOptions(memory=memory), recorder
        ),
    ),
}


@pytest.fixture(autouse=True)
def account(sentori_sandbox: Sandbox) -> None:
    contacts = [{"EmailAddress": "old@example.com"}]
    news = {"ExternalID": "NEWS", "Name": "News", "subscribers": ["old@example.com"]}
    sentori_sandbox.reset(seed={"contacts": contacts, "mailing_lists": [news]})


def people(path: Path, count: int, *more: str) -> Path:
    path.write_text("\n".join(["EmailAddress", *(f"p{number}@example.com" for number in range(count)), *more]) + "\n")
    return path


def run(api: SentoriApi, verb: str, src: Path, *, max_rejected: object = 0, **limits: object) -> Recorder:
    actions, apply = VERBS[verb]
    size = SourceSize(verb, Thresholds(max_rejected).failure, **limits)
    recorder = Recorder(actions, source_size=size)
    apply(api, src, recorder, StateFile(str(src.with_name("state.db"))))
    return recorder


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("rows", [0, 9])
def test_a_source_with_too_few_rows_sends_nothing(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, verb: str, rows: int
) -> None:
    src = people(tmp_path / "people.csv", rows)
    with pytest.raises(SourceShrunk, match=f"min_source_rows: the source has {rows} rows, and at least 10 are needed"):
        run(api, verb, src, min_source_rows=10)
    assert sentori_sandbox.requests() == []
    assert run(api, verb, people(src, 10), min_source_rows=10).result.complete


@pytest.mark.parametrize("verb", VERBS)
def test_a_source_that_is_much_smaller_than_last_time_sends_nothing(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, verb: str
) -> None:
    src = people(tmp_path / "people.csv", 20)
    run(api, verb, src, max_source_drop="10%")
    sent = len(sentori_sandbox.writes())
    message = r"max_source_drop: the source has 17 rows, and had 20 in the last successful run; the limit .* is 10%"
    with pytest.raises(SourceShrunk, match=message):
        run(api, verb, people(src, 17), max_source_drop="10%")
    assert len(sentori_sandbox.writes()) == sent
    # A failed run is not what the next one is compared with; a smaller one within the limit is.
    run(api, verb, people(src, 18), max_source_drop="10%")
    run(api, verb, people(src, 17), max_source_drop=1)


def test_a_run_that_failed_because_of_its_rows_is_not_compared_with(api: SentoriApi, tmp_path: Path) -> None:
    src = people(tmp_path / "people.csv", 20)
    run(api, "import", src, max_source_drop="10%")
    refused = run(api, "import", people(src, 18, "nobody"), max_source_drop="10%").result
    assert refused.summary["invalid"] == 1
    with pytest.raises(SourceShrunk, match="had 20 in the last successful run"):
        run(api, "import", people(src, 17), max_source_drop="10%")


def test_a_memory_that_cannot_be_written_hides_nothing_of_what_was_done(tmp_path: Path) -> None:
    recorder = Recorder(OF_IMPORTS, source_size=SourceSize("import", Thresholds().failure, max_source_drop=1))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with recorder, AccountMemory(StateFile(str(tmp_path / "state.db")), lambda salt: salt * 2) as memory:
        recorder.begin(given_rows([{"EmailAddress": "p@example.com"}]), memory)
        # A process that may write no more meets an error, as on a full disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, limits[1]))
        try:
            recorder.end(memory)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert recorder.result.complete and "state.db" in recorder.result.warnings[0]


def test_each_source_of_a_memory_has_its_own_number(api: SentoriApi, tmp_path: Path) -> None:
    run(api, "import", people(tmp_path / "people.csv", 20), max_source_drop="10%")
    run(api, "suppressions", people(tmp_path / "opted-out.csv", 2), max_source_drop="10%")


def test_compressed_rows_are_counted_and_a_pipe_is_refused(api: SentoriApi, tmp_path: Path) -> None:
    src = tmp_path / "people.csv.gz"
    src.write_bytes(gzip.compress(people(tmp_path / "people.csv", 3).read_bytes()))
    assert open_source(src).count() == 3
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InvalidInput, match=r"src: .* can be read only once"):
        open_source(tmp_path / "pipe.csv").count()
    with pytest.raises(InvalidInput, match="these rows cannot be counted before they are read"):
        given_rows(iter([])).count()


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"min_source_rows": "5%"}, "min_source_rows: this is a percentage"),
        ({"min_source_rows": -1}, "min_source_rows: -1 is neither"),
        ({"max_source_drop": "some"}, "max_source_drop: 'some' is neither a number"),
    ],
    ids=str,
)
def test_a_limit_that_is_none_is_refused(limits: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        SourceSize("import", lambda result: None, **limits)


def test_a_drop_can_only_be_noticed_with_a_memory() -> None:
    with pytest.raises(InvalidInput, match="max_source_drop: can only be used with state_file"):
        SourceSize("import", lambda result: None, max_source_drop=1).check(lambda: 1, None)
