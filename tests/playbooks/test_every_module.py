# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What every module keeps to, in each of its states: check mode foretells, a second run changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from player import ROOT, Played, Player, ansible
from sentori_sandbox import JournalEntry, Sandbox

MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("sentori_*.py"))


@dataclass(frozen=True)
class Case:
    """A module in one state.

    ``writes``: how many it takes; ``there``: who is a contact before; ``subscribed``: who is on which list before.
    ``is_action``: it is done, and changes something, each time.

    Each case has people of its own, whose addresses begin with its name.
    """

    name: str
    module: str
    options: dict[str, Any] = field(default_factory=dict)
    writes: int = 0
    there: tuple[str, ...] = ()
    is_action: bool = False
    subscribed: tuple[tuple[str, str], ...] = ()


CASES = [
    Case("create", "sentori_contact", {"email": "create@example.com", "fields": {"FirstName": "Joe"}}, 1),
    Case(
        "update",
        "sentori_contact",
        {"email": "update@example.com", "fields": {"FirstName": "Jo", "LastName": "Bloggs"}},
        1,
        there=("update@example.com",),
    ),
    Case(
        "rename",
        "sentori_contact",
        {"email": "rename@example.com", "new_email": "rename.new@example.com"},
        1,
        there=("rename@example.com",),
    ),
    Case(
        "remove",
        "sentori_contact",
        {"email": "remove@example.com", "state": "absent"},
        1,
        there=("remove@example.com",),
    ),
    Case(
        "many-present",
        "sentori_contacts",
        {
            "contacts": [
                {"EmailAddress": "many-present.1@example.com", "FirstName": "Jo"},
                {"EmailAddress": "many-present.2@example.com"},
            ]
        },
        2,
        there=("many-present.1@example.com",),
    ),
    Case(
        "many-absent",
        "sentori_contacts",
        {
            "contacts": [{"EmailAddress": "many-absent.1@example.com"}, {"EmailAddress": "many-absent.2@example.com"}],
            "state": "absent",
        },
        1,
        there=("many-absent.2@example.com",),
    ),
    Case(
        "read",
        "sentori_contact_info",
        {"emails": ["read@example.com", "read.nobody@example.com"]},
        there=("read@example.com",),
    ),
    Case("structure", "sentori_contact_structure_info"),
    Case(
        "subscribe",
        "sentori_subscription",
        {"email": "subscribe@example.com", "mailing_list": "NEWS", "create_missing": True},
        2,
    ),
    Case(
        "unsubscribe",
        "sentori_subscription",
        {"email": "Unsubscribe@example.com", "mailing_list": "Monthly News", "state": "unsubscribed"},
        1,
        there=("unsubscribe@example.com",),
        subscribed=(("NEWS", "unsubscribe@example.com"),),
    ),
    Case(
        "suppress",
        "sentori_subscription",
        {"email": "suppress@example.com", "state": "suppressed"},
        1,
        there=("suppress@example.com",),
    ),
    Case(
        "many-subscribed",
        "sentori_subscribers",
        {"emails": ["many-subscribed.1@example.com", "MANY-subscribed.2@example.com"], "mailing_list": "NEWS"},
        1,
        there=("many-subscribed.1@example.com", "many-subscribed.2@example.com"),
        subscribed=(("NEWS", "many-subscribed.2@example.com"),),
    ),
    Case(
        "many-unsubscribed",
        "sentori_subscribers",
        {
            "emails": ["many-unsubscribed.1@example.com", "many-unsubscribed.nobody@example.com"],
            "mailing_list": "NEWS",
            "state": "unsubscribed",
        },
        1,
        there=("many-unsubscribed.1@example.com",),
        subscribed=(("NEWS", "many-unsubscribed.1@example.com"),),
    ),
    Case(
        "exact",
        "sentori_subscribers",
        {"emails": ["exact.1@example.com"], "mailing_list": "EXACT", "exact": True, "max_unsubscribes": "100%"},
        2,
        there=("exact.1@example.com", "exact.2@example.com"),
        subscribed=(("EXACT", "exact.2@example.com"),),
    ),
    Case(
        "import",
        "sentori_import",
        {
            "contacts": [
                {"EmailAddress": "import.1@example.com", "FirstName": "Jo"},
                {"EmailAddress": "import.2@example.com", "LastName": "Bloggs"},
            ],
            "name": "import",
        },
        1,
        there=("import.1@example.com",),
    ),
    Case(
        "attach",
        "sentori_upload_group",
        {"upload_group": "GROUP001", "attach_to": "DRAFT001"},
        2,
        is_action=True,
    ),
    Case("lists", "sentori_mailing_list_info", {"mailing_list": "Monthly News", "subscribers": True}),
]
# The vendor leaves open which of the two it is, so nothing may depend on it.
WORLDS = {
    "one world": {},
    "another": {
        "code-type": "string",
        "list-system-id": "number",
        "undocumented-answers": "contact",
        "add-status": "201",
        "delete-unknown": "accepted",
        "subscribe-unknown": "create",
        "subscribe-suppressed": "error-106",
        "unsubscribe-not-member": "error-101",
        "clear-by-null": "error-103",
    },
}
SEED = {
    "mailing_lists": [{"ExternalID": "NEWS", "Name": "Monthly News"}, {"ExternalID": "EXACT", "Name": "Exact"}],
    "upload_groups": [{"ExternalID": "GROUP001", "Name": "Guests"}],
    "emails": [{"ExternalID": "DRAFT001", "Name": "Invitation", "kind": "email", "draft": True}],
}


