# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What a user of the modules meets: failures that say what to do, the key kept, options set once."""

from __future__ import annotations

import socket
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import yaml
from player import ROOT, Player
from sentori_sandbox import Sandbox

CONTACT = "sentori.sentori.sentori_contact"
CONTACTS = "sentori.sentori.sentori_contacts"
SUBSCRIPTION = "sentori.sentori.sentori_subscription"
SUBSCRIBERS = "sentori.sentori.sentori_subscribers"
IMPORT = "sentori.sentori.sentori_import"
GROUP = "sentori.sentori.sentori_upload_group"
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
        "sentori.sentori.sentori_mailing_list_info",
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
    (IMPORT, {"contacts": MARY, "progress": "/dev/stdout"}, "progress: a regular file is needed."),
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
    ("sentori.sentori.sentori_contact_info", {"emails": ["joe"]}, "emails[0]: this is not an email address"),
    ("sentori.sentori.sentori_contact_info", {"system_ids": [0]}, "system_ids[0]: a SystemID is a whole number from 1"),
]


def test_each_bad_input_fails_with_one_sentence_and_no_write(player: Player, sentori_sandbox: Sandbox) -> None:
    played = player.play([{module: options, "ignore_errors": True} for module, options, _ in BAD_INPUT])
    for (_, _, sentence), result in zip(BAD_INPUT, played.results, strict=True):
        assert result.get("failed") and sentence in result["msg"]
        assert "\n" not in result["msg"]
    assert sentori_sandbox.writes() == []
    assert "Traceback" not in played.output


def test_nothing_is_sent_for_an_item_that_is_no_address(player: Player, sentori_sandbox: Sandbox) -> None:
    rows = [{"EmailAddress": "joe@example.com"}, {"EmailAddress": "joe"}]
    player.play([{CONTACTS: {"contacts": rows}}])
    assert sentori_sandbox.requests() == []


