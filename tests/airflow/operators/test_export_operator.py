# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What Sentori knows, in a file of any storage; and the hook's reads and verbs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException, ObjectStoragePath
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.hooks.sentori import SentoriHook
from airflow_provider_sentori.operators.sentori import SentoriExportOperator
from fsspec.implementations.memory import MemoryFileSystem
from sentori_sandbox import Sandbox
from versions import AIRFLOW

if AIRFLOW >= (3, 0):
    from airflow.sdk.io import attach
else:
    from airflow.io.store import attach

PEOPLE = [f"p{number}@example.com" for number in range(3)]
NEWS = {"ExternalID": "NEWS", "Name": "Monthly News", "subscribers": PEOPLE}
DRAFT = {"ExternalID": "D1", "Name": "Invitation", "kind": "email", "draft": True}


@pytest.fixture(autouse=True)
def account(sentori: Sandbox) -> None:
    contacts = [{"EmailAddress": email, "FirstName": email[:2]} for email in PEOPLE]
    sentori.reset(seed={"contacts": contacts, "mailing_lists": [NEWS], "emails": [DRAFT]})


@pytest.fixture(params=["file", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStoragePath:
    """A folder of this machine, which is not made yet, and one of another storage."""
    if request.param == "file":
        return ObjectStoragePath(f"file://{tmp_path}/exports")
    attach("memory", fs=MemoryFileSystem())
    return ObjectStoragePath(f"memory://{tmp_path.name}/exports")


def run(dest: object, **arguments: Any) -> dict[str, Any]:
    return SentoriExportOperator(task_id="export", dest=dest, **arguments).execute({})


def text(path: ObjectStoragePath) -> str:
    with path.open("rb") as file:
        return file.read().decode()


SUBSCRIBERS = {"what": "subscribers", "mailing_list": "Monthly News"}


def test_subscribers_are_written_once(folder: ObjectStoragePath) -> None:
    dest = folder / "news.csv"
    predicted = run(dest, **SUBSCRIBERS, plan_only=True)
    assert predicted["changed"] and not folder.exists()
    first, second = run(dest, **SUBSCRIBERS), run(str(dest), **SUBSCRIBERS)
    assert (first["changed"], second["changed"]) == (True, False)
    assert (first["rows"], first["fields"], first["dest"]) == (3, ["SystemID", "EmailAddress"], str(dest))
    assert [line.split(",")[1] for line in text(dest).split()[1:]] == PEOPLE
    assert [entry.name for entry in folder.iterdir()] == ["news.csv"]


def test_contacts_are_read_from_a_list_or_an_earlier_file(folder: ObjectStoragePath) -> None:
    run(folder / "news.csv", **SUBSCRIBERS)
    columns = {"EmailAddress": "EmailAddress", "SystemID": "SystemID"}
    from_file = {"source": folder / "news.csv", "columns": columns}
    for given in ({"emails": [*PEOPLE, "x@example.com", "nobody"], "max_rejected": 1}, from_file):
        done = run(folder / "people.jsonl", what="contacts", fields=["FirstName"], **given)
        assert done["changed"] and done["summary"]["exported"] == 3
        rows = [json.loads(line) for line in text(folder / "people.jsonl").splitlines()]
        assert [(row["exists"], row.get("FirstName")) for row in rows[:3]] == [(True, "p0"), (True, "p1"), (True, "p2")]


def test_a_list_that_breaks_off_leaves_the_old_file(folder: ObjectStoragePath, sentori: Sandbox) -> None:
    dest = folder / "news.csv"
    run(dest, **SUBSCRIBERS)
    before = text(dest)
    sentori.put_contact("new@example.com")
    sentori.subscribe("new@example.com", "NEWS")
    sentori.fault("mailinglists/subscribers", kind="half-json", times=4)
    with pytest.raises(AirflowException, match=r"The run is at fault, and a retry may help"):
        run(dest, **SUBSCRIBERS)
    assert text(dest) == before and [entry.name for entry in folder.iterdir()] == ["news.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({**SUBSCRIBERS, "emails": PEOPLE}, "emails: can only be used with what: contacts"),
        ({**SUBSCRIBERS, "delimiter": ";"}, "delimiter: can only be used with what: contacts"),
        ({"what": "contacts"}, "emails: give either emails or source"),
        ({**SUBSCRIBERS, "dest": "news.txt"}, r"dest: the name .* does not end in \.csv"),
        ({**SUBSCRIBERS, "dest": "x.jsonl", "safe_for_spreadsheets": True}, "safe_for_spreadsheets: can only be used"),
        ({**SUBSCRIBERS, "dest": "x.jsonl", "report": "x.jsonl"}, "dest: .* is also the file of report"),
        ({**SUBSCRIBERS, "dest": f"{__file__}/x.csv"}, "dest: .* cannot be written"),
    ],
    ids=str,
)
def test_arguments_that_do_not_fit_are_refused(sentori: Sandbox, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(AirflowFailException, match=message):
        run(**{"dest": "news.csv", **arguments})
    assert sentori.requests() == []


def test_the_hook_reads() -> None:
    with SentoriHook() as hook:
        assert hook.get_contact(PEOPLE[0])["FirstName"] == "p0"
        assert hook.get_contact("x@example.com") is None
        assert [contact and contact["FirstName"] for contact in hook.get_contacts([*PEOPLE, "x@example.com"])] == [
            "p0", "p1", "p2", None,
        ]  # fmt: skip
        assert [subscriber["EmailAddress"] for subscriber in hook.subscribers("Monthly News")] == PEOPLE
        assert hook.mailing_lists() == [{"ExternalID": "NEWS", "Name": "Monthly News", "Description": None}]
        assert [draft["Name"] for draft in hook.draft_emails()] == ["Invitation"]
        assert hook.contact_fields()["FirstName"] == "string"
        with pytest.raises(InvalidInput, match=r"emails\[1\]: this is not an email address"):
            hook.get_contacts([PEOPLE[0], "nobody"])


def test_the_hook_applies_what_the_operators_apply(sentori: Sandbox) -> None:
    with SentoriHook() as hook:
        on_list = hook.apply_subscribers("NEWS", [*PEOPLE, "new@example.com", "nobody"], create_missing=True)
        assert (on_list.summary["subscribed"], on_list.summary["unchanged"], on_list.summary["invalid"]) == (1, 3, 1)
        imported = hook.import_contacts([{"EmailAddress": PEOPLE[0], "FirstName": "New"}], attach_to="Invitation")
        assert imported.summary["updated"] == 1 and len(imported.upload_groups) == 1
        hook.attach_upload_group(imported.upload_groups[0], "D1")
        with pytest.raises(InvalidInput, match="max_suppressions: 3 of 3 addresses would be newly suppressed"):
            hook.apply_suppressions(PEOPLE, max_suppressions=2)
        assert hook.apply_suppressions(PEOPLE[:1], max_suppressions=1).summary["suppressed"] == 1
    assert "new@example.com" in sentori.subscribers("NEWS")
