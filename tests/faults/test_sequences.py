# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Random sequences of desired states, of faults, and of what others do: each run can be repeated until all is so.

After every run, whatever it met, a run without a fault ends complete, and the run after that sends no write.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.bulk import apply_contacts
from airflow_provider_sentori.core.errors import ContactNotFound, SentoriError
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.imports.run import import_rows
from airflow_provider_sentori.core.lists.bulk import apply_subscribers
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.rows.sources import given_addresses, given_rows
from airflow_provider_sentori.core.runs import outcome as actions
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.runs.result import RunResult
from airflow_provider_sentori.core.runs.thresholds import Thresholds
from airflow_provider_sentori.core.suppressions.bulk import apply_suppressions
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sentori_sandbox import Sandbox

NEWS = "NEWS"
PEOPLE = [f"p{number}@example.com" for number in range(5)]
people = st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1)
values = st.sampled_from(["Ann", "Bob", "", "Zoë"])
rows = people.flatmap(
    lambda emails: st.lists(values, min_size=len(emails), max_size=len(emails)).map(
        lambda names: [{"EmailAddress": email, "FirstName": name} for email, name in zip(emails, names, strict=True)]
    )
)
faults = st.none() | st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["drop-before", "drop-after", "half-json", "short", "html", "status"]),
        "status": st.sampled_from([429, 500, 503]),
        "times": st.integers(1, 6),
        "match": st.none() | st.sampled_from(["p1", "p3", "import", "subscribe"]),
    }
)


class Sequences(RuleBasedStateMachine):
    """``suppressed``: who opted out of everything; ``left``: who left the list after a run of ours."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.sandbox = Sandbox(seed={"mailing_lists": [{"ExternalID": NEWS, "Name": "News"}]})
        self.sandbox.__enter__()
        self.suppressed: set[str] = set()
        self.left: set[str] = set()

    def teardown(self) -> None:
        self.sandbox.__exit__(None, None, None)
        self._folder.cleanup()

    def memory(self, verb: str) -> StateFile:
        return StateFile(str(Path(self._folder.name, verb)))

    def apply(self, fault: dict[str, Any] | None, run: Callable[[SentoriApi], RunResult]) -> None:
        if fault is not None:
            self.sandbox.fault("*", **fault)
        with suppress(SentoriError):
            self.run(run)
        self.sandbox.clear_faults()

        again = self.run(run)
        assert again.complete and again.stopped_by is None, (again.summary, again.problems, again.stopped_by)
        self.sandbox.clear_requests()
        last = self.run(run)
        assert self.sandbox.writes() == [] and not last.changed, last.summary

    def run(self, run: Callable[[SentoriApi], RunResult]) -> RunResult:
        """In time that passes by itself."""
        passed = [0.0]
        connection = Settings(self.sandbox.api_key, self.sandbox.url)
        with Transport(connection, sleep=passed.append, clock=lambda: sum(passed)) as transport:
            return run(SentoriApi(transport))

    @rule(fault=faults, rows=rows, state=st.sampled_from(["present", "present", "absent"]))
    def contacts(self, fault: Any, rows: Any, state: str) -> None:
        self.apply(
            fault,
            lambda api: apply_contacts(
                api, lambda schema: given_rows(rows), Recorder(actions.OF_CONTACTS), state=state, concurrency=2
            ),
        )

    @rule(fault=faults, rows=rows, remembers=st.booleans(), version=st.sampled_from(["v2.0", "v1"]))
    def imports(self, fault: Any, rows: Any, remembers: bool, version: str) -> None:
        memory = self.memory("imports") if remembers else None
        options = ImportOptions(name="May", memory=memory, api_version=version, chunk_size=2)
        self.apply(
            fault,
            lambda api: import_rows(api, lambda schema: given_rows(rows), options, Recorder(actions.OF_IMPORTS)),
        )

    @rule(fault=faults, emails=people, exact=st.booleans())
    def subscribers(self, fault: Any, emails: Any, exact: bool) -> None:
        options: dict[str, Any] = {"create_missing": True, "exact": exact, "concurrency": 2}
        if exact:
            options["max_unsubscribes"] = "100%"

        def run(api: SentoriApi) -> RunResult:
            recorder, memory = Recorder(actions.OF_SUBSCRIPTIONS), self.memory("subscribers")
            given, thresholds = (lambda: given_addresses(emails)), Thresholds("100%")
            apply_subscribers(api, NEWS, given, recorder, thresholds, memory=memory, **options)
            return recorder.result

        self.apply(fault, run)

    @rule(fault=faults, emails=people)
    def suppressions(self, fault: Any, emails: Any) -> None:
        self.suppressed.update(emails)
        self.apply(
            fault,
            lambda api: apply_suppressions(
                api,
                lambda: given_addresses(emails),
                Recorder(actions.OF_SUPPRESSIONS),
                memory=self.memory("suppressions"),
                concurrency=2,
                is_counted=True,
            ),
        )

    @rule(email=st.sampled_from(PEOPLE))
    def somebody_leaves_the_list(self, email: str) -> None:
        """By the link in a newsletter."""
        if email in self.sandbox.subscribers(NEWS):
            self.left.add(email)
            with suppress(ContactNotFound):
                self.run(lambda api: api.unsubscribe_from_list(email, NEWS))  # type: ignore[arg-type, return-value]

    @rule(email=st.sampled_from(PEOPLE), name=values)
    def somebody_else_changes_a_contact(self, email: str, name: str) -> None:
        if self.sandbox.contact(email) is not None:
            self.sandbox.put_contact(email, FirstName=name)

    @invariant()
    def who_opted_out_is_not_mailed(self) -> None:
        readers = {email.lower() for email in self.sandbox.subscribers(NEWS)}
        assert not readers & self.suppressed
        assert self.suppressed <= set(self.sandbox.suppression_list())
        assert not readers & self.left


TestSequences = Sequences.TestCase
TestSequences.settings = settings(max_examples=12, stateful_step_count=8, deadline=None)
