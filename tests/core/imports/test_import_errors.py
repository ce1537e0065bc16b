# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Errors during a bulk import: no row is lost, and a repeated request is reported."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.rows.row import Row
from airflow_provider_sentori.core.runs import report as reports
from airflow_provider_sentori.core.runs.outcome import Outcome
from run_import import STRUCTURE, import_from, imports, people, run
from run_many import into
from sentori_sandbox import Sandbox


@pytest.fixture(autouse=True)
def structure(sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed={"structure": STRUCTURE})


FAULTS: list[dict[str, Any]] = [
    {"kind": "drop-before"},
    {"kind": "drop-after"},
    {"kind": "html"},
    {"kind": "half-json"},
    {"kind": "status", "status": 502},
    {"kind": "status", "status": 429},
    {"kind": "status", "status": 409},
]


@pytest.mark.parametrize("batch", range(3))
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_in_any_batch_loses_no_row_and_repeats_no_processed_batch(
    api: SentoriApi, sentori_sandbox: Sandbox, fault: dict[str, Any], batch: int
) -> None:
    if batch:
        sentori_sandbox.fault("contact/import", kind="wait", seconds=0, times=batch)
    sentori_sandbox.fault("contact/import", **fault)
    ran = run(api, people(9, FirstName="P"), chunk_size=3)
    assert ran.actions == ["created"] * 9
    took = [truth for truth in sentori_sandbox.truth()]
    assert len(took) == 3
    assert len(sentori_sandbox.contacts()) == 9


# The requests of an import of nine people in three chunks: one reads the fields, nine read a contact, three import.
POINTS = [("contact/getstructure", 0), *(("contact/get", at) for at in range(9))]


@pytest.mark.parametrize("point", POINTS, ids=str)
@pytest.mark.parametrize("fault", FAULTS[:-1], ids=str)
def test_a_fault_in_any_read_loses_no_row_and_sends_none_twice(
    api: SentoriApi, sentori_sandbox: Sandbox, fault: dict[str, Any], point: tuple[str, int]
) -> None:
    route, at = point
    if at:
        sentori_sandbox.fault(route, kind="wait", seconds=0, times=at)
    sentori_sandbox.fault(route, **fault)
    rows = people(9, FirstName="P")
    try:
        ran = run(api, rows, chunk_size=3)
    except errors.NotSentori:
        assert fault["kind"] == "html" and sentori_sandbox.truth() == []
        return
    assert len(ran.outcomes) == 9
    sent = Counter(row["address"] for one in sentori_sandbox.truth() for row in one["rows"])
    assert set(sent.values()) == {1}
    done = {outcome.email for outcome in ran.outcomes if outcome.action == "created"}
    assert done == set(sent) == {contact["EmailAddress"] for contact in sentori_sandbox.contacts()}
    assert run(api, rows, chunk_size=3).result.summary["failed"] == 0 and len(sentori_sandbox.contacts()) == 9


