# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What Sentori knows, in a file: whole, sorted, private, and only replaced if it differs."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import resource
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.errors import InvalidInput, SentoriError
from airflow_provider_sentori.core.exports.selection import Selection
from export_file import exported
from sentori_sandbox import Sandbox
from sentori_sandbox.assumptions import TABLE

SEED = {
    "mailing_lists": [
        {"ExternalID": "NEWS", "Name": "Monthly News"},
        {"ExternalID": "EMPTY", "Name": "Nobody"},
        {"ExternalID": "TWIN1", "Name": "Twin"},
        {"ExternalID": "TWIN2", "Name": "Twin"},
    ],
    "emails": [
        {"ExternalID": "D2", "Name": "Spring", "kind": "email", "draft": True},
        {"ExternalID": "D1", "Name": "Autumn", "kind": "email", "draft": True},
        {"ExternalID": "S1", "Name": "Sent", "kind": "email", "draft": False},
    ],
}
PEOPLE = [f"p{number}@example.com" for number in range(3)]


@pytest.fixture(autouse=True)
def people(sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed=SEED)
    for email in PEOPLE:
        sentori_sandbox.put_contact(email, FirstName=email[:2].upper(), LastName="=1+1")
        sentori_sandbox.subscribe(email, "NEWS")


def rows_of(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_subscribers_are_read_in_one_request(api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path) -> None:
    done = exported(api, tmp_path / "a.csv", "subscribers", mailing_list="NEWS")
    assert done.summary == {
        "total": 3, "exported": 3, "missing": 0, "duplicate": 0, "invalid": 0, "rejected": 0, "failed": 0
    }  # fmt: skip
    assert done.changed and done.complete
    assert [row["EmailAddress"] for row in rows_of(tmp_path / "a.csv")] == PEOPLE
    assert len(sentori_sandbox.requests()) == 1


def test_fields_of_subscribers_take_one_read_each(api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path) -> None:
    exported(api, tmp_path / "a.csv", "subscribers", mailing_list="Monthly News", fields=["LastName", "FirstName"])
    rows = rows_of(tmp_path / "a.csv")
    assert list(rows[0]) == ["SystemID", "EmailAddress", "LastName", "FirstName"]
    assert [row["FirstName"] for row in rows] == ["P0", "P1", "P2"]
    assert sum(request.route == "contact/get" for request in sentori_sandbox.requests()) == len(PEOPLE)


def test_all_fields_are_those_that_sentori_returns(api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path) -> None:
    exported(api, tmp_path / "a.jsonl", "subscribers", mailing_list="NEWS", fields=["all"])
    first = json.loads((tmp_path / "a.jsonl").read_text().splitlines()[0])
    assert first == sentori_sandbox.contact(PEOPLE[0])


def test_each_person_asked_for_has_a_row_whether_there_is_a_contact_or_not(api: SentoriApi, tmp_path: Path) -> None:
    asked = ["nobody@example.com", "P1@example.com", "p0@example.com", "no address", "p0@EXAMPLE.com", 7]
    done = exported(api, tmp_path / "a.csv", "contacts", emails=asked, fields=["IsSuppressed"])
    assert [(row["email"], row["exists"], row["IsSuppressed"]) for row in rows_of(tmp_path / "a.csv")] == [
        ("p0@example.com", "true", "false"),
        ("P1@example.com", "true", "false"),
        ("nobody@example.com", "false", ""),
    ]
    counts = {action: count for action, count in done.summary.items() if count}
    assert counts == {"total": 6, "exported": 2, "missing": 1, "duplicate": 1, "invalid": 2}


def test_mailing_lists_and_drafts_are_sorted_by_external_id(api: SentoriApi, tmp_path: Path) -> None:
    exported(api, tmp_path / "lists.csv", "mailing_lists")
    exported(api, tmp_path / "drafts.csv", "draft_emails")
    assert [row["ExternalID"] for row in rows_of(tmp_path / "lists.csv")] == ["EMPTY", "NEWS", "TWIN1", "TWIN2"]
    assert [row["Name"] for row in rows_of(tmp_path / "drafts.csv")] == ["Autumn", "Spring"]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.csv.gz", "A.JSONL.GZ"])
def test_a_second_export_leaves_the_file_alone(api: SentoriApi, tmp_path: Path, name: str) -> None:
    dest = tmp_path / name
    assert exported(api, dest, "subscribers", mailing_list="NEWS", dry_run=True).changed
    assert not dest.exists()
    assert exported(api, dest, "subscribers", mailing_list="NEWS").changed
    written = os.stat(dest)
    assert written.st_mode & 0o777 == 0o600
    assert not exported(api, dest, "subscribers", mailing_list="NEWS").changed
    assert os.stat(dest).st_ino == written.st_ino
    assert os.listdir(tmp_path) == [name]


def test_a_file_that_differs_is_replaced(api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path) -> None:
    dest = tmp_path / "a.csv.gz"
    for content in (b"not compressed", gzip.compress(b"SystemID,EmailAddress\n")[:-3]):
        dest.write_bytes(content)
        assert exported(api, dest, "subscribers", mailing_list="NEWS").changed
        assert len(rows_of(dest)) == 3
    sentori_sandbox.put_contact(PEOPLE[0], IsSuppressed=True)
    assert exported(api, dest, "subscribers", mailing_list="NEWS").changed
    assert len(rows_of(dest)) == 2


def test_a_link_stays_and_its_file_is_replaced(api: SentoriApi, tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.touch()
    (tmp_path / "link.csv").symlink_to(real)
    exported(api, tmp_path / "link.csv", "subscribers", mailing_list="NEWS")
    assert (tmp_path / "link.csv").is_symlink() and len(rows_of(real)) == 3


# How often a read is sent.
TRIES = 4
# What breaks the reading of a list of subscribers, or of one of its contacts, for longer than there are tries.
BREAKS: list[tuple[str, dict[str, Any]]] = [
    ("mailinglists/subscribers", {"kind": "short"}),
    ("mailinglists/subscribers", {"kind": "half-json"}),
    ("mailinglists/subscribers", {"kind": "html"}),
    ("mailinglists/subscribers", {"kind": "status", "status": 500}),
    ("contact/get", {"kind": "half-json", "match": "/16383"}),
    ("contact/get", {"kind": "status", "status": 503, "match": "/16383"}),
]


@pytest.mark.parametrize(("route", "fault"), BREAKS, ids=str)
def test_whatever_breaks_off_leaves_the_old_file(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, route: str, fault: dict[str, Any]
) -> None:
    dest = tmp_path / "a.csv"
    dest.write_text("old\n")
    sentori_sandbox.fault(route, times=TRIES, **fault)
    try:
        done = exported(api, dest, "subscribers", mailing_list="NEWS", fields=["FirstName"])
    except SentoriError as error:
        assert "Traceback" not in str(error)
    else:
        assert not done.complete and not done.changed
    assert dest.read_text() == "old\n"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_list_that_breaks_off_once_is_read_again(api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path) -> None:
    sentori_sandbox.fault("mailinglists/subscribers", kind="short")
    exported(api, tmp_path / "a.csv", "subscribers", mailing_list="NEWS")
    assert [row["EmailAddress"] for row in rows_of(tmp_path / "a.csv")] == PEOPLE


def test_somebody_whom_sentori_refuses_stops_nobody(api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path) -> None:
    refusal = {"Code": 100, "Message": "Email Address not valid"}
    sentori_sandbox.fault("contact/get", kind="status", status=400, body=refusal, match="p1@")
    done = exported(api, tmp_path / "a.csv", "contacts", emails=PEOPLE)
    assert done.changed and done.summary["rejected"] == 1
    assert [row["email"] for row in rows_of(tmp_path / "a.csv")] == ["p0@example.com", "p2@example.com"]


def test_a_subscriber_who_is_deleted_meanwhile_is_not_in_the_file(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path
) -> None:
    absent = {"Code": 101, "Message": "Contact not found"}
    system_id = sentori_sandbox.contact(PEOPLE[1])["SystemID"]
    sentori_sandbox.fault("contact/get", kind="status", status=404, body=absent, match=f"/{system_id}")
    done = exported(api, tmp_path / "a.csv", "subscribers", mailing_list="NEWS", fields=["all"])
    assert done.summary["missing"] == 1
    assert len(rows_of(tmp_path / "a.csv")) == 2


WORLDS = [
    {one.name: value}
    for one in TABLE
    if one.name.startswith(("list-system-id", "code-", "path-", "subscribers-"))
    for value in one.values
]


@pytest.mark.parametrize("world", WORLDS, ids=str)
@pytest.mark.parametrize("fields", [None, ["FirstName"]], ids=["whole list", "with fields"])
def test_an_export_is_the_same_in_every_world(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, world: dict[str, str], fields: list[str] | None
) -> None:
    sentori_sandbox.assume(world)
    exported(api, tmp_path / "a.csv", "subscribers", mailing_list="NEWS", fields=fields)
    exported(api, tmp_path / "b.csv", "contacts", emails=[*PEOPLE, "x@example.com"], fields=["FirstName"])
    assert [row["EmailAddress"] for row in rows_of(tmp_path / "a.csv")] == PEOPLE
    ids = [str(sentori_sandbox.contact(email)["SystemID"]) for email in PEOPLE]
    assert [row["SystemID"] for row in rows_of(tmp_path / "a.csv")] == ids
    assert [row["exists"] for row in rows_of(tmp_path / "b.csv")] == ["true"] * 3 + ["false"]


def test_an_unknown_field_is_refused_with_the_nearest_name(api: SentoriApi, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"fields: .* no field named FirstNam. Did you mean FirstName\?"):
        exported(api, tmp_path / "a.csv", "contacts", emails=PEOPLE, fields=["FirstNam"])
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize(
    ("selected", "message"),
    [
        ({"what": "people"}, "what: 'people' is not one of"),
        ({"what": "subscribers"}, "mailing_list: name the list"),
        ({"what": "subscribers", "mailing_list": ".."}, "mailing_list: '..' is not the ID or the name"),
        ({"what": "contacts", "mailing_list": "NEWS"}, "mailing_list: can only be used with what: subscribers"),
        ({"what": "mailing_lists", "fields": ["all"]}, "fields: can only be used with what: subscribers or contacts"),
        ({"what": "contacts", "fields": []}, "fields: name at least one field"),
        ({"what": "contacts", "fields": ["all", "FirstName"]}, "fields: give either all or names"),
    ],
    ids=str,
)
def test_options_that_do_not_belong_together_are_refused(selected: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Selection(**selected)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.txt", "dest: the name .* does not end in .csv, .jsonl"),
        ("folder.csv", "is not a regular file"),
        ("none/a.csv", "there is no folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_any_request(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InvalidInput, match=message):
        exported(api, tmp_path / name, "mailing_lists")
    assert sentori_sandbox.requests() == []


def test_a_full_disk_leaves_the_old_file(api: SentoriApi, tmp_path: Path) -> None:
    dest = tmp_path / "a.csv"
    dest.write_text("old\n")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A process that may write no more meets an error in the middle of a file, as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, limits[1]))
    try:
        with pytest.raises(InvalidInput, match=r"dest: .* cannot be written"):
            exported(api, dest, "mailing_lists")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert dest.read_text() == "old\n" and os.listdir(tmp_path) == ["a.csv"]
