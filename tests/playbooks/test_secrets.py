# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The API key is nowhere, and with ``redact_results`` no address and no value of a field.

Every module succeeds and fails in each way, with everything that ansible-playbook can print.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from modules import Modules
from player import ROOT, Player
from sentori_sandbox import Sandbox

ANN, BOB, CAM = "ann@example.com", "bob@example.com", "cam@example.com"
SECRET = "Winifred"
PEOPLE = {"ann": ANN, "bob": BOB, "cam": CAM, "secret": SECRET}
ADDRESSES = r"\w+(?:@|%40)example\.com"
# For each module, options that succeed; those of a second run find everything as it should be.
TASKS: dict[str, dict[str, Any]] = {
    "contact": {"email": "{{ ann }}", "fields": {"FirstName": "{{ secret }}"}},
    "contact_info": {"emails": ["{{ ann }}", "nobody.{{ ann }}"]},
    "contact_structure_info": {},
    "contacts": {"contacts": [{"EmailAddress": "{{ bob }}", "FirstName": "{{ secret }}"}]},
    "draft_email_info": {},
    "export": {"what": "contacts", "emails": ["{{ ann }}", "{{ bob }}"], "dest": "people.csv"},
    "import": {"contacts": [{"EmailAddress": "{{ bob }}", "FirstName": "{{ secret }}", "LastName": "{{ secret }}"}]},
    "mailing_list_info": {"mailing_list": "NEWS", "subscribers": True},
    "subscribers": {"emails": ["{{ ann }}", "{{ bob }}"], "mailing_list": "NEWS"},
    "subscription": {"email": "{{ ann }}", "mailing_list": "NEWS", "state": "unsubscribed"},
    "suppressions": {"emails": ["{{ cam }}", "no {{ cam }}"], "max_rejected": 1},
    "upload_group": {"upload_group": "UG1", "attach_to": "DRAFT1"},
}
FAILURES: dict[str, dict[str, Any]] = {
    "a key that is not known": {"kind": "status", "status": 401},
    "an error page": {"kind": "html", "status": 500},
    "a lost response": {"kind": "drop-after"},
    "a redirect": {"kind": "redirect"},
}


def sentori(sandbox: Sandbox) -> None:
    lists = [{"ExternalID": "NEWS", "Name": "News"}]
    drafts = [{"ExternalID": "DRAFT1", "Name": "News of May", "draft": True}]
    sandbox.reset(
        seed={"mailing_lists": lists, "emails": drafts, "upload_groups": [{"ExternalID": "UG1", "Name": "May"}]}
    )
    for email in (ANN, BOB):
        sandbox.put_contact(email, FirstName="A")
    sandbox.subscribe(BOB, "NEWS")


def tasks(**keywords: Any) -> list[dict[str, Any]]:
    return [
        {"name": name, f"sentori.sentori.sentori_{name}": options, "ignore_errors": True, "diff": True, **keywords}
        for name, options in TASKS.items()
    ]


def left_behind(player: Player, output: str) -> str:
    """The output of a play, and all files but those that it was given or asked for."""
    given = ("people.csv", "play.yml", "people.yml")
    files = [path for path in player.folder.rglob("*") if path.is_file() and path.name not in given]
    return "\n".join([output, *(path.read_text(errors="replace") for path in files)])


@pytest.fixture
def played(player: Player, sentori_sandbox: Sandbox) -> Any:
    """Play all tasks as verbosely as possible; their data is in a file, since Ansible shows a task's own text."""
    sentori(sentori_sandbox)
    (player.folder / "people.yml").write_text(json.dumps(PEOPLE))

    def play(**keywords: Any) -> Any:
        player.environment["SENTORI_MAX_WAIT"] = "0.2"
        return player.play(tasks(**keywords), "-vvvv", "-e", "@people.yml")

    return play


def test_every_module_is_tried() -> None:
    modules = {path.stem for path in (ROOT / "plugins/modules").glob("sentori_*.py")}
    assert {f"sentori_{name}" for name in TASKS} == modules


@pytest.mark.parametrize("failure", [None, *FAILURES])
def test_neither_the_key_nor_anybody_is_in_a_redacted_log(
    player: Player, sentori_sandbox: Sandbox, played: Any, failure: str | None
) -> None:
    if failure is not None:
        body = f"The request with ApiKey {sentori_sandbox.api_key} about {ANN} and {ANN.replace('@', '%40')} failed"
        sentori_sandbox.fault("*", body=body, times=10_000, **FAILURES[failure])

    done = played(module_defaults={"group/sentori.sentori.sentori": {"redact_results": True}})
    sentori_sandbox.clear_faults()

    text = left_behind(player, done.output)
    assert [one.result.get("failed", False) for one in done.recorded] == [failure is not None] * len(TASKS)
    assert sentori_sandbox.api_key not in text
    assert re.findall(ADDRESSES, text) == []
    assert SECRET not in text


def test_the_log_of_the_host_names_the_module_and_no_argument(
    modules: Modules, sentori_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    monkeypatch.setattr("ansible.module_utils.basic.has_journal", False)
    monkeypatch.setattr("syslog.syslog", lambda priority, line: lines.append(line))

    modules.run("sentori_contact", {"email": ANN, "fields": {"FirstName": SECRET}})

    assert lines == ["Invoked"]


def test_a_redacted_result_still_says_what_was_done(sentori_sandbox: Sandbox, played: Any) -> None:
    done = played(module_defaults={"group/sentori.sentori.sentori": {"redact_results": True}})

    contact = done.named("contact")
    assert (contact["action"], contact["contact"]["EmailAddress"]) == ("updated", "a***@example.com")
    assert contact["diff"] == {"before": {"FirstName": "*** (before)"}, "after": {"FirstName": "*** (after)"}}
    assert done.named("suppressions")["results"][0]["email"] == "c***@example.com"
    assert done.named("export")["diff"]["after"] == "... and 3 more lines added\n"
    assert done.named("mailing_list_info")["mailing_lists"][0]["subscribers"] == [
        {"SystemID": "***", "EmailAddress": "b***@example.com"}
    ]
