# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The import operator: sources, results in XCom, reports, and errors with or without a retry."""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import (
    DAG,
    AirflowException,
    AirflowFailException,
    BaseOperator,
    ObjectStoragePath,
)
from airflow_provider_sentori._internal.bulk import operator as bulk_operator
from airflow_provider_sentori.links.sentori import REPORT_KEY
from airflow_provider_sentori.operators.sentori import SentoriImportOperator, SentoriUploadGroupOperator
from sentori_sandbox import Sandbox

PEOPLE = [{"EmailAddress": f"p{number}@example.com", "FirstName": "P"} for number in range(6)]
DRAFT = {"ExternalID": "DRAFT001", "Name": "Invitation", "kind": "email", "draft": True}


class FakeTaskInstance:
    """Records the XComs that an operator pushes."""

    def __init__(self) -> None:
        self.pushed: dict[str, object] = {}

    def xcom_push(self, key: str, value: object) -> None:
        self.pushed[key] = value


@pytest.fixture(autouse=True)
def drafts(sentori: Sandbox) -> None:
    sentori.reset(seed={"emails": [DRAFT]})


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text("mail,Vorname,Nickname\n" + "".join(f"{one['EmailAddress']},P,x\n" for one in PEOPLE))
    return file


OF_FILE: dict[str, Any] = {"columns": {"mail": "EmailAddress", "Vorname": "FirstName"}, "ignore_unmapped": True}


def execute(source: Any, **arguments: Any) -> dict[str, Any]:
    return SentoriImportOperator(task_id="people", source=source, **arguments).execute({})


def counts(result: dict[str, Any]) -> dict[str, int]:
    return {action: count for action, count in result["summary"].items() if count and action != "total"}


def test_an_import_is_predicted_applied_and_the_second_run_sends_no_write(sentori, people: Path) -> None:
    predicted = execute(str(people), **OF_FILE, plan_only=True)
    assert sentori.writes() == []
    done = execute(str(people), **OF_FILE)
    again = execute(str(people), **OF_FILE)

    assert counts(predicted) == counts(done) == {"created": 6}
    assert (counts(again), again["changed"]) == ({"unchanged": 6}, False)
    assert len(sentori.writes()) == 1


