# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run every playbook of the documentation twice."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
import yaml
from jinja2 import Template
from player import Played, Player, ansible
from sentori_sandbox import Sandbox
from snippets import PAGES, snippets

PLAYBOOKS = [
    pytest.param(block, id=f"{page}:{number}")
    for page in PAGES
    for number, block in enumerate(snippets(page, "yaml"))
    if "hosts:" in block
]
CREDENTIALS = "docs/credentials.md"
VAULT, _, AWX_INPUT, AWX_INJECTOR = snippets(CREDENTIALS, "yaml")
IMPORTS = "docs/imports.md"
(NEWCOMERS,) = snippets(IMPORTS, "csv")
(REPORT,) = snippets(IMPORTS, "json")
FILES = "docs/files.md"
(CUSTOMERS,) = snippets(FILES, "csv")
(IMPORT_CUSTOMERS,) = snippets(FILES, "yaml")
(CUSTOMERS_REJECTS,) = snippets(FILES, "text")
(CUSTOMERS_COLUMNS,) = snippets(FILES, "json")
OUTCOMES = "docs/outcomes.md"
READERS, REJECTS = snippets(OUTCOMES, "csv")
SUBSCRIBE_READERS, NIGHTLY = snippets(OUTCOMES, "yaml")
(MESSAGE,) = snippets(OUTCOMES, "text")
(REPORT_OF_READERS,) = snippets(OUTCOMES, "json")
CONSENT = "docs/consent.md"
SUPPRESS, SUBSCRIBE, REJOIN, _, ERASE = snippets(CONSENT, "yaml")
OPTED_OUT, BRAKE = snippets(CONSENT, "text")
(REPORT_OF_ERASURE,) = snippets(CONSENT, "json")
EXPORT = "docs/export.md"
(EXPORT_PEOPLE,) = snippets(EXPORT, "yaml")
(PEOPLE,) = snippets(EXPORT, "csv")
LEAVE = """
- hosts: localhost
  gather_facts: false
  tasks:
    - sentori.sentori.sentori_subscription:
        email: {email}
        mailing_list: NEWS2024
        state: unsubscribed
"""


def write_night(folder: Path, sandbox: Sandbox) -> None:
    """The files of the nightly sync, each with an invalid row; one subscriber of the newsletter is not among them."""
    folder.mkdir()
    people = [f"p{number}@example.com" for number in range(24)]
    opted_out = [f"out{number}@example.com" for number in range(24)]
    rows = ["mail,FirstName", *(f"{email},P" for email in people), "nobody,P", f"{people[0].upper()},P"]
    (folder / "people.csv").write_text("\n".join(rows))
    (folder / "opted-out.txt").write_text("\n".join([*opted_out, "nobody", "kim.park@example.com"]))
    readers = [*people, *sandbox.subscribers("NEWS2024")[1:], "nobody"]
    (folder / "readers.txt").write_text("\n".join(readers))


def test_the_documentation_has_playbooks() -> None:
    assert len(PLAYBOOKS) >= 4


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_documented_playbook_succeeds_and_its_second_run_changes_nothing(
    player: Player, sentori_sandbox: Sandbox, playbook: str
) -> None:
    sentori_sandbox.reset(seed="demo")
    written = player.folder / "documented.yml"
    written.write_text(playbook)
    (player.folder / "newcomers.csv").write_text(NEWCOMERS)
    (player.folder / "customers.csv").write_text(CUSTOMERS)
    (player.folder / "readers.csv").write_text(READERS)
    (player.folder / "opted-out.txt").write_text(OPTED_OUT)
    write_night(player.folder / "nightly", sentori_sandbox)
    (player.folder / "vault.yml").write_text(
        VAULT.replace(yaml.safe_load(VAULT)["sentori_api_key"], sentori_sandbox.api_key)
    )
    twice = player.run(written, written, "-e", f"ansible_python_interpreter={sys.executable}")
    assert twice.returncode == 0, twice.output
    assert "[WARNING]" not in twice.output
    again = [recorded.result for recorded in twice.recorded if recorded.playbook == 1]
    assert again and not any(result.get("changed") for result in again)