def test_items_that_fail_are_named_after_the_others_are_done(player: Player, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": 107, "Message": "Email Address marked as Bad"}'
    sentori_sandbox.fault("contact/add", kind="status", match="p1@", status=400, body=body)
    rows = [{"EmailAddress": f"p{number}@example.com"} for number in range(3)]
    (result,) = player.play([{CONTACTS: {"contacts": rows}}]).results
    assert result["failed"] and result["changed"]
    assert [entry["action"] for entry in result["results"]] == ["created", "failed", "created"]
    assert result["results"][1]["code"] == 107
    assert result["msg"] == (
        "1 of 3 contacts failed. contacts[1] (p***@example.com): contact/add: Sentori said:"
        " Email Address marked as Bad (code 107, HTTP 400)."
    )
    assert result["summary"]["failed"] == 1 and result["api"]["requests"] == 6


def test_too_many_to_take_off_a_list_fails_with_a_redacted_glance_at_them(
    player: Player, sentori_sandbox: Sandbox
) -> None:
    people = [f"p{number}@example.com" for number in range(20)]
    lists = [{"ExternalID": "NEWS", "Name": "News", "subscribers": people}]
    sentori_sandbox.reset(seed={"contacts": [{"EmailAddress": email} for email in people], "mailing_lists": lists})
    options = {"mailing_list": "NEWS", "emails": people[:10], "exact": True, "max_unsubscribes": "5%"}
    (result,) = player.play([{SUBSCRIBERS: options}]).results
    assert result["msg"] == (
        "max_unsubscribes: 10 of 20 subscribers would be taken off the list, and at the most 1 (5%) may be."
        " Nothing was written. They are: " + ", ".join(["p***@example.com"] * 5) + ", and 5 more."
    )
    assert sentori_sandbox.writes() == []


def test_the_diff_shows_nobody_as_subscribed_who_is_not(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    sentori_sandbox.suppress("joe@example.com")
    (result,) = player.play([{SUBSCRIPTION: {**JOE, "mailing_list": "NEWS", "create_missing": True}}], "--diff").results
    assert (result["failed"], result["code"], result["changed"], result["added"]) == (True, 106, True, True)
    assert result["diff"] == {"before": {"a contact": False}, "after": {"a contact": True}}


def test_the_diff_of_a_list_is_sorted_and_bounded(player: Player, sentori_sandbox: Sandbox) -> None:
    people = [f"p{number}@example.com" for number in range(5)]
    lists = [{"ExternalID": "NEWS", "Name": "News", "subscribers": ["z@example.com"]}]
    contacts = [{"EmailAddress": email} for email in [*people, "z@example.com"]]
    sentori_sandbox.reset(seed={"contacts": contacts, "mailing_lists": lists})
    options = {"mailing_list": "NEWS", "emails": people[::-1], "exact": True, "max_unsubscribes": 1, "diff_limit": 2}
    (result,) = player.play([{SUBSCRIBERS: options}], "--diff", "--check").results
    assert result["diff"] == {
        "before": "z@example.com\n",
        "after": "p0@example.com\np1@example.com\n... and 3 more\n",
    }
    assert [entry["email"] for entry in result["results"]] == [*people[::-1], "z@example.com"]


def test_a_failed_call_returns_its_facts(player: Player, sentori_sandbox: Sandbox) -> None:
    for email in ("joe@example.com", "jo@example.com"):
        sentori_sandbox.put_contact(email)
    (result,) = player.play([{CONTACT: {**JOE, "new_email": "jo@example.com"}}]).results
    assert (result["operation"], result["code"]) == ("contact/update", 102)
    assert "another contact has the address in new_email" in result["msg"]


def test_what_cannot_be_found_out_is_in_doubt_by_name(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("contact/get", kind="wait", seconds=0)
    sentori_sandbox.fault("contact/add", kind="drop-after")
    sentori_sandbox.fault("contact/get", kind="status", status=500, times=4)
    (result,) = player.play([{CONTACT: JOE}]).results
    assert (result["failed"], result["action"], result["changed"]) == (True, "in_doubt", False)
    assert result["diff"]["after"] == {"EmailAddress": "joe@example.com"}
    assert "Whether the contact is created could not be found out" in result["msg"]


def test_the_key_is_nowhere_in_the_most_talkative_output(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("contact/get", kind="status", status=500, times=4)
    tasks = [
        {CONTACT: {**JOE, "api_key": sentori_sandbox.api_key}, "ignore_errors": True},
        {CONTACT: {**JOE, "fields": {"FirstName": "Joe"}}},
    ]
    played = player.play(tasks, "-vvvv", "--diff")
    assert played.returncode == 0 and len(played.output) > 5000
    assert sentori_sandbox.api_key not in played.output


def test_module_defaults_of_the_group_reach_every_module(player: Player, sentori_sandbox: Sandbox) -> None:
    lists = [{"ExternalID": "NEWS", "Name": "News"}]
    groups = [{"ExternalID": "GROUP001", "Name": "Guests"}]
    drafts = [{"ExternalID": "DRAFT001", "Name": "Invitation", "kind": "email", "draft": True}]
    sentori_sandbox.reset(seed={"mailing_lists": lists, "upload_groups": groups, "emails": drafts})
    given = {"url": sentori_sandbox.url, "api_key": sentori_sandbox.api_key}
    for name in ("SENTORI_URL", "SENTORI_API_KEY"):
        del player.environment[name]
    defaults = {"group/sentori.sentori.sentori": given}
    tasks: list[dict[str, Any]] = [
        {CONTACT: JOE},
        {CONTACTS: {"contacts": [{"EmailAddress": "mary@example.com"}]}},
        {"sentori.sentori.sentori_contact_info": {"emails": ["joe@example.com"]}},
        {"sentori.sentori.sentori_contact_structure_info": {}},
        {SUBSCRIPTION: {**JOE, "state": "suppressed"}},
        {SUBSCRIBERS: {"mailing_list": "NEWS", "emails": ["mary@example.com"]}},
        {"sentori.sentori.sentori_mailing_list_info": {}},
        {IMPORT: {"contacts": [{"EmailAddress": "mary@example.com"}]}},
        {"sentori.sentori.sentori_upload_group": {"upload_group": "GROUP001", "attach_to": "DRAFT001"}},
    ]
    played = player.play(tasks, module_defaults=defaults)
    assert played.returncode == 0, played.output
    assert len(played.results) == len(list((ROOT / "plugins/modules").glob("sentori_*.py")))


def test_what_info_returns_can_be_given_back_and_shows_who_is_missing(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")
    first, second, *_ = sentori_sandbox.contacts()
    read = {"emails": ["nobody@example.com", first["EmailAddress"]], "system_ids": [second["SystemID"], 9]}
    played = player.play(
        [
            {"sentori.sentori.sentori_contact_info": read, "register": "people"},
            {CONTACTS: {"contacts": "{{ people.contacts }}"}},
        ]
    )
    assert played.results[0]["contacts"] == [first, second]
    assert played.results[0]["missing"] == ["nobody@example.com", 9]
    assert played.results[1]["summary"]["unchanged"] == 2


def test_who_gives_no_key_is_told_where_it_may_come_from(player: Player) -> None:
    del player.environment["SENTORI_API_KEY"]
    (result,) = player.play([{CONTACT: JOE}]).results
    advice = "Set it, or the environment variable SENTORI_API_KEY on the host where the task runs."
    assert result["msg"] == f"api_key: no API key was given. {advice}"


def test_a_target_without_requests_is_told_what_to_install(player: Player, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    bare = {"ansible_python_interpreter": str(tmp_path / "bare/bin/python")}
    (result,) = player.play([{CONTACT: JOE}], vars=bare).results
    assert "Failed to import the required Python library (requests)" in result["msg"]


def test_the_artefact_holds_the_collection_and_nothing_else(artefact: Path) -> None:
    with tarfile.open(artefact) as archive:
        names = {name.split("/")[0] for name in archive.getnames()}
        files = {member.name for member in archive.getmembers() if member.isfile()}
    assert names == {"FILES.json", "LICENSES", "MANIFEST.json", "README.md", "changelogs", "meta", "plugins"}
    assert not [name for name in files if "airflow" in name or "sandbox" in name or name.endswith(".pyc")]


def test_the_action_group_names_every_module() -> None:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())
    modules = sorted(path.stem for path in (ROOT / "plugins/modules").glob("sentori_*.py"))
    assert runtime["action_groups"] == {"sentori": modules}


def test_all_parts_of_the_project_have_one_version() -> None:
    import tomllib

    from airflow_provider_sentori.core import VERSION

    versions = {
        yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"],
        *(
            tomllib.loads((ROOT / name / "pyproject.toml").read_text())["project"]["version"]
            for name in ("", "sandbox")
        ),
    }
    assert versions == {VERSION}
