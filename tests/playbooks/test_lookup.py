# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The lookup of contacts in templates."""

from __future__ import annotations

import re
from typing import Any

import yaml
from player import ROOT, Player
from sentori_sandbox import Sandbox

LOOKUP = "sentori.sentori.sentori_contact"


FAILURES = {
    f"lookup('{LOOKUP}', 'joe@example.com')": "no contact has the address j***@example.com.",
    f"lookup('{LOOKUP}', 'joe')": "term 1: this is not an email address",
    f"lookup('{LOOKUP}', 'mary@example.com', field='Shoe')": "field Shoe: this contact has no field of this name",
    f"lookup('{LOOKUP}', 'mary@example.com', field='Firstname')": "Did you mean FirstName?",
    f"lookup('{LOOKUP}', 'mary@example.com', api_key='1234')": "API Key not valid",
    f"lookup('{LOOKUP}', 'mary@example.com', url='http://elsewhere.example')": "url: http:// would send the API",
}


def looked_up(player: Player, *expressions: str, **more: Any) -> list[Any]:
    """The value of each template, or its error message; ``more`` are keywords of the play."""
    tasks = [
        {"ansible.builtin.set_fact": {"found": "{{ " + expression + " }}"}, "ignore_errors": True}
        for expression in expressions
    ]
    results = player.play(tasks, **more).results
    return [result["msg"] if result.get("failed") else result["ansible_facts"]["found"] for result in results]


def test_the_lookup_returns_a_contact_or_one_of_its_fields(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe")
    expressions = {
        f"lookup('{LOOKUP}', 'JOE@example.com').FirstName": "Joe",
        f"query('{LOOKUP}', 'joe@example.com', 'no@example.com', field='FirstName', default='?')": ["Joe", "?"],
        f"lookup('{LOOKUP}', 'no@example.com', default={{}}) == {{}}": True,
    }
    assert looked_up(player, *expressions) == list(expressions.values())
    assert sentori_sandbox.writes() == []


def test_a_failure_message_contains_no_address(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("mary@example.com")
    failures = looked_up(player, *FAILURES)
    assert len(failures) == len(FAILURES)
    for failure, sentence in zip(failures, FAILURES.values(), strict=True):
        assert sentence in failure
        assert "mary@" not in failure and sentori_sandbox.api_key not in failure


def test_variables_can_set_the_connection(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("joe@example.com", FirstName="Joe")
    given = {
        "sentori_url": sentori_sandbox.url,
        "sentori_api_key": "{{ vault_key }}",
        "vault_key": sentori_sandbox.api_key,
        "sentori_timeout": "{{ 2 + 3 }}",
    }
    for name in ("SENTORI_URL", "SENTORI_API_KEY"):
        del player.environment[name]
    assert looked_up(player, f"lookup('{LOOKUP}', 'joe@example.com', field='FirstName')", vars=given) == ["Joe"]


def test_a_missing_key_fails_and_says_where_to_set_it(player: Player) -> None:
    del player.environment["SENTORI_API_KEY"]
    (failure,) = looked_up(player, f"lookup('{LOOKUP}', 'mary@example.com')")
    assert "api_key: no API key was given. Set the variable sentori_api_key, or SENTORI_API_KEY" in failure


def test_the_examples_run_unchanged(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")
    plugin = (ROOT / "plugins" / "lookup" / "sentori_contact.py").read_text()
    (examples,) = re.findall(r'^EXAMPLES = r"""\n(.*?)^"""', plugin, re.DOTALL | re.MULTILINE)
    played = player.play(yaml.safe_load(examples))
    assert played.returncode == 0 and "[WARNING]" not in played.output, played.output