@pytest.mark.parametrize("given", ["path", "url", "object", "local object", "compressed", "lines", "array", "rows"])
def test_rows_are_read_from_each_kind_of_source(sentori, people: Path, given: str) -> None:
    if given == "compressed":
        (people.parent / "people.csv.gz").write_bytes(gzip.compress(people.read_bytes()))
    (people.parent / "people.json").write_text(json.dumps(PEOPLE))
    (people.parent / "people.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in PEOPLE))
    source: Any = {
        "path": str(people),
        "url": f"file://{people}",
        "object": ObjectStoragePath(f"file://{people}"),
        "local object": ObjectStoragePath(str(people)),
        "compressed": f"{people}.gz",
        "lines": str(people.parent / "people.jsonl"),
        "array": str(people.parent / "people.json"),
        "rows": PEOPLE,
    }[given]

    result = execute(source, **({} if given in ("lines", "array", "rows") else OF_FILE))

    assert counts(result) == {"created": 6}
    assert {contact["FirstName"] for contact in sentori.contacts()} == {"P"}


@pytest.mark.parametrize(("strip", "stored"), [(True, "P"), ("false", " P ")])
def test_the_result_tells_what_became_of_each_column(sentori, tmp_path: Path, strip: Any, stored: str) -> None:
    names = ["EmailAddress", "Firstname", "CompanyName", *(f"Column {number}" for number in range(400))]
    (tmp_path / "people.csv").write_text(";".join(names) + "\na@example.com;x; P " + ";" * 400 + "\n")

    result = execute(str(tmp_path / "people.csv"), ignore_unmapped=True, strip=strip)

    assert result["columns"]["mapped"] == {"EmailAddress": "EmailAddress", "CompanyName": "CompanyName"}
    assert result["columns"]["ignored"][:2] == ["Firstname", "Column 0"]
    assert "Did you mean the field FirstName?" in result["warnings"][0]
    assert len(json.dumps(result)) < 4096
    assert sentori.contacts()[0]["CompanyName"] == stored


def test_a_task_whose_output_is_the_source_is_upstream(sentori) -> None:
    with DAG("people", schedule=None, start_date=datetime(2026, 1, 1)):
        crm = BaseOperator(task_id="crm")
        task = SentoriImportOperator(task_id="people", source=crm.output)

    assert task.upstream_task_ids == {"crm"}


@pytest.mark.parametrize("source", [PEOPLE, "{{ rows }}"], ids=["rows", "template"])
def test_rows_are_read_when_the_task_runs_and_are_in_no_rendered_template(sentori, source: Any) -> None:
    with DAG("people", schedule=None, start_date=datetime(2026, 1, 1), render_template_as_native_obj=True):
        task = SentoriImportOperator(task_id="people", source=source)

    context: Any = {"rows": PEOPLE}
    task.render_template_fields(context)
    assert "p0@example.com" not in str(task.source)
    assert counts(task.execute(context)) == {"created": 6}


@pytest.mark.parametrize("arguments", [{}, {"report": True}])
def test_the_result_stays_below_4_kib_whatever_the_size(sentori, tmp_path: Path, arguments: dict[str, Any]) -> None:
    rows = [{"EmailAddress": f"p{number}@example.com"} for number in range(600)]
    report = {"report": str(tmp_path / ("long/" * 20) / "report.jsonl")} if arguments else {}

    result = execute(rows, chunk_size=1, compare=False, **report)

    assert result["upload_groups_total"] == 600 and len(result["upload_groups"]) >= 50
    assert len(json.dumps(result)) < 4096
    if report:
        last = json.loads(Path(report["report"]).read_text().splitlines()[-1])
        assert len(last["upload_groups"]) == 600


def test_the_report_is_complete_before_too_many_rejections_fail_the_task(sentori, tmp_path: Path) -> None:
    rows = [*PEOPLE, {"EmailAddress": "info@example.com"}, {"EmailAddress": "none"}]
    report = tmp_path / "reports" / "report.jsonl"
    ti = FakeTaskInstance()
    task = SentoriImportOperator(task_id="people", source=rows, report=str(report), max_rejected=0)

    with pytest.raises(AirflowFailException) as failure:
        task.execute({"ti": ti})  # type: ignore[typeddict-item]

    assert re.fullmatch(
        r"The data is at fault, and a retry does not help\."
        r" Invalid or rejected rows: 2 of 8; the limit is 0 \(max_rejected\)\."
        r" source\[6\]: The contact does not exist.*"
        r" source\[7\]\.EmailAddress: this is not an email.* \(created 6, invalid 1, rejected 1\)"
        r" Upload groups so far: \w{8}\."
        rf" The report is in file://{report}\.",
        str(failure.value),
    )
    *lines, last = [json.loads(line) for line in report.read_text().splitlines()]
    assert [(line["place"], line["outcome"]) for line in lines] == [("source[6]", "rejected"), ("source[7]", "invalid")]
    assert last["summary"]["total"] == 8
    result = ti.pushed.pop("sentori_result")
    assert (result["summary"]["created"], result["counters"]["ExcludedRoleBased"]) == (6, 1)  # type: ignore[index]
    assert ti.pushed == {REPORT_KEY: f"file://{report}"}
    assert report.stat().st_mode & 0o777 == 0o600
    assert "info@" not in report.read_text()


FAILURES = [
    ({"kind": "status", "status": 400, "body": '{"Code": 1, "Message": "API Key not valid"}'}, AirflowFailException),
    ({"kind": "status", "status": 400, "body": '{"Code": 103, "Message": "No"}'}, AirflowFailException),
    ({"kind": "drop-after", "times": 10}, AirflowException),
    ({"kind": "status", "status": 429, "times": 100}, AirflowException),
]


@pytest.mark.parametrize(("fault", "kind"), FAILURES, ids=["key", "fields", "lost", "overloaded"])
def test_transient_errors_are_retried_and_permanent_ones_are_not(
    sentori, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any], kind: type[Exception]
) -> None:
    connection = json.loads(sentori.env()["AIRFLOW_CONN_SENTORI_DEFAULT"])
    connection["extra"] = json.dumps({**json.loads(connection.get("extra") or "{}"), "max_wait": 0.5})
    monkeypatch.setenv("AIRFLOW_CONN_SENTORI_DEFAULT", json.dumps(connection))
    if fault["kind"] == "drop-after":
        sentori.fault("contact/get", kind="wait", seconds=0, times=6)
        sentori.fault("contact/get", kind="status", status=500, times=100)
    sentori.fault("contact/import", **fault)

    with pytest.raises(AirflowException) as failure:
        execute(PEOPLE)

    assert type(failure.value) is kind
    assert "p0@" not in str(failure.value)
    sentori.clear_faults()
    done = execute(PEOPLE)
    assert done["summary"]["total"] == 6 and len(sentori.contacts()) == 6


def test_a_broken_file_fails_without_retry_and_names_the_line(sentori, people: Path) -> None:
    with people.open("a") as file:
        file.write('"open@example.com;P\n')

    with pytest.raises(AirflowFailException, match=r"src|source: line 8: a quoted field begins here"):
        execute(str(people), **OF_FILE)
    assert sentori.writes() == []


def test_differences_can_be_imported_as_a_source(sentori, people: Path, tmp_path: Path) -> None:
    sentori.put_contact("p0@example.com", FirstName="P")
    sentori.put_contact("p1@example.com", FirstName="Old", LastName="Kept")
    differences = tmp_path / "shards" / "manual__2026-11-22T08:22:01+00:00 100%.jsonl"

    compared = execute(str(people), **OF_FILE, plan_only=True, differences=str(differences))
    assert sentori.writes() == []
    imported = execute(compared["differences"])

    assert counts(imported) == {"created": 4, "updated": 1}
    assert [json.loads(line)["EmailAddress"] for line in differences.read_text().splitlines()] == [
        f"p{number}@example.com" for number in range(1, 6)
    ]
    kept = sentori.contact("p1@example.com")
    assert (kept["FirstName"], kept["LastName"]) == ("P", "Kept")


