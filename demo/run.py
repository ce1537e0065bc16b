# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The walk through the whole house: a playbook and a DAG, each until nothing is left to change.

Sentori is the sandbox, in this process, with a dozen invented people. A shop's file and a CRM's database hold some
thousand more. What each run has changed is read off Sentori's own state before and after it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from people import write_csv, write_database
from sentori_sandbox import Sandbox

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
CUSTOMERS, IN_CRM = 3000, 1000
QUIET_AIRFLOW = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_FOLDER": str(HERE / "dags"),
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    "AIRFLOW__LOGGING__NAMESPACE_LEVELS": "airflow.task=INFO",
}


@dataclass(frozen=True)
class Run:
    """What one run was, and what it did: changes in Sentori, requests sent, and how many of those were writes."""

    name: str
    changed: int
    requests: int
    writes: int
    must_change_nothing: bool = False


class Command:
    """Runs commands beside this interpreter, in a folder and an environment of the demo's own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AIRFLOW_"))}
        self.environment = {**clean, "PATH": f"{BIN}{os.pathsep}{clean['PATH']}", **environment}

    def show(self, *command: str) -> None:
        """Run it under the reader's eyes."""
        shown = " ".join(Path(part).name if part.startswith("/") else part for part in command)
        say(f"\n$ {shown}")
        ended = subprocess.run(command, cwd=self.folder, env=self.environment)
        if ended.returncode:
            raise SystemExit(f"{command[0]} ended with {ended.returncode}.")

    def hide(self, *command: str, lines_with: str | None = None) -> None:
        """Run it and show only the lines that hold ``lines_with``; all of them if it fails."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            say(done.stdout)
            raise SystemExit(f"{command[0]} ended with {done.returncode}.")
        if lines_with is not None:
            shown = [
                line.partition("[airflow.task")[0].rstrip() for line in done.stdout.splitlines() if lines_with in line
            ]
            say("\n".join(shown))


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sentori-demo-") as folder, Sandbox(seed="demo") as sandbox:
        write_csv(Path(folder, "customers.csv"), CUSTOMERS)
        write_database(Path(folder, "crm.db"), IN_CRM)
        command = Command(
            Path(folder),
            {
                "SHOP": folder,
                "AIRFLOW_CONN_CRM": json.dumps({"conn_type": "sqlite", "host": f"{folder}/crm.db"}),
                **sandbox.env(),
                **QUIET_AIRFLOW,
                "AIRFLOW_HOME": f"{folder}/airflow",
                "ANSIBLE_HOME": f"{folder}/ansible",
                "ANSIBLE_COLLECTIONS_PATH": f"{folder}/collections",
                "ANSIBLE_FORCE_COLOR": "1" if sys.stdout.isatty() else "0",
            },
        )
        runs = [*play(command, sandbox), *run_dag(command, sandbox)]
    say(table(runs))
    return 0 if all(bool(run.changed or run.writes) != run.must_change_nothing for run in runs) else 1


def play(command: Command, sandbox: Sandbox) -> list[Run]:
    say("The collection: built, and installed from its artefact.")
    command.hide("ansible-galaxy", "collection", "build", "--output-path", ".", str(HERE.parent))
    (artefact,) = command.folder.glob("sentori-sentori-*.tar.gz")
    command.hide("ansible-galaxy", "collection", "install", "--offline", "-p", "collections", str(artefact))
    playbook = [
        "ansible-playbook",
        "-i",
        "localhost,",
        "-c",
        "local",
        "-e",
        f"ansible_python_interpreter={sys.executable}",
    ]
    playbook.append(str(HERE / "playbook.yml"))
    return [
        watched("playbook --check", sandbox, lambda: command.show(*playbook, "--check", "--diff"), nothing=True),
        watched("playbook", sandbox, lambda: command.show(*playbook)),
        watched("playbook again", sandbox, lambda: command.show(*playbook), nothing=True),
    ]


def run_dag(command: Command, sandbox: Sandbox) -> list[Run]:
    say("\nAirflow: its database is set up.")
    command.hide("airflow", "db", "migrate")

    def test_dag() -> None:
        say("\n$ airflow dags test sentori_demo")
        command.hide("airflow", "dags", "test", "sentori_demo", lines_with="requests: ")

    return [watched("DAG", sandbox, test_dag), watched("DAG again", sandbox, test_dag, nothing=True)]


def watched(name: str, sandbox: Sandbox, run: Callable[[], None], *, nothing: bool = False) -> Run:
    """Do it, and see what it did to Sentori."""
    before = facts(sandbox)
    sandbox.clear_requests()
    run()
    changed = {about for about, _ in before ^ facts(sandbox)}
    return Run(name, len(changed), len(sandbox.requests()), len(sandbox.writes()), nothing)


def facts(sandbox: Sandbox) -> set[tuple[Any, str]]:
    """What is true in Sentori, as (whom or whose membership it is about, how it is)."""
    contacts = sandbox.contacts()
    found = {(contact["SystemID"], repr(contact)) for contact in contacts}
    for mailing_list in sandbox.state()["mailing_lists"]:
        name = mailing_list["ExternalID"]
        members = {address.lower() for address in sandbox.subscribers(name)}
        found |= {((name, one["SystemID"]), "on") for one in contacts if one["EmailAddress"].lower() in members}
    return found


def table(runs: list[Run]) -> str:
    rows = [("run", "changes", "requests", "of them writes")]
    rows += [(run.name, str(run.changed), str(run.requests), str(run.writes)) for run in runs]
    return "\n" + "\n".join(f"{row[0]:<18}{row[1]:>8}{row[2]:>10}{row[3]:>16}" for row in rows)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
