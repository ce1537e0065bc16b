# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every module in each state: check mode predicts, and a second run changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from modules import Modules
from player import ROOT, Player, ansible
from sentori_sandbox import JournalEntry, Sandbox

MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("sentori_*.py"))


@dataclass(frozen=True)
class Case:
    """A module in one state.

    ``writes``: their number; ``existing``: the contacts before; ``subscribed``: the subscriptions before.
    ``is_action``: each run is a change.

    Each case has its own contacts, whose addresses begin with its name.
    """

    name: str
    module: str
    options: dict[str, Any] = field(default_factory=dict)
    writes: int = 0
    existing: tuple[str, ...] = ()
    is_action: bool = False
    # The change is to a file on the target, not to Sentori.
    writes_file: bool = False
    subscribed: tuple[tuple[str, str], ...] = ()


CASES = [
    Case("create", "sentori_contact", {"email": "create@example.com", "fields": {"FirstName": "Joe"}}, 1),
    Case(
        "update",
        "sentori_contact",
        {"email": "update@example.com", "fields": {"FirstName": "Jo", "LastName": "Bloggs"}},
        1,
        existing=("update@example.com",),
    ),
    Case(
        "rename",
        "sentori_contact",
        {"email": "rename@example.com", "new_email": "rename.new@example.com"},
        1,
        existing=("rename@example.com",),
    ),
    Case(
        "remove",
        "sentori_contact",
        {"email": "remove@example.com", "state": "absent"},
        1,
        existing=("remove@example.com",),
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
        existing=("many-present.1@example.com",),
    ),
    Case(
        "many-absent",
        "sentori_contacts",
        {
            "contacts": [{"EmailAddress": "many-absent.1@example.com"}, {"EmailAddress": "many-absent.2@example.com"}],
            "state": "absent",
        },
        1,
        existing=("many-absent.2@example.com",),
    ),
    Case(
        "read",
        "sentori_contact_info",
        {"emails": ["read@example.com", "read.nobody@example.com"]},
        existing=("read@example.com",),
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
        existing=("unsubscribe@example.com",),
        subscribed=(("NEWS", "unsubscribe@example.com"),),
    ),
    Case(
        "suppress",
        "sentori_subscription",
        {"email": "suppress@example.com", "state": "suppressed"},
        1,
        existing=("suppress@example.com",),
    ),
    Case(
        "many-subscribed",
        "sentori_subscribers",
        {"emails": ["many-subscribed.1@example.com", "MANY-subscribed.2@example.com"], "mailing_list": "NEWS"},
        1,
        existing=("many-subscribed.1@example.com", "many-subscribed.2@example.com"),
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
        existing=("many-unsubscribed.1@example.com",),
        subscribed=(("NEWS", "many-unsubscribed.1@example.com"),),
    ),
    Case(
        "exact",
        "sentori_subscribers",
        {"emails": ["exact.1@example.com"], "mailing_list": "EXACT", "exact": True, "max_unsubscribes": "100%"},
        2,
        existing=("exact.1@example.com", "exact.2@example.com"),
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
        existing=("import.1@example.com",),
    ),
    Case(
        "many-suppressed",
        "sentori_suppressions",
        {"emails": ["many-suppressed.1@example.com", "many-suppressed.2@example.com"], "max_suppressions": 2},
        2,
        existing=("many-suppressed.1@example.com", "many-suppressed.2@example.com"),
    ),
    Case(
        "attach",
        "sentori_upload_group",
        {"upload_group": "GROUP001", "attach_to": "DRAFT001"},
        2,
        is_action=True,
    ),
    Case(
        "export",
        "sentori_export",
        {"what": "subscribers", "mailing_list": "EXPORT", "fields": ["FirstName"], "dest": "$EXPORTS/people.csv"},
        existing=("export.1@example.com",),
        subscribed=(("EXPORT", "export.1@example.com"),),
        writes_file=True,
    ),
    Case("drafts", "sentori_draft_email_info", {"draft_email": "Invitation"}),
    Case("lists", "sentori_mailing_list_info", {"mailing_list": "Monthly News", "subscribers": True}),
]
# The vendor does not document these, so no result may depend on them.
OTHER_ASSUMPTIONS = {
    "code-type": "string",
    "list-system-id": "number",
    "undocumented-answers": "contact",
    "add-status": "201",
    "delete-unknown": "accepted",
    "subscribe-unknown": "create",
    "subscribe-suppressed": "error-106",
    "unsubscribe-not-member": "error-101",
    "clear-by-null": "error-103",
}
SEED = {
    "mailing_lists": [
        {"ExternalID": "NEWS", "Name": "Monthly News"},
        {"ExternalID": "EXACT", "Name": "Exact"},
        {"ExternalID": "EXPORT", "Name": "Export"},
    ],
    "upload_groups": [{"ExternalID": "GROUP001", "Name": "Guests"}],
    "emails": [{"ExternalID": "DRAFT001", "Name": "Invitation", "kind": "email", "draft": True}],
}


