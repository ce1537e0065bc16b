# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Each bad input of a module: one sentence that names the option, and no write."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from modules import Modules

CONTACT = "sentori_contact"
CONTACTS = "sentori_contacts"
SUBSCRIPTION = "sentori_subscription"
SUBSCRIBERS = "sentori_subscribers"
IMPORT = "sentori_import"
GROUP = "sentori_upload_group"
MARY = [{"EmailAddress": "mary@example.com"}]
JOE = {"email": "joe@example.com"}


def closed_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


BAD_INPUT: list[tuple[str, dict[str, Any], str]] = [
    (CONTACT, {"email": "joe"}, "email: this is not an email address (expected is name@domain.tld)."),
    (CONTACT, {"email": ""}, "email: an email address is needed, and none was given."),
    (CONTACT, {**JOE, "new_email": "jo@"}, "new_email: this is not an email address"),
    (
        CONTACT,
        {**JOE, "fields": {"Fristname": "Joe"}},
        "fields.Fristname: this account has no such field. Did you mean",
    ),
    (CONTACT, {**JOE, "fields": {"FirstName": ["Joe"]}}, "fields.FirstName: a single value is needed, not a list."),
    (CONTACT, {**JOE, "fields": {"IsBadEmailAddress": "perhaps"}}, "true or false is needed"),
    (CONTACT, {**JOE, "fields": {"EmailAddress": "jo@example.com"}}, "use new_email"),
    (CONTACT, {**JOE, "state": "absent", "fields": {"FirstName": "Joe"}}, "fields: goes with state present only."),
    (CONTACT, {**JOE, "state": "absent", "new_email": "a@example.com"}, "new_email: goes with state present only."),
    (CONTACT, {**JOE, "state": "gone"}, "value of state must be one of: present, absent, got: gone"),
    (CONTACT, {**JOE, "api_key": "two words"}, "api_key: the API key holds a character that cannot stand in a header"),
    (CONTACT, {**JOE, "api_key": ""}, "api_key: no API key was given."),
    (
        CONTACT,
        {**JOE, "url": "http://sentori.example"},
        "url: http:// would send the API key to sentori.example unencr",
    ),
    (CONTACT, {**JOE, "timeout": 0}, "timeout: a number above 0 is needed."),
    (CONTACT, {**JOE, "api_key": "wrong"}, "check api_key for a slip, or take the key from Settings, API."),
    (CONTACT, {**JOE, "url": closed_url()}, "cannot be reached: Connection refused. Check url and the network."),
    (CONTACTS, {"contacts": [{"FirstName": "Joe"}]}, "contacts[0].EmailAddress: an email address is needed"),
    (
        CONTACTS,
        {"contacts": [{"EmailAddress": "A@example.com"}, {"EmailAddress": "a@EXAMPLE.com"}]},
        "contacts[1].EmailAddress: contacts[0].EmailAddress is the same address already.",
    ),
    (CONTACTS, {"contacts": [], "concurrency": 0}, "concurrency: a number of at least 1 is needed."),
    (
        SUBSCRIPTION,
        {**JOE, "state": "suppressed", "mailing_list": "NEWS"},
        "mailing_list: does not go with state suppr",
    ),
    (SUBSCRIPTION, {**JOE, "state": "unsubscribed", "mailing_list": ""}, "mailing_list"),
    (
        SUBSCRIPTION,
        {**JOE, "state": "unsubscribed", "mailing_list": "/"},
        "mailing_list: the ExternalID or the name of a M",
    ),
    (
        SUBSCRIPTION,
        {**JOE, "state": "unsubscribed"},
        "state is unsubscribed but all of the following are missing: mailing_list",
    ),
    (
        SUBSCRIPTION,
        {**JOE, "mailing_list": "NEWS"},
        "mailing_list: there is no Mailing List with this ExternalID or name",
    ),
    (SUBSCRIPTION, {"email": "joe", "mailing_list": "NEWS"}, "email: this is not an email address"),
    (
        SUBSCRIPTION,
        {**JOE, "state": "suppressed", "create_missing": True},
        "create_missing: goes with state subscribed only.",
    ),
    (SUBSCRIBERS, {"mailing_list": "NEWS", "emails": ["a@b"]}, "emails[0]: this is not an email address"),
    (
        SUBSCRIBERS,
        {"mailing_list": "NEWS", "emails": [], "exact": True},
        "all of the following are missing: max_unsubscr",
    ),
    (
        SUBSCRIBERS,
        {"mailing_list": "N", "emails": [], "exact": True, "max_unsubscribes": "0"},
        "emails: no addresses with",
    ),
    (
        SUBSCRIBERS,
        {"mailing_list": "N", "emails": [], "max_unsubscribes": "0"},
        "max_unsubscribes: goes with exact only.",
    ),
    (SUBSCRIBERS, {"mailing_list": "N", "emails": [], "allow_empty": True}, "allow_empty: goes with exact only."),
    (
        SUBSCRIBERS,
        {"mailing_list": "N", "emails": [], "diff_limit": -1},
        "diff_limit: a number of at least 0 is needed.",
    ),
    (
        SUBSCRIBERS,
        {"mailing_list": "N", "emails": [], "state": "unsubscribed", "exact": True, "max_unsubscribes": "0"},
        "exact: goes with state subscribed only.",
    ),
    (
        "sentori_mailing_list_info",
        {"mailing_list": "None"},
        "mailing_list: there is no Mailing List with",
    ),
    (IMPORT, {}, "one of the following is required: contacts, src"),
    (IMPORT, {"contacts": MARY, "src": "people.csv"}, "parameters are mutually exclusive: contacts|src"),
    (IMPORT, {"src": "nowhere.csv"}, "src: nowhere.csv cannot be read: No such file or directory"),
    (IMPORT, {"src": "people.xls"}, "src: "),
    (IMPORT, {"contacts": [{"EmailAddress": "a@example.com", "Nickname": "A"}]}, "Nickname"),
    (
        IMPORT,
        {"contacts": [{"EmailAddress": "a@example.com", "Firstname": "A"}]},
        "goes by the name of Firstname. Did you mean FirstName? Map by columns",
    ),
    (
        IMPORT,
        {"contacts": MARY, "columns": {"Vorname": "Firstname"}},
        "columns.Vorname: this account has no field Firstname. Did you mean FirstName?",
    ),
    (IMPORT, {"contacts": MARY, "delimiter": ";"}, "delimiter: goes with src only."),
    (IMPORT, {"contacts": MARY, "chunk_size": 0}, "chunk_size: a number of at least 1 is needed."),
    (IMPORT, {"contacts": MARY, "diff_limit": -1}, "diff_limit: a number of at least 0 is needed."),
    (IMPORT, {"contacts": MARY, "max_rejected": -1}, "max_rejected: a number of at least 0 is needed."),
    (
        IMPORT,
        {"contacts": MARY, "max_rejected_percent": 101},
        "max_rejected_percent: a number from 0 to 100 is needed.",
    ),
    (
        IMPORT,
        {"contacts": MARY, "api_version": "v1", "attach_to": "A1"},
        "attach_to: API v1 does not tell the Upload Gr",
    ),
    (IMPORT, {"contacts": MARY, "gzip_level": 1}, "gzip_level: goes with api_version v1 only."),
    (IMPORT, {"contacts": MARY, "verify": "all"}, "verify: goes with state_file only."),
    (IMPORT, {"contacts": MARY, "verify_after_days": 1}, "verify_after_days: goes with state_file only."),
    (IMPORT, {"contacts": MARY, "min_rows": 1}, "min_rows: goes with max_rejected_percent only."),
    (IMPORT, {"contacts": MARY, "report_addresses": True}, "report_addresses: goes with report only."),
    (IMPORT, {"src": "people.csv", "report": "./people.csv"}, "report: ./people.csv is also the file of src."),
    (IMPORT, {"contacts": MARY, "progress": "/dev/null"}, "progress: a regular file is needed."),
    (IMPORT, {"contacts": MARY, "state_file": "play.yml"}, "state_file: play.yml is a file of something else."),
    (IMPORT, {"contacts": MARY, "progress": "nowhere/progress"}, "progress: the file cannot be written: No such file"),
    (IMPORT, {"contacts": MARY, "api_version": "v1", "name": "Gäste"}, "name: API v1 carries this in a header"),
    (
        IMPORT,
        {"contacts": MARY, "attach_to": "NONE"},
        "attach_to: there is no Draft Email with this ExternalID. There are n",
    ),
    (IMPORT, {"contacts": MARY, "report": "nowhere/report.jsonl"}, "report: the file cannot be written: No such file"),
    (GROUP, {"upload_group": "A/B", "attach_to": "A1"}, "upload_group: an ExternalID is needed"),
    (GROUP, {"upload_group": "A1", "attach_to": "A1"}, "attach_to: there is no Draft Email with this ExternalID."),
    ("sentori_contact_info", {"emails": ["joe"]}, "emails[0]: this is not an email address"),
    ("sentori_contact_info", {"system_ids": [0]}, "system_ids[0]: a SystemID is a whole number from 1"),
]


@pytest.mark.parametrize(
    ("module", "options", "sentence"),
    BAD_INPUT,
    ids=[f"{module}-{sentence}" for module, _, sentence in BAD_INPUT],
)
def test_bad_input_fails_with_one_sentence_and_no_write(
    modules: Modules,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    options: dict[str, Any],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "play.yml").write_text("- hosts: localhost\n")

    result = modules.run(module, options)

    assert result.get("failed") and sentence in result["msg"]
    assert "\n" not in result["msg"]
    assert modules.sandbox.writes() == []
