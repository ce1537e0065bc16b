# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Builds the site in ``build/site``, and fails for a broken link."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from airflow_provider_sentori.operators import sentori as operators
from airflow_provider_sentori.transfers import sentori_to_sql, sql_to_sentori
from links import ROOT, into_the_repository
from sentori_sandbox.assumptions import TABLE

DOCS = ROOT / "docs"
BUILD = ROOT / "build" / "site"
SOURCE = ROOT / "build" / "site-source"
BIN = Path(sys.executable).parent


def main() -> None:
    for folder in (BUILD, SOURCE):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS / "site", SOURCE)
    shutil.copytree(DOCS / "images", SOURCE / "images")
    for guide in DOCS.glob("*.md"):
        (SOURCE / guide.name).write_text(into_the_repository(guide.read_text(), DOCS, keep=is_in_the_site))
    (SOURCE / "index.md").write_text(landing_page())
    (SOURCE / "open-questions.md").write_text(open_questions())
    document_the_operators()
    document_the_collection()
    run("sphinx-build", "--quiet", "--fail-on-warning", "--keep-going", "-b", "html", SOURCE, BUILD)
    sys.stdout.write(f"{BUILD.relative_to(ROOT)}/index.html\n")


def is_in_the_site(file: Path) -> bool:
    return file.suffix in (".md", ".png", ".svg") and DOCS in file.parents


def landing_page() -> str:
    """The front page, with the playbook and the DAG of the README."""
    readme, page = (ROOT / "README.md").read_text(), (DOCS / "site" / "index.md").read_text()
    for language in ("yaml", "python"):
        block = re.search(rf"^```{language}\n.*?^```$", readme, re.DOTALL | re.MULTILINE)
        assert block is not None
        page = page.replace(f"@{language}@", block[0])
    return page.replace("(../images/", "(images/")


def open_questions() -> str:
    """The questions that the vendor leaves open, from the sandbox's table."""
    parts = [
        "# What Sentori leaves open\n",
        "Sentori's documentation does not answer these questions. Nothing here relies on an answer: each has a switch"
        " in the sandbox, and what this project does is tested with each of its values.\n",
    ]
    for assumption in TABLE:
        values = [f"- `{value}`: {meaning}" for value, meaning in assumption.values.items()]
        parts += [f"## `{assumption.name}`\n", f"{assumption.question}\n", "\n".join(values) + "\n"]
    return "\n".join(parts)


def document_the_operators() -> None:
    """One page for each operator, and for all else of the provider that a DAG imports."""
    transfers = [name for name in vars(sql_to_sentori) if name.startswith("SqlToSentori")]
    to_sql = sentori_to_sql.SentoriToSqlOperator.__name__
    classes = {
        **{name: f"airflow_provider_sentori.operators.sentori.{name}" for name in operators.__all__},
        **{name: f"airflow_provider_sentori.transfers.sql_to_sentori.{name}" for name in transfers},
        to_sql: f"airflow_provider_sentori.transfers.sentori_to_sql.{to_sql}",
        "SentoriContactSensor": "airflow_provider_sentori.sensors.sentori.SentoriContactSensor",
        "SentoriHook": "airflow_provider_sentori.hooks.sentori.SentoriHook",
        "SentoriReportLink": "airflow_provider_sentori.links.sentori.SentoriReportLink",
    }
    folder = SOURCE / "operators"
    folder.mkdir()
    for name, path in classes.items():
        module = path.rpartition(".")[0]
        directive = f".. autoclass:: {path}\n   :members:\n   :exclude-members: execute, poke"
        lines = ["```python", f"from {module} import {name}", "```", "", "```{eval-rst}", directive, "```"]
        (folder / f"{name}.md").write_text("\n".join([f"# {name}", "", *lines, ""]))
    errors = "```{eval-rst}\n.. automodule:: airflow_provider_sentori.core.errors\n   :members:\n```"
    (folder / "errors.md").write_text(f"# Errors\n\n{errors}\n")
    pages = [f"operators/{name}" for name in (*classes, "errors")]
    toctree = "\n".join(["```{toctree}", ":maxdepth: 1", "", *pages, "```", ""])
    text = "The operators, transfers, the sensor and the hook of `airflow-provider-sentori`."
    (SOURCE / "operators.md").write_text(f"# Operators\n\n{text}\n\n{toctree}")


def document_the_collection() -> None:
    collections = SOURCE.with_name("site-collections")
    shutil.rmtree(collections, ignore_errors=True)
    run("ansible-galaxy", "collection", "build", "--output-path", collections, ROOT)
    (artefact,) = collections.glob("*.tar.gz")
    run("ansible-galaxy", "collection", "install", "--offline", "-p", collections, artefact)
    target = SOURCE / "collections"
    target.mkdir()
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(collections)
    options = ["--use-current", "--squash-hierarchy", "--no-add-antsibull-docs-version", "--dest-dir", target]
    run("antsibull-docs", "collection", *options, "sentori.sentori")
    # The page of modules takes the place of the collection's own index.
    index = target / "index.rst"
    index.write_text(":orphan:\n\n" + index.read_text())


def run(*command: object) -> None:
    """Run one of the programs beside this interpreter, with a home of its own: some of them keep logs there."""
    home = ROOT / "build" / "home"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [BIN / str(command[0]), *map(str, command[1:])],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={
            **os.environ,
            "HOME": str(home),
            "AIRFLOW_HOME": str(home / "airflow"),
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        },
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{command[0]} ended with {done.returncode}.")


if __name__ == "__main__":
    main()
