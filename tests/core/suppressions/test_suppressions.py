# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many addresses suppressed or erased: the brake, the memory, and every one that can be registered."""

from __future__ import annotations

import io
import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.rows.sources import given_addresses, open_source
from airflow_provider_sentori.core.runs.outcome import OF_SUPPRESSIONS, Outcome
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.runs.report import Report
from airflow_provider_sentori.core.suppressions import bulk
from airflow_provider_sentori.core.suppressions.bulk import apply_suppressions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run_import import run as run_import
from run_many import into, on_list, with_memory
from sentori_sandbox import Sandbox
from sentori_sandbox.assumptions import TABLE

PEOPLE = [f"p{number}@example.com" for number in range(6)]
TESTED = {"code-type", "undocumented-answers", "trailing-slash", "path-escapes", "add-suppressed"}
ASSUMPTIONS = [{one.name: value} for one in TABLE if one.name in TESTED for value in one.values]


@pytest.fixture(autouse=True)
def people(sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed={"contacts": [{"EmailAddress": email} for email in PEOPLE]})


def run(api: SentoriApi, emails: Sequence[Any], **options: Any) -> list[Outcome]:
    outcomes: list[Outcome] = []
    recorder = Recorder(OF_SUPPRESSIONS, sink=into(outcomes), report=options.pop("report", None))
    given_options: dict[str, Any] = {"max_suppressions": "100%", "concurrency": 4, **options}
    apply_suppressions(api, lambda: given_addresses(emails), recorder, **with_memory(given_options))
    return sorted(outcomes, key=lambda outcome: int(outcome.place[7:-1]))


def actions(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.action for outcome in outcomes]


def routes(sandbox: Sandbox) -> Counter[str]:
    return Counter(entry.route for entry in sandbox.requests())


@pytest.mark.parametrize("assumptions", ASSUMPTIONS, ids=str)
def test_addresses_are_suppressed_as_predicted_and_a_second_run_sends_no_write(
    api: SentoriApi, sentori_sandbox: Sandbox, assumptions: dict[str, str]
) -> None:
    sentori_sandbox.assume(assumptions)
    predicted = run(api, PEOPLE, dry_run=True)
    assert (actions(predicted), sentori_sandbox.writes()) == (["suppressed"] * 6, [])
    assert actions(run(api, PEOPLE)) == ["suppressed"] * 6
    assert sentori_sandbox.suppression_list() == PEOPLE
    sentori_sandbox.clear_requests()
    assert actions(run(api, [email.upper() for email in PEOPLE])) == ["unchanged"] * 6
    assert routes(sentori_sandbox) == {"contact/get": 6}


