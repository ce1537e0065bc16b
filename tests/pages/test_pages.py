# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every snippet of the pages is tested, and every link to a file exists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest
import yaml
from airflow_provider_sentori.core.runs.progress import Snapshot
from snippets import PAGES, ROOT, languages, snippets, text

# (Page, language) -> the test that runs its snippets. Shell commands of other pages must be in the guide to getting
# started, which `make release-check` runs from top to bottom, or be targets of make.
TESTED_BY = {
    ("README.md", "yaml"): "tests/playbooks/test_documentation.py",
    ("README.md", "python"): "tests/airflow/dags/test_dags.py",
    ("docs/airflow.md", "python"): "tests/airflow/dags/test_dags.py",
    ("docs/airflow.md", "json"): "tests/airflow/dags/test_dags.py",
    ("docs/ansible.md", "yaml"): "tests/playbooks/test_documentation.py",
    ("docs/consent.md", "yaml"): "tests/playbooks/test_documentation.py",
    ("docs/consent.md", "text"): "tests/playbooks/test_documentation.py",
    ("docs/consent.md", "json"): "tests/playbooks/test_documentation.py",
    ("docs/credentials.md", "yaml"): "tests/playbooks/test_documentation.py",
    ("docs/credentials.md", "shell"): "tests/playbooks/test_documentation.py",
    ("docs/credentials.md", "json"): "tests/airflow/dags/test_guides.py",
    ("docs/export.md", "yaml"): "tests/playbooks/test_documentation.py",
    ("docs/export.md", "csv"): "tests/playbooks/test_documentation.py",
    ("docs/export.md", "python"): "tests/airflow/dags/test_dags.py",
    ("docs/files.md", "csv"): "tests/playbooks/test_documentation.py",
    ("docs/files.md", "yaml"): "tests/playbooks/test_documentation.py",
    ("docs/files.md", "text"): "tests/playbooks/test_documentation.py",
    ("docs/files.md", "json"): "tests/playbooks/test_documentation.py",
    ("docs/getting-started.md", "yaml"): "tests/release_check.py",
    ("docs/getting-started.md", "python"): "tests/release_check.py",
    ("docs/getting-started.md", "shell"): "tests/release_check.py",
    ("docs/imports.md", "csv"): "tests/playbooks/test_documentation.py",
    ("docs/imports.md", "yaml"): "tests/playbooks/test_documentation.py",
    ("docs/imports.md", "json"): "tests/playbooks/test_documentation.py",
    ("docs/imports.md", "text"): "tests/pages/test_pages.py",
    ("docs/lists.md", "yaml"): "tests/playbooks/test_documentation.py",
    ("docs/outcomes.md", "csv"): "tests/playbooks/test_documentation.py",
    ("docs/outcomes.md", "yaml"): "tests/playbooks/test_documentation.py",
    ("docs/outcomes.md", "text"): "tests/playbooks/test_documentation.py",
    ("docs/outcomes.md", "json"): "tests/playbooks/test_documentation.py",
    ("docs/personal-data.md", "yaml"): "tests/playbooks/test_documentation.py",
    ("docs/sandbox.md", "shell"): "tests/pages/test_sandbox_page.py",
    ("docs/sandbox.md", "python"): "tests/pages/test_sandbox_page.py",
    ("docs/sandbox.md", "json"): "tests/pages/test_sandbox_page.py",
    ("docs/testing.md", "python"): "tests/airflow/dags/test_guides.py",
    ("sandbox/README.md", "shell"): "tests/pages/test_sandbox_page.py",
    ("sandbox/README.md", "python"): "tests/pages/test_sandbox_page.py",
}
SHELLS = [page for page in PAGES if "shell" in languages(page) and (page, "shell") not in TESTED_BY]


def lines(page: str) -> Iterator[str]:
    """The commands of a page, without comments and with the same text in all quotes."""
    for block in snippets(page, "shell"):
        for line in filter(None, re.sub(r"'[^']*'", "'...'", block).splitlines()):
            yield re.sub(r"\s+# .*", "", line)


def test_each_snippet_is_tested() -> None:
    shown = {(page, language) for page in PAGES for language in languages(page) - {"{toctree}"}}

    assert shown - {(page, "shell") for page in SHELLS} == set(TESTED_BY)
    for (page, language), test in TESTED_BY.items():
        source = (ROOT / test).read_text()
        assert f'"{language}")' in source or test == "tests/release_check.py", (page, language, test)
        assert page.rpartition("/")[2] in source or "for page in PAGES" in source, (page, language, test)


@pytest.mark.parametrize("page", SHELLS)
def test_each_command_is_in_the_guide_or_is_a_make_target(page: str) -> None:
    played = {*lines("docs/getting-started.md")}
    targets = re.findall(r"^([\w-]+):", text("Makefile"), re.MULTILINE)
    for line in lines(page):
        a_target = line.startswith("make ") and line.removeprefix("make ") in targets
        assert line in played or a_target or line.startswith("export "), line


def test_the_guide_shows_progress_as_the_code_prints_it() -> None:
    assert snippets("docs/imports.md", "text") == [f"<localhost> {Snapshot(120_000, 300.0, 540.0)}\n"]


@pytest.mark.parametrize("page", PAGES)
def test_each_link_to_a_file_exists(page: str) -> None:
    for target in re.findall(r"\]\(([^):#\s]+)[)#]", text(page)):
        assert (ROOT / page).parent.joinpath(target).exists(), target


def test_all_metadata_name_the_same_repository() -> None:
    address = yaml.safe_load(text("galaxy.yml"))["repository"]
    for project in ("pyproject.toml", "sandbox/pyproject.toml"):
        assert tomllib.loads(text(project))["project"]["urls"] == {"Source": address}
