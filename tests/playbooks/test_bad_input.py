# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Invalid input of each module: one sentence that names the option, and no write."""

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


INVALID_INPUT: list[tuple[str, dict[str, Any], str]] = [
    (CONTACT, {"email": "joe"}, "email: this is not an email address (a name, @ and a domain are expected)."),
    (CONTACT, {"email": ""}, "email: the email address is missing."),
    (CONTACT, {**JOE, "new_email": "jo@"}, "new_email: this is not an email address"),
    (
        CONTACT,
        {**JOE, "fields": {"Fristname": "Joe"}},
        "fields.Fristname: this account has no field named Fristname. Did you mean",
    ),
    (
        CONTACT,
        {**JOE, "fields": {"FirstName": ["Joe"]}},
        "fields.FirstName: a single value is needed, and type list was given.",
    ),
    (
        CONTACT,
        {**JOE, "fields": {"IsBadEmailAddress": "perhaps"}},
        "IsBadEmailAddress: this field is a boolean: true or false is needed.",
    ),
    (
        CONTACT,
        {**JOE, "fields": {"EmailAddress": "jo@example.com"}},
        "Use new_email to change the address of a contact.",
    ),
    (
        CONTACT,
        {**JOE, "state": "absent", "fields": {"FirstName": "Joe"}},
        "fields: can only be used with state present.",
    ),
    (
        CONTACT,
        {**JOE, "state": "absent", "new_email": "a@example.com"},
        "new_email: can only be used with state present.",
    ),
    (CONTACT, {**JOE, "state": "gone"}, "value of state must be one of: present, absent, got: gone"),
    (
        CONTACT,
        {**JOE, "api_key": "two words"},
        "api_key: the API key contains a blank, a line break or a character outside ASCII",
    ),
    (CONTACT, {**JOE, "api_key": ""}, "api_key: no API key was given."),
    (
        CONTACT,
        {**JOE, "url": "http://sentori.example"},
        "url: http:// would send the API key to sentori.example unencr",
    ),
    (CONTACT, {**JOE, "timeout": 0}, "timeout: 0.0 is not a number above 0."),
    (
        CONTACT,
        {**JOE, "api_key": "wrong"},
        "Sentori does not know this API key: compare api_key with the key under Settings, API.",
    ),
    (CONTACT, {**JOE, "url": closed_url()}, "cannot be reached: Connection refused. Check url and the network."),
    (CONTACTS, {"contacts": [{"FirstName": "Joe"}]}, "contacts[0]: no column holds EmailAddress."),
    (CONTACTS, {"contacts": [], "on_blank": "drop"}, "value of on_blank must be one of: keep, clear, error"),
    (CONTACTS, {"contacts": [], "encoding": "latin-1"}, "encoding: can only be used with src."),
    (CONTACTS, {"contacts": [], "diff_limit": -1}, "diff_limit: -1 is below 0."),
    (CONTACTS, {"contacts": [], "rejects": "rejects.csv"}, "rejects: these rows have no common columns."),
    (CONTACTS, {"src": "a.csv", "rejects": "./a.csv"}, "rejects: ./a.csv is also the file of src."),
    (CONTACTS, {"src": "a.csv", "rejects": "b.jsonl"}, "rejects: b.jsonl has the format of the source, csv."),
    (CONTACTS, {"contacts": [], "concurrency": 0}, "concurrency: 0 is not a number of at least 1."),
    (
        SUBSCRIPTION,
        {**JOE, "state": "suppressed", "mailing_list": "NEWS"},
        "mailing_list: cannot be used with state suppressed",
    ),
    (SUBSCRIPTION, {**JOE, "state": "unsubscribed", "mailing_list": ""}, "mailing_list"),
    (
        SUBSCRIPTION,
        {**JOE, "state": "unsubscribed", "mailing_list": "/"},
        "mailing_list: '/' is not the ID or the name of a mailing list.",
    ),
    (
        SUBSCRIPTION,
        {**JOE, "state": "unsubscribed"},
        "state is unsubscribed but all of the following are missing: mailing_list",
    ),
    (
        SUBSCRIPTION,
        {**JOE, "mailing_list": "NEWS"},
        "mailing_list: no mailing list has the ID or name 'NEWS'.",
    ),
    (SUBSCRIPTION, {"email": "joe", "mailing_list": "NEWS"}, "email: this is not an email address"),
    (
        SUBSCRIPTION,
        {**JOE, "state": "suppressed", "create_missing": True},
        "create_missing: can only be used with state subscribed.",
    ),
    (SUBSCRIBERS, {"mailing_list": "NEWS", "emails": []}, "mailing_list: no mailing list has the ID or name 'NEWS'."),
    (SUBSCRIBERS, {"mailing_list": "NEWS"}, "one of the following is required: emails, src"),
    (
        SUBSCRIBERS,
        {"mailing_list": "NEWS", "emails": [], "exact": True},
        "all of the following are missing: max_unsubscr",
    ),
    (
        SUBSCRIBERS,
        {"mailing_list": "N", "emails": [], "exact": True, "max_unsubscribes": "0"},
        "emails: no valid address is given, and exact would empty the list.",
    ),
    (
        SUBSCRIBERS,
        {"mailing_list": "N", "emails": [], "max_unsubscribes": "0"},
        "max_unsubscribes: can only be used with exact.",
    ),
    (
        SUBSCRIBERS,
        {"mailing_list": "N", "emails": [], "allow_empty": True},
        "allow_empty: can only be used with exact.",
    ),
    (
        SUBSCRIBERS,
        {"mailing_list": "N", "emails": [], "diff_limit": -1},
        "diff_limit: -1 is below 0.",
    ),
    (
        SUBSCRIBERS,
        {"mailing_list": "N", "emails": [], "state": "unsubscribed", "exact": True, "max_unsubscribes": "0"},
        "exact: can only be used with state subscribed.",
    ),
    (
        "sentori_mailing_list_info",
        {"mailing_list": "None"},
        "mailing_list: no mailing list has the ID or name 'None'.",
    ),
    (IMPORT, {}, "one of the following is required: contacts, src"),
    (IMPORT, {"contacts": MARY, "src": "people.csv"}, "parameters are mutually exclusive: contacts|src"),
    (IMPORT, {"src": "nowhere.csv"}, "src: nowhere.csv cannot be read: No such file or directory"),
    (IMPORT, {"src": "people.xls"}, "src: people.xls is a workbook. Save it as CSV (UTF-8)."),
    (IMPORT, {"src": "people.dat"}, "src: the name people.dat does not end in .csv, .jsonl, .json, .txt, .tsv,"),
    (IMPORT, {"contacts": MARY, "strip": False}, "strip: can only be used with src."),
    (IMPORT, {"src": "people.jsonl", "delimiter": ";"}, "delimiter: can only be used with CSV."),
    (IMPORT, {"contacts": MARY, "source_format": "csv"}, "source_format: can only be used with src."),
    (IMPORT, {"contacts": [{"EmailAddress": "a@example.com", "Nickname": "A"}]}, "Nickname"),
    (
        IMPORT,
        {"contacts": [{"EmailAddress": "a@example.com", "Firstname": "A"}]},
        "this account has no field named Firstname. Did you mean FirstName? Map the columns",
    ),
    (
        IMPORT,
        {"contacts": MARY, "columns": {"Vorname": "Firstname"}},
        "columns.Vorname: this account has no field named Firstname. Did you mean FirstName?",
    ),
    (IMPORT, {"contacts": MARY, "delimiter": ";"}, "delimiter: can only be used with src."),
    (IMPORT, {"contacts": MARY, "chunk_size": 0}, "chunk_size: 0 is below 1."),
    (IMPORT, {"contacts": MARY, "diff_limit": -1}, "diff_limit: -1 is below 0."),
    (IMPORT, {"contacts": MARY, "max_rejected": -1}, "max_rejected: '-1' is neither a number"),
    (
        IMPORT,
        {"contacts": MARY, "max_rejected": "101%"},
        "max_rejected: '101%' is neither a number, such as 10, nor a percentage, such as 1%.",
    ),
    (
        IMPORT,
        {"contacts": MARY, "api_version": "v1", "attach_to": "A1"},
        "attach_to: API v1 does not return the upload group",
    ),
    (IMPORT, {"contacts": MARY, "gzip_level": 1}, "gzip_level: can only be used with api_version v1."),
    (IMPORT, {"contacts": MARY, "verify": "all"}, "verify: can only be used with state_file."),
    (IMPORT, {"contacts": MARY, "verify_after_days": 1}, "verify_after_days: can only be used with state_file."),
    (IMPORT, {"contacts": MARY, "report_addresses": True}, "report_addresses: can only be used with report."),
    (IMPORT, {"src": "people.csv", "report": "./people.csv"}, "report: ./people.csv is also the file of src."),
    (IMPORT, {"contacts": MARY, "progress": "/dev/null"}, "progress: /dev/null is not a regular file."),
    (IMPORT, {"contacts": MARY, "state_file": "play.yml"}, "state_file: play.yml is a file of another program."),
    (
        IMPORT,
        {"contacts": MARY, "progress": "nowhere/progress"},
        "progress: nowhere/progress cannot be written: No such file",
    ),
    (IMPORT, {"contacts": MARY, "api_version": "v1", "name": "Gäste"}, "name: API v1 sends this text in a header"),
    (
        IMPORT,
        {"contacts": MARY, "attach_to": "NONE"},
        "attach_to: no draft email has the ID or name 'NONE'. This account has no draft emails.",
    ),
    (
        IMPORT,
        {"contacts": MARY, "report": "nowhere/report.jsonl"},
        "report: nowhere/report.jsonl cannot be written: No such file",
    ),
    (GROUP, {"upload_group": "A/B", "attach_to": "A1"}, "upload_group: 'A/B' is not an ExternalID"),
    (GROUP, {"upload_group": "A1", "attach_to": "A1"}, "attach_to: no draft email has the ID"),
    ("sentori_contact_info", {"emails": ["joe"]}, "emails[0]: this is not an email address"),
    ("sentori_contact_info", {"system_ids": [0]}, "system_ids[0]: 0 is not a SystemID, which is a number from 1."),
]


@pytest.mark.parametrize(
    ("module", "options", "sentence"),
    INVALID_INPUT,
    ids=[f"{module}-{sentence}" for module, _, sentence in INVALID_INPUT],
)
def test_invalid_input_fails_with_one_sentence_and_no_write(
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