def test_every_address_that_can_be_registered_is_registered(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": 103, "Message": "No"}'
    sentori_sandbox.fault("contact/unsubscribe/all", kind="status", match="p2@", status=400, body=body)
    emails = ["none", PEOPLE[0], PEOPLE[0].upper(), "a..b@example.com", "new@example.com", PEOPLE[2], None, PEOPLE[1]]
    outcomes = run(api, emails)
    assert actions(outcomes) == [
        "invalid", "suppressed", "duplicate", "rejected", "unverifiable", "rejected", "invalid", "suppressed",
    ]  # fmt: skip
    assert sentori_sandbox.suppression_list() == ["new@example.com", *PEOPLE[:2]]


@pytest.mark.parametrize(("brake", "allowed"), [(4, True), (3, False), ("50%", True), ("49%", False), ("0", False)])
@pytest.mark.parametrize("dry_run", [True, False])
def test_the_brake_counts_newly_suppressed_addresses_before_anything_is_sent(
    api: SentoriApi, sentori_sandbox: Sandbox, brake: Any, allowed: bool, dry_run: bool
) -> None:
    for email in PEOPLE[:3]:
        sentori_sandbox.suppress(email)
    emails = [*PEOPLE, "new@example.com", "none"]
    if allowed:
        assert Counter(actions(run(api, emails, max_suppressions=brake, dry_run=dry_run)))["suppressed"] == 3
        return
    sentence = r"^max_suppressions: 4 of 8 addresses would be newly suppressed; the limit is .*\. Nothing was sent\.$"
    with pytest.raises(errors.InvalidInput, match=sentence):
        run(api, emails, max_suppressions=brake, dry_run=dry_run)
    assert sentori_sandbox.writes() == []


def test_the_brake_is_needed_for_more_than_one_address_that_nobody_has_counted(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    with pytest.raises(errors.InvalidInput, match=r"^max_suppressions: is needed for the addresses of a file"):
        run(api, PEOPLE, max_suppressions=None)
    assert sentori_sandbox.requests() == []
    assert actions(run(api, PEOPLE[:1], max_suppressions=None)) == ["suppressed"]
    assert actions(run(api, PEOPLE[1:3], max_suppressions=None, is_counted=True)) == ["suppressed"] * 2


def test_with_a_state_file_the_second_night_sends_no_request(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path
) -> None:
    state_file = str(tmp_path / "opted-out.db")
    emails = [*PEOPLE, "new@example.com", "none"]
    expected = [*["suppressed"] * 6, "unverifiable", "invalid"]
    assert actions(run(api, emails, state_file=state_file)) == expected
    sentori_sandbox.clear_requests()
    assert actions(run(api, emails, state_file=state_file)) == [*["unchanged"] * 7, "invalid"]
    assert sentori_sandbox.requests() == []
    assert b"example" not in (tmp_path / "opted-out.db").read_bytes()


@pytest.mark.parametrize("fault", ["drop-before", "drop-after", "html"])
def test_a_lost_response_is_looked_up_or_repeated_and_only_what_is_known_is_remembered(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, fault: str
) -> None:
    state_file = str(tmp_path / "opted-out.db")
    sentori_sandbox.fault("contact/unsubscribe/all", kind=fault, match="p1@", times=2)
    assert actions(run(api, PEOPLE, state_file=state_file)) == ["suppressed"] * 6
    sentori_sandbox.fault("contact/unsubscribe/all", kind="drop-before", match="new@", times=9)
    assert actions(run(api, ["new@example.com"], state_file=state_file)) == ["in_doubt"]
    sentori_sandbox.clear_faults()
    assert actions(run(api, ["new@example.com"], state_file=state_file)) == ["unverifiable"]


def test_an_address_that_was_suppressed_before_the_key_was_revoked_is_in_doubt(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.fault("contact/get", kind="wait", seconds=0)
    sentori_sandbox.fault("contact/unsubscribe/all", kind="wait", seconds=0)
    body = '{"Code": 1, "Message": "API Key not valid"}'
    sentori_sandbox.fault("*", kind="status", status=403, body=body, times=2)
    assert actions(run(api, PEOPLE[:1])) == ["in_doubt"]
    assert sentori_sandbox.suppression_list() == PEOPLE[:1]


def test_a_key_that_is_revoked_in_the_middle_stops_the_run_and_every_row_has_an_outcome(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    body = '{"Code": 1, "Message": "API Key not valid"}'
    sentori_sandbox.fault("contact/unsubscribe/all", kind="status", match="p2@", status=403, body=body)
    outcomes = run(api, PEOPLE, concurrency=1)
    assert actions(outcomes) == ["suppressed"] * 2 + ["failed"] * 4
    assert outcomes[3].reason.startswith("Not sent, because the run had stopped: ")


def test_a_source_that_breaks_in_the_middle_sends_nothing_and_every_row_read_has_an_outcome(
    api: SentoriApi, sentori_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bulk, "PAGE", 2)
    (tmp_path / "people.csv").write_text("EmailAddress\n" + "\n".join(PEOPLE[:3]) + '\n"' + PEOPLE[3])
    outcomes: list[Outcome] = []
    recorder = Recorder(OF_SUPPRESSIONS, sink=into(outcomes))
    done = apply_suppressions(api, lambda: open_source(tmp_path / "people.csv"), recorder, max_suppressions="100%")
    assert actions(outcomes) == ["failed"] * 3 and "line 5" in str(done.stopped_by)
    assert sentori_sandbox.writes() == []


def test_a_key_that_is_revoked_while_reading_sends_nothing_and_every_row_read_has_an_outcome(
    api: SentoriApi, sentori_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PAGE", 2)
    sentori_sandbox.suppress(PEOPLE[0])
    body = '{"Code": 1, "Message": "API Key not valid"}'
    sentori_sandbox.fault("contact/get", kind="status", match="p2@", status=403, body=body)
    assert actions(run(api, PEOPLE, concurrency=1)) == ["unchanged", "failed", "failed", "failed"]
    assert sentori_sandbox.writes() == []


def test_a_memory_that_cannot_be_written_stops_no_opt_out_and_fails_the_run(
    api: SentoriApi, sentori_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bulk, "PAGE", 2)
    state_file = str(tmp_path / "state.db")
    run(api, ["other@example.com"], state_file=state_file)
    with closing(sqlite3.connect(state_file)) as database, database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON entry WHEN NEW.kind = 1 BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    recorder = Recorder(OF_SUPPRESSIONS)
    done = apply_suppressions(
        api, lambda: given_addresses(PEOPLE), recorder, max_suppressions="100%", memory=StateFile(state_file)
    )
    assert done.summary["suppressed"] == 6 and "disk full" in str(done.stopped_by) and not done.complete
    assert sentori_sandbox.suppression_list() == ["other@example.com", *PEOPLE]


def test_the_brake_leaves_an_outcome_for_every_row(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.suppress(PEOPLE[0])
    recorder = Recorder(OF_SUPPRESSIONS)
    with pytest.raises(errors.InvalidInput, match=r"^max_suppressions: 5 of 6 addresses"):
        apply_suppressions(api, lambda: given_addresses(PEOPLE), recorder, max_suppressions=1)
    assert (recorder.result.summary["unchanged"], recorder.result.summary["failed"]) == (1, 5)


def test_erased_people_are_suppressed_deleted_and_read_again(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path
) -> None:
    state_file, written = str(tmp_path / "state.db"), io.StringIO()
    written.close = lambda: None  # type: ignore[method-assign]
    sentori_sandbox.suppress(PEOPLE[1])
    emails = [*PEOPLE[:2], "new@example.com"]
    assert actions(run(api, emails, state="erased", dry_run=True)) == ["erased", "erased", "unverifiable"]
    outcomes = run(api, emails, state="erased", state_file=state_file, report=Report(written, addresses=True))
    assert actions(outcomes) == ["erased", "erased", "unverifiable"]
    assert [contact["EmailAddress"] for contact in sentori_sandbox.contacts()] == PEOPLE[2:]
    assert sentori_sandbox.suppression_list() == ["new@example.com", *PEOPLE[:2]]
    order = [entry.route for entry in sentori_sandbox.writes() if "p0" in entry.path]
    assert order == ["contact/unsubscribe/all", "contact/delete"]
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert "new@" not in written.getvalue()
    proofs = [line for line in lines if line.get("outcome") == "erased"]
    assert [(line["done"], line["seen"]) for line in proofs] == [("suppressed, deleted", "no contact")] * 2
    assert len({line["person"] for line in proofs}) == 2 and "p0@" not in written.getvalue()

    sentori_sandbox.clear_requests()
    asked = io.StringIO()
    asked.close = lambda: None  # type: ignore[method-assign]
    again = run(api, emails, state="erased", state_file=state_file, report=Report(asked))
    assert actions(again) == ["unchanged"] * 3
    persons = [json.loads(line).get("person") for line in asked.getvalue().splitlines()]
    assert persons[:2] == [line["person"] for line in proofs]
    assert sentori_sandbox.requests() == []
    rows = [{"EmailAddress": email.upper(), "FirstName": "P"} for email in PEOPLE[:3]]
    for scope in ("changed", "all"):
        assert run_import(api, rows, state_file=state_file, scope=scope).actions[:2] == ["not_mailable"] * 2
    lists = {"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]}
    sentori_sandbox.reset(seed={**sentori_sandbox.state(), **lists})
    members = on_list(api, "NEWS", PEOPLE[:3], create_missing=True, state_file=state_file)
    assert actions(members) == ["not_mailable", "not_mailable", "subscribed"]
    assert sentori_sandbox.contact(PEOPLE[0]) is None


def test_a_contact_that_is_still_there_after_its_deletion_is_a_failure(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    json_type = {"Content-Type": "application/json"}
    sentori_sandbox.fault("contact/delete", kind="status", status=200, body="{}", headers=json_type)
    (outcome,) = run(api, PEOPLE[:1], state="erased")
    sentence = "contact/delete: Sentori accepted the request, but the contact is not deleted."
    assert str(outcome.error) == sentence
    assert (outcome.changed, outcome.reason) == (True, f"The address is suppressed, but: {sentence}")
    assert sentori_sandbox.suppression_list() == PEOPLE[:1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    emails=st.lists(st.sampled_from([*PEOPLE, "new@example.com", "P1@EXAMPLE.COM", "none", "", None, 7]), max_size=12),
    faults=st.lists(st.sampled_from(["drop-before", "drop-after"]), max_size=3),
    state=st.sampled_from(["suppressed", "erased"]),
)
def test_nobody_is_unsuppressed_and_everybody_well_formed_is_suppressed(
    api: SentoriApi, sentori_sandbox: Sandbox, emails: list[Any], faults: list[str], state: str
) -> None:
    sentori_sandbox.reset(seed={"contacts": [{"EmailAddress": email} for email in PEOPLE]})
    sentori_sandbox.suppress(PEOPLE[5])
    for kind in faults:
        sentori_sandbox.fault("contact/unsubscribe/all", kind=kind)
    outcomes = run(api, emails, state=state)
    assert len(outcomes) == len(emails)
    sentori_sandbox.clear_faults()
    registered = {one.email.lower() for one in outcomes if one.action in ("suppressed", "erased", "unverifiable")}
    assert registered <= set(sentori_sandbox.suppression_list())
    again = run(api, emails, state=state)
    well_formed = {email.lower() for email in emails if isinstance(email, str) and "@" in email}
    assert set(sentori_sandbox.suppression_list()) == well_formed | {PEOPLE[5]}
    assert not {"failed", "in_doubt"} & set(actions(again))