def test_a_batch_that_was_stored_in_part_is_in_doubt_and_stops_the_run(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.fault("contact/import", kind="drop-after")
    rows = [
        {"EmailAddress": "info@example.com"},
        *people(2),
        *({"EmailAddress": f"q{n}@example.com"} for n in range(6)),
    ]
    ran = run(api, rows, chunk_size=3)
    assert ran.actions[:3] == ["in_doubt", "created", "created"]
    assert set(ran.actions[3:]) == {"failed"}
    assert isinstance(ran.result.stopped_by, errors.NoResponse)
    assert len(imports(sentori_sandbox)) == 1


def test_wrong_counters_are_a_warning_and_the_rows_are_read(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"TotalRows": 3, "EmailableRowsCreated": 2, "UploadGroupExternalID": null}'
    json = {"Content-Type": "application/json"}
    sentori_sandbox.fault("contact/import", kind="status", status=200, body=body, headers=json)
    ran = run(api, people(3))
    assert "do not add up" in ran.result.warnings[0]
    assert ran.actions == ["rejected"] * 3


def test_a_refused_batch_fails_its_rows_and_the_next_batch_is_sent(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": 103, "Message": "contact fields not valid"}'
    sentori_sandbox.fault("contact/import", kind="status", status=400, body=body)
    assert run(api, people(6), chunk_size=3).actions == ["failed"] * 3 + ["created"] * 3


def test_a_failed_attachment_does_not_hide_what_was_imported(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    drafts = [{"ExternalID": "DRAFT001", "Name": "Invitation", "kind": "email", "draft": True}]
    sentori_sandbox.reset(seed={"emails": drafts})
    body = '{"Code": 400, "Message": "Email is not a draft"}'
    sentori_sandbox.fault("contact/attach", kind="status", status=400, body=body)
    rows = [Row(f"row {number}", fields) for number, fields in enumerate(people(3), 1)]
    result = import_from(api, lambda schema: rows, ImportOptions(attach_to="DRAFT001"))
    assert (result.changed, result.summary["created"], len(result.upload_groups)) == (True, 3, 1)
    assert isinstance(result.stopped_by, errors.NotADraft)
    assert "The rows are imported" in str(result.stopped_by)


class Report:
    """The lines that a run wrote."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.stream.close = lambda: None  # type: ignore[method-assign]

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    "failure", [RuntimeError("gone"), KeyboardInterrupt(), errors.SourceInterrupted("gone")], ids=repr
)
def test_the_report_is_complete_however_a_run_ends(
    api: SentoriApi, sentori_sandbox: Sandbox, failure: BaseException
) -> None:
    def rows() -> Iterator[Row]:
        yield from (Row(f"row {number}", fields) for number, fields in enumerate(people(5), 1))
        raise failure

    report, outcomes = Report(), list[Outcome]()
    ended: BaseException | None = None
    try:
        result = import_from(
            api,
            lambda schema: rows(),
            ImportOptions(chunk_size=2),
            sink=into(outcomes),
            report=reports.Report(report.stream),
        )
        ended = result.stopped_by
    except BaseException as error:
        ended = error
    assert ended is failure
    last = report.lines[-1]
    assert last["summary"]["created"] == len(sentori_sandbox.contacts()) == 4
    assert len(last["upload_groups"]) == 2 and last["error"]


def test_each_upload_group_is_attached_at_once_and_a_lost_id_is_reported(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.reset(seed={"emails": [{"ExternalID": "D1", "Name": "D", "kind": "email", "draft": True}]})
    sentori_sandbox.fault("contact/import", kind="wait", seconds=0)
    sentori_sandbox.fault("contact/import", kind="drop-after")
    placed = [Row(f"row {number}", fields) for number, fields in enumerate(people(6), 1)]
    plain = import_from(api, lambda schema: placed, ImportOptions(chunk_size=2))
    assert plain.summary["created"] == 6 and len(plain.upload_groups) == 2
    assert any("broke before the response was complete), and with it the ID" in warning for warning in plain.warnings)

    sentori_sandbox.reset(seed={"emails": [{"ExternalID": "D1", "Name": "D", "kind": "email", "draft": True}]})
    sentori_sandbox.clear_requests()
    sentori_sandbox.fault("contact/import", kind="wait", seconds=0)
    sentori_sandbox.fault("contact/import", kind="drop-after")
    attached = import_from(api, lambda schema: placed, ImportOptions(chunk_size=2, attach_to="D1"))
    assert [entry.route for entry in sentori_sandbox.writes()] == ["contact/import", "contact/attach", "contact/import"]
    assert (attached.summary["created"], attached.summary["failed"]) == (4, 2)
    assert "It is not attached to the draft email" in str(attached.stopped_by)


def test_a_repeated_request_is_a_warning_and_needs_time_to_check(
    connect: Any, api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.fault("contact/import", kind="drop-before")
    again = run(api, people(2))
    assert again.actions == ["created"] * 2 and "the request was sent again" in again.result.warnings[0]

    sentori_sandbox.reset(seed={"structure": STRUCTURE})
    sentori_sandbox.fault("contact/import", kind="drop-before")
    hasty = connect(url=sentori_sandbox.url, api_key=sentori_sandbox.api_key, max_wait=0)
    assert run(hasty, people(2)).actions == ["in_doubt"] * 2
    assert sentori_sandbox.truth() == []


def test_without_compare_the_outcome_of_a_lost_answer_is_unknown(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    for person in people(2):
        sentori_sandbox.put_contact(**{"email": person["EmailAddress"], "FirstName": "P"})
    sentori_sandbox.fault("contact/import", kind="drop-before")
    ran = run(api, people(2, FirstName="P"), compare=False)
    assert {outcome.certainty for outcome in ran.outcomes} == {"unknown"}


def test_a_wrong_key_is_raised_before_anything_is_sent(connect: Any, sentori_sandbox: Sandbox) -> None:
    with pytest.raises(errors.ApiKeyNotValid):
        run(connect(url=sentori_sandbox.url, api_key="wrong"), people(3))
