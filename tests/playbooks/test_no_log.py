# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""`no_log` hides the results of each module, whether its task succeeds or fails."""

from __future__ import annotations

import json
import re
from typing import Any

from player import Player
from sentori_sandbox import Sandbox

ANN, BOB, CAM = "ann@example.com", "bob@example.com", "cam@example.com"
PEOPLE = {"ann": ANN, "bob": BOB, "cam": CAM}
# For each module that returns addresses: options that succeed, and options that fail.
TASKS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("contact", {"email": "{{ ann }}"}, {"email": "{{ cam }}", "new_email": "{{ ann }}"}),
    ("contacts", {"contacts": [{"EmailAddress": "{{ ann }}"}]}, {"contacts": [{"EmailAddress": "no {{ bob }}"}]}),
    ("contact_info", {"emails": ["{{ ann }}"]}, {"emails": ["{{ ann }} and {{ bob }}"]}),
    ("subscription", {"email": "{{ ann }}", "mailing_list": "NEWS"}, {"email": "{{ cam }}", "mailing_list": "NEWS"}),
    (
        "subscribers",
        {"emails": ["{{ ann }}"], "mailing_list": "NEWS"},
        {"emails": ["{{ ann }}", "no {{ cam }}"], "mailing_list": "NEWS"},
    ),
    ("suppressions", {"emails": ["{{ cam }}"]}, {"emails": ["{{ cam }}", "no {{ cam }}"]}),
    (
        "import",
        {"contacts": [{"EmailAddress": "{{ bob }}", "FirstName": "Bob"}]},
        {"contacts": [{"EmailAddress": "{{ ann }} "}, {"EmailAddress": "no {{ bob }}"}], "max_rejected": 0},
    ),
]


def test_a_task_with_no_log_shows_no_address(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    for email in (ANN, BOB):
        sentori_sandbox.put_contact(email, FirstName="A")
    sentori_sandbox.suppress(CAM)
    sentori_sandbox.put_contact(CAM, IsSuppressed=True)
    tasks: list[dict[str, Any]] = []
    for name, succeeding, failing in TASKS:
        module = f"sentori.sentori.sentori_{name}"
        tasks += [
            {module: succeeding, "no_log": True, "register": "done", "diff": True},
            {module: failing, "no_log": True, "register": "failed", "ignore_errors": True},
            {"ansible.builtin.assert": {"that": ["done is not failed", "failed is failed"]}},
        ]

    played = player.play(tasks, "-v", "-e", json.dumps(PEOPLE))

    assert played.returncode == 0, played.output
    assert re.findall(r"\w+@example\.com", played.output) == []


def test_a_registered_result_is_complete(player: Player, sentori_sandbox: Sandbox) -> None:
    people = {"contacts": [{"EmailAddress": ANN}]}
    expected = {"action": "created", "changed": True, "email": ANN, "fields": ["EmailAddress"]}
    tasks = [
        {"sentori.sentori.sentori_contacts": people, "no_log": True, "register": "done"},
        {"ansible.builtin.assert": {"that": ["done.results == [expected]"]}, "vars": {"expected": expected}},
    ]

    assert player.play(tasks).returncode == 0