def test_the_guide_to_imports_shows_the_report_that_its_playbook_writes(
    player: Player, sentori_sandbox: Sandbox
) -> None:
    (playbook,) = [block.values[0] for block in PLAYBOOKS if "newcomers.csv" in str(block.values[0])]
    (player.folder / "newcomers.csv").write_text(NEWCOMERS)
    (player.folder / "documented.yml").write_text(str(playbook))
    player.run(player.folder / "documented.yml", "-e", f"ansible_python_interpreter={sys.executable}")
    written = (player.folder / "newcomers-report.jsonl").read_text()
    assert [json.loads(line) for line in written.splitlines()] == [json.loads(line) for line in REPORT.splitlines()]


def test_the_guide_to_files_shows_what_its_playbook_writes(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="empty")
    (player.folder / "customers.csv").write_text(CUSTOMERS)
    (player.folder / "documented.yml").write_text(IMPORT_CUSTOMERS)

    played = player.run(player.folder / "documented.yml", "-e", f"ansible_python_interpreter={sys.executable}")

    assert (player.folder / "customers-rejects.csv").read_text() == CUSTOMERS_REJECTS
    assert played.results[0]["columns"] == json.loads(CUSTOMERS_COLUMNS)
    assert [one["FirstName"] for one in sentori_sandbox.contacts()] == ["Mary", "John"]


