# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Whole playbooks: output, results passed between tasks, a target without libraries. And the artefact."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from pathlib import Path

import yaml
from player import ROOT, Player
from sentori_sandbox import Sandbox

CONTACT = "sentori.sentori.sentori_contact"
CONTACTS = "sentori.sentori.sentori_contacts"
JOE = {"email": "joe@example.com"}


def test_the_most_verbose_output_does_not_contain_the_key(player: Player, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("contact/get", kind="status", status=500, times=4)
    tasks = [
        {CONTACT: {**JOE, "api_key": sentori_sandbox.api_key}, "ignore_errors": True},
        {CONTACT: {**JOE, "fields": {"FirstName": "Joe"}}},
    ]
    played = player.play(tasks, "-vvvv", "--diff")
    assert played.returncode == 0 and len(played.output) > 5000
    assert sentori_sandbox.api_key not in played.output


def test_contacts_returned_by_info_are_unchanged_when_given_back(player: Player, sentori_sandbox: Sandbox) -> None:
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


def test_a_target_without_requests_fails_and_names_the_missing_library(player: Player, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    bare = {"ansible_python_interpreter": str(tmp_path / "bare/bin/python")}
    (result,) = player.play([{CONTACT: JOE}], vars=bare).results
    assert "Failed to import the required Python library (requests)" in result["msg"]


def test_the_artefact_contains_only_the_collection_and_its_pages(artefact: Path) -> None:
    with tarfile.open(artefact) as archive:
        names = {name.split("/")[0] for name in archive.getnames()}
        files = {member.name for member in archive.getmembers() if member.isfile()}
    pages = {"CONTRIBUTING.md", "README.md", "SECURITY.md", "docs"}
    assert names == {"FILES.json", "LICENSES", "MANIFEST.json", "changelogs", "meta", "plugins", *pages}
    assert {Path(name).suffix for name in files if name.startswith("docs/")} == {".md", ".png", ".svg", ".yaml"}
    assert not [name for name in files if "airflow_provider" in name or name.endswith(".pyc")]


def test_every_relative_link_of_the_readme_is_a_file_of_the_artefact(artefact: Path) -> None:
    links = re.findall(r"\]\(([^):#]+)\)", (ROOT / "README.md").read_text())
    with tarfile.open(artefact) as archive:
        assert len(links) > 10 and {*links} <= {*archive.getnames()}


def test_the_action_group_names_every_module() -> None:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())
    modules = sorted(path.stem for path in (ROOT / "plugins/modules").glob("sentori_*.py"))
    assert runtime["action_groups"] == {"sentori": modules}


def test_all_parts_of_the_project_have_the_same_version() -> None:
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