def test_the_log_shows_progress(sentori, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_operator, "PROGRESS_INTERVAL", 0.05)
    sentori.fault("contact/get", kind="wait", seconds=0.1, times=6)
    execute(PEOPLE, chunk_size=2)

    logged = capsys.readouterr().out
    assert re.search(r" [24] rows in \d s, \d+ a second, about \d s left\s", logged)
    assert " 6 rows: created 6; upload groups: " in logged


BAD_ARGUMENTS = [
    ({"source": 7}, "source: a path or a list of rows is needed, and type int was given."),
    ({"source": "people.dat"}, "source: the name"),
    ({"source": PEOPLE, "strip": False}, "strip: can only be used with a file."),
    ({"source": PEOPLE, "delimiter": ";"}, "delimiter: can only be used with a file."),
    ({"source": PEOPLE, "differences": "differences.jsonl"}, "differences: can only be used with plan_only."),
    ({"source": PEOPLE, "chunk_size": "many"}, "chunk_size: 'many' is not a number"),
    ({"source": PEOPLE, "scope": "some"}, "scope: 'some' is not one of changed, all."),
    ({"source": PEOPLE, "report": " "}, "report: the path of a file is needed."),
    (
        {"source": PEOPLE, "max_rejected": "101%"},
        "max_rejected: '101%' is neither a number, such as 10, nor a percentage",
    ),
    ({"source": PEOPLE, "attach_to": "NONE"}, "attach_to: no draft email has the ID"),
]


@pytest.mark.parametrize(("arguments", "sentence"), BAD_ARGUMENTS, ids=[sentence for _, sentence in BAD_ARGUMENTS])
def test_invalid_arguments_fail_without_retry_before_any_write(
    sentori, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(AirflowFailException, match=f"^{re.escape(sentence)}"):
        execute(**arguments)
    assert sentori.writes() == []


def test_a_missing_file_is_retried(sentori, tmp_path: Path) -> None:
    with pytest.raises(
        AirflowException, match=r"^The run is at fault, .* source: .*late\.csv cannot be read: No such file"
    ) as failure:
        execute(tmp_path / "late.csv")
    assert not isinstance(failure.value, AirflowFailException)


def test_with_a_state_file_an_unchanged_file_takes_at_most_a_read_of_the_structure(
    sentori, people: Path, tmp_path: Path
) -> None:
    (people.parent / "people.json").write_text(json.dumps(PEOPLE))
    (people.parent / "people.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in PEOPLE))
    cost = []
    for source, arguments in ((people, OF_FILE), (people.with_suffix(".jsonl"), {})):
        for _run in range(2):
            sentori.clear_requests()
            done = execute(source, **arguments, state_file=str(tmp_path / f"{source.name}.state"))
        assert counts(done) == {"unchanged": 6}
        cost.append([entry.route for entry in sentori.requests()])
    assert cost == [["contact/getstructure"], []]


def test_an_upload_group_is_attached_to_a_draft(sentori) -> None:
    (group,) = execute(PEOPLE)["upload_groups"]
    task = SentoriUploadGroupOperator(task_id="attach", upload_group=group, attach_to="DRAFT001")

    result = task.execute({})

    assert (result["changed"], result["upload_group"], result["attach_to"]) == (True, group, "DRAFT001")
    assert [entry.route for entry in sentori.writes()][-1] == "contact/attach"


def test_attaching_can_be_predicted_and_a_missing_draft_is_refused(sentori) -> None:
    predicted = SentoriUploadGroupOperator(task_id="a", upload_group="A1", attach_to="DRAFT001", plan_only="true")
    assert predicted.execute({})["plan_only"] is True
    with pytest.raises(AirflowFailException, match="attach_to: no draft email has the ID or name 'NONE'"):
        SentoriUploadGroupOperator(task_id="a", upload_group="A1", attach_to="NONE").execute({})
    assert sentori.writes() == []


@pytest.mark.parametrize("spelling", ["{}", "file://{}", "{}/../people.csv"])
@pytest.mark.parametrize(
    "arguments",
    [{"report": ...}, {"plan_only": True, "differences": ...}, {"plan_only": True, "report": ...}, {"state_file": ...}],
)
def test_a_source_that_is_also_written_is_refused_and_not_changed(
    people: Path, arguments: dict[str, Any], spelling: str
) -> None:
    content = people.read_text()
    (people.parent / "folder").mkdir()
    same = spelling.format(people if "/.." not in spelling else people.parent / "folder")
    given = {name: same if value is ... else value for name, value in arguments.items()}
    for source in (str(people), f"file://{people}"):
        with pytest.raises(AirflowFailException, match=r"is also the file of source\. Name another file\."):
            execute(source, **given, **OF_FILE)
    assert people.read_text() == content


def test_one_file_for_two_outputs_is_refused(people: Path, tmp_path: Path) -> None:
    path = str(tmp_path / "both.jsonl")
    with pytest.raises(AirflowFailException, match=r"differences: .* is also the file of report"):
        execute(str(people), plan_only=True, report=path, differences=f"file://{path}", **OF_FILE)
    assert not Path(path).exists()