def test_the_guide_to_outcomes_shows_what_its_playbook_writes(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")
    (player.folder / "readers.csv").write_text(READERS)
    (player.folder / "documented.yml").write_text(SUBSCRIBE_READERS)

    player.run(player.folder / "documented.yml", "-e", f"ansible_python_interpreter={sys.executable}")

    assert (player.folder / "readers-report.jsonl").read_text() == REPORT_OF_READERS
    assert (player.folder / "readers-rejects.csv").read_text() == REJECTS


def test_the_guide_to_exports_shows_the_file_that_its_playbook_writes(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")
    (player.folder / "documented.yml").write_text(EXPORT_PEOPLE)
    player.run(player.folder / "documented.yml", "-e", f"ansible_python_interpreter={sys.executable}")
    assert (player.folder / "people.csv").read_text() == PEOPLE


def test_the_guide_to_outcomes_shows_the_message_of_a_failed_task(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")
    (player.folder / "readers.csv").write_text(READERS)
    strict = SUBSCRIBE_READERS.replace("max_rejected: 2", "max_rejected: 0")
    (player.folder / "documented.yml").write_text(strict)

    failed = player.run(player.folder / "documented.yml", "-e", f"ansible_python_interpreter={sys.executable}")

    assert failed.results[0]["msg"] + "\n" == MESSAGE
    assert "kim.park@example.com" in sentori_sandbox.subscribers("NEWS2024")


def test_corrected_rejects_of_the_guide_to_outcomes_are_a_source(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")
    sentori_sandbox.put_contact("noor.haddad@example.org")
    corrected = REJECTS.replace("jonas.weber.example.org", "jonas.weber@example.org")
    (player.folder / "readers.csv").write_text(corrected)
    (player.folder / "documented.yml").write_text(SUBSCRIBE_READERS)

    done = player.run(player.folder / "documented.yml", "-e", f"ansible_python_interpreter={sys.executable}")

    assert done.results[0]["summary"]["subscribed"] == done.results[0]["summary"]["total"] == 2


def test_the_nightly_playbook_does_the_same_and_fails_if_nothing_may_be_refused(
    player: Player, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.reset(seed="demo")
    before = sentori_sandbox.subscribers("NEWS2024")
    write_night(player.folder / "nightly", sentori_sandbox)
    (player.folder / "documented.yml").write_text(NIGHTLY.replace("max_rejected: 5%", "max_rejected: 0"))

    played = player.run(player.folder / "documented.yml", "-e", f"ansible_python_interpreter={sys.executable}")

    assert played.returncode != 0
    suppressed, imported, applied = played.results[:3]
    assert {"unverifiable": 24, "suppressed": 1, "invalid": 1}.items() <= suppressed["summary"].items()
    assert {"created": 24, "invalid": 1, "duplicate": 1}.items() <= imported["summary"].items()
    assert {"subscribed": 24, "not_mailable": 2, "invalid": 1}.items() <= applied["summary"].items()
    assert "exact removed nobody" in "".join(applied["warnings"])
    assert set(before) < set(sentori_sandbox.subscribers("NEWS2024"))


def play(player: Player, *playbooks: str) -> Played:
    """Run these playbooks of a guide, one after the other."""
    files = [player.folder / f"documented{number}.yml" for number in range(len(playbooks))]
    for file, playbook in zip(files, playbooks, strict=True):
        file.write_text(playbook)
    return player.run(*files, "-e", f"ansible_python_interpreter={sys.executable}")


def test_the_guide_to_consent_shows_the_message_of_the_limit(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")
    (player.folder / "opted-out.txt").write_text(OPTED_OUT)

    failed = play(player, SUPPRESS.replace("max_suppressions: 100", "max_suppressions: 2"))
    assert failed.results[0]["msg"] + "\n" == BRAKE
    assert sentori_sandbox.writes() == []

    suppressed = play(player, SUPPRESS).results[0]["summary"]
    assert {"suppressed": 2, "unverifiable": 1, "total": 3}.items() <= suppressed.items()


def test_the_guide_to_consent_puts_nobody_back_who_has_left(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")
    baseline = re.sub(r"emails:\n( +- .*\n)+", "emails: []\n", SUBSCRIBE)
    left_before = LEAVE.format(email="ben.okafor@example.com")
    leaves = LEAVE.format(email="carla.rossi@example.org")

    _, empty, _, subscribed, rejoined = play(player, left_before, baseline, leaves, SUBSCRIBE, REJOIN).results

    assert empty["changed"] is False
    assert {"subscribed": 1, "left": 1, "unchanged": 1}.items() <= subscribed["summary"].items()
    assert {"subscribed": 1, "left": 0, "unchanged": 1}.items() <= rejoined["summary"].items()


def test_the_guide_to_consent_shows_the_proof_of_an_erasure(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")

    erased, imported = play(player, ERASE).results

    assert erased["summary"]["erased"] == imported["summary"]["not_mailable"] == 1
    assert sentori_sandbox.contact("jonas.weber@example.org") is None
    (written,) = player.folder.glob("erased-*.jsonl")
    keyed = r'"(person|time)": "[^"]+"'
    assert re.sub(keyed, "", written.read_text()) == re.sub(keyed, "", REPORT_OF_ERASURE)


def test_a_key_is_read_from_a_vault(player: Player, sentori_sandbox: Sandbox) -> None:
    encrypt, play = snippets(CREDENTIALS, "shell")[0].splitlines()
    (player.folder / "vault-password").write_text("a password")
    (player.folder / "vault.yml").write_text(f"sentori_api_key: {sentori_sandbox.api_key}\n")
    (player.folder / "contacts.yml").write_text(snippets(CREDENTIALS, "yaml")[1])
    environment = {**player.environment, "SENTORI_API_KEY": ""}

    encrypted = ansible(*encrypt.split(), cwd=player.folder, **environment)
    played = ansible(
        *play.split(), "-e", f"ansible_python_interpreter={sys.executable}", cwd=player.folder, **environment
    )

    assert encrypted.returncode == 0, encrypted.stderr
    assert (player.folder / "vault.yml").read_text().startswith("$ANSIBLE_VAULT;")
    assert played.returncode == 0, played.stdout + played.stderr
    assert sentori_sandbox.contact("mary@example.com") is not None


def test_the_modules_read_the_variables_that_the_automation_controller_injects(player: Player) -> None:
    inputs = {"api_key": player.environment.pop("SENTORI_API_KEY"), "url": player.environment.pop("SENTORI_URL")}
    assert [field["id"] for field in yaml.safe_load(AWX_INPUT)["fields"]] == list(inputs)
    for name, template in yaml.safe_load(AWX_INJECTOR)["env"].items():
        player.environment[name] = Template(template).render(inputs)

    assert player.play([{"sentori.sentori.sentori_mailing_list_info": {}}]).returncode == 0
