# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run a playbook and a DAG against the sandbox, each until a run changes nothing.

The sandbox runs in this process, with twelve invented contacts. A CSV file of a shop and a database of a CRM have
thousands more. The changes of each run are counted by comparing the state of the sandbox before and after it.
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
    """One run and its effect: changes in Sentori, requests, and the writes among them."""

    name: str
    changed: int
    requests: int
    writes: int
    expect_no_change: bool = False


class Command:
    """Run commands of this Python environment in the demo's own folder and environment."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AIRFLOW_"))}
        self.environment = {**clean, "PATH": f"{BIN}{os.pathsep}{clean['PATH']}", **environment}

    def show(self, *command: str) -> None:
        """Run a command and show its output."""
        shown = " ".join(Path(part).name if part.startswith("/") else part for part in command)
        say(f"\n$ {shown}")
        ended = subprocess.run(command, cwd=self.folder, env=self.environment)
        if ended.returncode:
            raise SystemExit(f"{command[0]} failed with exit code {ended.returncode}.")

    def hide(self, *command: str, lines_with: str | None = None) -> None:
        """Run a command and show only the lines that contain ``lines_with``; all lines if it fails."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            say(done.stdout)
            raise SystemExit(f"{command[0]} failed with exit code {done.returncode}.")
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
    return 0 if all(bool(run.changed or run.writes) != run.expect_no_change for run in runs) else 1


def play(command: Command, sandbox: Sandbox) -> list[Run]:
    say("Building the collection and installing it from its artefact.")
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
        measure(
            "playbook --check", sandbox, lambda: command.show(*playbook, "--check", "--diff"), expect_no_change=True
        ),
        measure("playbook", sandbox, lambda: command.show(*playbook)),
        measure("playbook again", sandbox, lambda: command.show(*playbook), expect_no_change=True),
    ]


def run_dag(command: Command, sandbox: Sandbox) -> list[Run]:
    say("\nSetting up the database of Airflow.")
    command.hide("airflow", "db", "migrate")

    def test_dag() -> None:
        say("\n$ airflow dags test sentori_demo")
        command.hide("airflow", "dags", "test", "sentori_demo", lines_with="requests: ")

    return [measure("DAG", sandbox, test_dag), measure("DAG again", sandbox, test_dag, expect_no_change=True)]


def measure(name: str, sandbox: Sandbox, run: Callable[[], None], *, expect_no_change: bool = False) -> Run:
    """Call ``run``; count its changes and requests."""
    before = snapshot(sandbox)
    sandbox.clear_requests()
    run()
    changed = {subject for subject, _ in before ^ snapshot(sandbox)}
    return Run(name, len(changed), len(sandbox.requests()), len(sandbox.writes()), expect_no_change)


def snapshot(sandbox: Sandbox) -> set[tuple[Any, str]]:
    """Return the state of Sentori as pairs: a contact or membership, and its value."""
    contacts = sandbox.contacts()
    found = {(contact["SystemID"], repr(contact)) for contact in contacts}
    for mailing_list in sandbox.state()["mailing_lists"]:
        name = mailing_list["ExternalID"]
        members = {address.lower() for address in sandbox.subscribers(name)}
        found |= {((name, one["SystemID"]), "on") for one in contacts if one["EmailAddress"].lower() in members}
    return found


def table(runs: list[Run]) -> str:
    rows = [("run", "changes", "requests", "writes")]
    rows += [(run.name, str(run.changed), str(run.requests), str(run.writes)) for run in runs]
    return "\n" + "\n".join(f"{row[0]:<18}{row[1]:>8}{row[2]:>10}{row[3]:>16}" for row in rows)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