@dataclass(frozen=True)
class Run:
    """All cases played, and the Sentori that they were played against."""

    played: Played
    sandbox: Sandbox

    def results(self, case: Case) -> list[dict[str, Any]]:
        each = len(self.played.results) // len(CASES)
        first = CASES.index(case) * each
        return self.played.results[first : first + each]

    def writes(self, case: Case) -> int:
        return sum(_is_of(case, entry) for entry in self.sandbox.writes())


def _is_of(case: Case, entry: JournalEntry) -> bool:
    if isinstance(entry.body, dict) and entry.body.get("Name") == case.name:
        return True
    parts = [f"/{case.name}/"] if case.is_action else [f"/{case.name}.", f"/{case.name}@"]
    return any(part in entry.path.lower() for part in parts)


@pytest.fixture(scope="module", params=WORLDS)
def quiet(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, collections: Path
) -> Iterator[Player]:
    """A player whose sandbox holds the people of all cases."""
    with Sandbox(seed=SEED, assume=WORLDS[request.param]) as sandbox:
        for case in CASES:
            for email in case.there:
                sandbox.put_contact(email, FirstName="First")
            for mailing_list, email in case.subscribed:
                sandbox.subscribe(email, mailing_list)
        yield Player(tmp_path_factory.mktemp("quiet"), collections, sandbox)


def task(case: Case, **keywords: Any) -> dict[str, Any]:
    return {f"sentori.sentori.{case.module}": case.options, **keywords}


def respelled(options: Any) -> Any:
    """The same options, with their lists in another order and their addresses in another case."""
    if isinstance(options, dict):
        return {name: respelled(value) for name, value in options.items()}
    if isinstance(options, list):
        return [respelled(item) for item in reversed(options)]
    return options.upper() if isinstance(options, str) and "@" in options else options


@pytest.fixture(scope="module")
def lives(quiet: Player) -> Run:
    """Each case four times: in check mode and for real, then both again, the options spelled otherwise."""
    tasks = []
    for case in CASES:
        again = replace(case, options=respelled(case.options))
        tasks += [task(one, check_mode=check, diff=True) for one in (case, again) for check in (True, False)]
    return Run(quiet.play(tasks), quiet.sandbox)


@pytest.fixture(scope="session")
def documentation(collections: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What ansible-doc knows of the modules: by module, ``doc``, ``examples`` and ``return``."""
    names = [f"sentori.sentori.{module}" for module in MODULES]
    folder = tmp_path_factory.mktemp("doc")
    shown = ansible("ansible-doc", "--json", *names, cwd=folder, ANSIBLE_COLLECTIONS_PATH=str(collections))
    assert shown.returncode == 0 and "WARNING" not in shown.stderr, shown.stderr
    return {name.rpartition(".")[2]: found for name, found in json.loads(shown.stdout).items()}


def by_name(case: Case) -> str:
    return case.name


def test_every_module_has_a_case() -> None:
    assert {case.module for case in CASES} == set(MODULES)


def test_every_module_has_an_integration_target() -> None:
    targets = ROOT / "tests/integration/targets"
    assert {path.parents[1].name for path in targets.glob("sentori_*/tasks/main.yml")} == set(MODULES)
    assert {path.parent.name for path in targets.glob("sentori_*/aliases")} == set(MODULES)


def test_a_playbook_in_check_mode_sends_no_write(quiet: Player) -> None:
    before = quiet.sandbox.state()
    played = quiet.play([task(case) for case in CASES], "--check", "--diff")
    assert played.returncode == 0, played.output
    assert [result["changed"] for result in played.results] == [bool(case.writes) for case in CASES]
    assert quiet.sandbox.requests() and quiet.sandbox.writes() == []
    assert quiet.sandbox.state() == before


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_check_mode_foretells_the_real_run(lives: Run, case: Case) -> None:
    foretold, done, *_ = lives.results(case)
    assert foretold["changed"] == done["changed"] == bool(case.writes)
    assert bool(done.get("diff")) == (bool(case.writes) and not case.is_action)
    for key in ("diff", "action", "summary", "results", "added", "mailing_list"):
        assert foretold.get(key) == done.get(key)


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_a_second_run_changes_nothing_and_writes_nothing(lives: Run, case: Case) -> None:
    assert [result["changed"] for result in lives.results(case)[2:]] == [case.is_action] * 2
    assert lives.writes(case) == case.writes


def test_no_run_warns(lives: Run) -> None:
    assert lives.played.returncode == 0, lives.played.output
    assert "[WARNING]" not in lives.played.output


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_run_as_they_stand(player: Player, documentation: dict[str, Any], module: str) -> None:
    player.sandbox.reset(seed="demo")
    (player.folder / "newcomers.csv").write_text("mail;Vorname;Nickname\nmary@example.com;Mary;M\n")
    played = player.play(yaml.safe_load(documentation[module]["examples"]))
    assert played.returncode == 0, played.output
    assert "[WARNING]" not in played.output


def test_what_a_module_returns_is_what_it_documents(lives: Run, player: Player, documentation: dict[str, Any]) -> None:
    wrong_key = {"api_key": "00000000-0000-0000-0000-000000000000"}
    one_each = {case.module: case for case in CASES}
    refused = [
        {f"sentori.sentori.{module}": {**one_each[module].options, **wrong_key}, "ignore_errors": True}
        for module in MODULES
    ]
    failures = dict(zip(MODULES, player.play(refused).results, strict=True))
    of_ansible = {"changed", "failed", "diff", "invocation", "msg", "exception"}
    for module in MODULES:
        results = [result for case in CASES if case.module == module for result in lives.results(case)]
        returned = {key for result in [failures[module], *results] for key in result if not key.startswith("_")}
        assert returned - of_ansible == set(documentation[module]["return"])