Results = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Stages:
    """The results of all cases by name: in check mode, for real, and both again with the options respelled."""

    sandbox: Sandbox
    predicted: Results
    # After all cases were predicted, and before any was applied.
    state_kept: bool
    requests_sent: int
    writes_sent: int
    done: Results
    predicted_again: Results
    done_again: Results
    # Module -> its result with a key that Sentori refuses.
    failed: Results
    warnings: str

    def results(self, case: Case) -> list[dict[str, Any]]:
        return [stage[case.name] for stage in (self.predicted, self.done, self.predicted_again, self.done_again)]

    def writes(self, case: Case) -> int:
        return sum(_is_of(case, entry) for entry in self.sandbox.writes())


def _is_of(case: Case, entry: JournalEntry) -> bool:
    if isinstance(entry.body, dict) and entry.body.get("Name") == case.name:
        return True
    parts = [f"/{case.name}/"] if case.is_action else [f"/{case.name}.", f"/{case.name}@"]
    return any(part in entry.path.lower() for part in parts)


@contextmanager
def populated(**assume: str) -> Iterator[Sandbox]:
    """A sandbox with the contacts of all cases."""
    with Sandbox(seed=SEED, assume=assume) as sandbox:
        for case in CASES:
            for email in case.existing:
                sandbox.put_contact(email, FirstName="First")
            for mailing_list, email in case.subscribed:
                sandbox.subscribe(email, mailing_list)
        yield sandbox


def respelled(options: Any) -> Any:
    """The same options, with their lists in another order and their addresses in another case."""
    if isinstance(options, dict):
        return {name: respelled(value) for name, value in options.items()}
    if isinstance(options, list):
        return [respelled(item) for item in reversed(options)]
    return options.upper() if isinstance(options, str) and "@" in options else options


# Module -> options that fail.
FAILING = {case.module: {**case.options, "api_key": "00000000-0000-0000-0000-000000000000"} for case in CASES}


def task(name: str, module: str, options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    return {"name": name, f"sentori.sentori.{module}": options, **keywords}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, collections: Path) -> Iterator[Stages]:
    """Run by ansible-playbook: with --check and the environment variables, then with module_defaults."""
    predicting = [task(case.name, case.module, case.options) for case in CASES]
    doing = []
    for case in CASES:
        doing += [
            task(f"{case.name}: done", case.module, case.options),
            task(f"{case.name}: predicted again", case.module, respelled(case.options), check_mode=True),
            task(f"{case.name}: done again", case.module, respelled(case.options)),
        ]
    failing = [task(f"{module} fails", module, options, ignore_errors=True) for module, options in FAILING.items()]
    with populated() as sandbox:
        player = Player(tmp_path_factory.mktemp("played"), collections, sandbox)
        player.environment["EXPORTS"] = str(tmp_path_factory.mktemp("exports"))
        connection = {"url": player.environment["SENTORI_URL"], "api_key": player.environment["SENTORI_API_KEY"]}
        before = sandbox.state()

        first = player.play(predicting, "--check", "--diff")
        state_kept, sent, writes = sandbox.state() == before, len(sandbox.requests()), len(sandbox.writes())
        del player.environment["SENTORI_URL"], player.environment["SENTORI_API_KEY"]
        defaults = {"group/sentori.sentori.sentori": connection}
        second = player.play([*doing, *failing], "--diff", module_defaults=defaults)

        assert first.returncode == second.returncode == 0, first.output + second.output
        yield Stages(
            sandbox,
            {case.name: first.named(case.name) for case in CASES},
            state_kept,
            sent,
            writes,
            *(
                {case.name: second.named(f"{case.name}: {stage}") for case in CASES}
                for stage in ("done", "predicted again", "done again")
            ),
            {module: second.named(f"{module} fails") for module in FAILING},
            "".join(line for line in (first.output + second.output).splitlines() if "[WARNING]" in line),
        )


@pytest.fixture(scope="module")
def called(importable_collection: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stages]:
    """Run in this process, against a sandbox with other assumptions."""
    with populated(**OTHER_ASSUMPTIONS) as sandbox:
        modules = Modules(sandbox)
        modules.environment["EXPORTS"] = str(tmp_path_factory.mktemp("exports"))

        def run(case: Case, **mode: bool) -> dict[str, Any]:
            return modules.run(case.module, case.options, diff=True, **mode)

        before = sandbox.state()
        predicted = {case.name: run(case, check=True) for case in CASES}
        state_kept, sent, writes = sandbox.state() == before, len(sandbox.requests()), len(sandbox.writes())
        done = {case.name: run(case) for case in CASES}
        again = [replace(case, options=respelled(case.options)) for case in CASES]
        predicted_again = {case.name: run(case, check=True) for case in again}
        done_again = {case.name: run(case) for case in again}
        failed = {module: modules.run(module, options) for module, options in FAILING.items()}
        results = [result for stage in (predicted, done, predicted_again, done_again) for result in stage.values()]
        warnings = "".join(str(result["warnings"]) for result in results if "warnings" in result)
        yield Stages(sandbox, predicted, state_kept, sent, writes, done, predicted_again, done_again, failed, warnings)


@pytest.fixture(scope="module", params=["played", "called"])
def stages(request: pytest.FixtureRequest) -> Stages:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def documentation(collections: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The output of ansible-doc: module -> ``doc``, ``examples`` and ``return``."""
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


def test_check_mode_reads_and_sends_no_write(stages: Stages) -> None:
    assert stages.requests_sent > 0
    assert stages.writes_sent == 0
    assert stages.state_kept


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_check_mode_predicts_the_real_run(stages: Stages, case: Case) -> None:
    predicted, done, *_ = stages.results(case)
    assert predicted["changed"] == done["changed"] == (bool(case.writes) or case.writes_file)
    assert bool(done.get("diff")) == (done["changed"] and not case.is_action)
    for key in ("diff", "action", "summary", "results", "added", "mailing_list"):
        assert predicted.get(key) == done.get(key)


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_second_run_changes_nothing_and_sends_no_write(stages: Stages, case: Case) -> None:
    *_, predicted_again, done_again = stages.results(case)
    assert predicted_again["changed"] == done_again["changed"] == case.is_action
    assert stages.writes(case) == case.writes


def test_no_run_shows_a_warning(stages: Stages) -> None:
    assert stages.warnings == ""


@pytest.mark.parametrize("module", MODULES)
def test_a_refused_key_fails_with_one_sentence(stages: Stages, module: str) -> None:
    assert stages.failed[module]["failed"]
    assert "API Key not valid" in stages.failed[module]["msg"] and "\n" not in stages.failed[module]["msg"]


def test_module_defaults_of_the_group_reach_every_module(played: Stages) -> None:
    urls = {case.module: played.done[case.name]["invocation"]["module_args"]["url"] for case in CASES}
    assert urls == dict.fromkeys(MODULES, played.sandbox.url)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_returns_the_keys_that_it_documents(
    stages: Stages, documentation: dict[str, Any], module: str
) -> None:
    results = [result for case in CASES if case.module == module for result in stages.results(case)]
    returned = {key for result in [stages.failed[module], *results] for key in result if not key.startswith("_")}
    of_ansible = {"changed", "failed", "diff", "invocation", "msg", "exception"}
    assert returned - of_ansible == set(documentation[module]["return"])


def test_the_examples_of_each_module_run_unchanged(player: Player, documentation: dict[str, Any]) -> None:
    (player.folder / "newcomers.csv").write_text("mail;Vorname;Nickname\nmary@example.com;Mary;M\n")
    (player.folder / "opted-out.txt").write_text("kim.park@example.com\n")
    reset = {"url": f"{player.sandbox.url}/_sandbox/reset", "method": "POST", "body_format": "json"}
    tasks = []
    for module in MODULES:
        tasks.append({"ansible.builtin.uri": {**reset, "body": {"seed": "demo"}, "status_code": 204}})
        tasks += yaml.safe_load(documentation[module]["examples"])
    played = player.play(tasks)
    assert played.returncode == 0, played.output
    assert "[WARNING]" not in played.output
    assert len(played.results) >= 2 * len(MODULES)
