# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run tasks with a real ansible-playbook against a sandbox, and return the result of each task."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sentori_sandbox import Sandbox

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def ansible(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of Ansible without any configuration of this machine."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "SENTORI_"))}
    own = {"ANSIBLE_HOME": str(cwd / ".ansible"), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_CONFIG": str(cwd / "ansible.cfg")}
    (cwd / "ansible.cfg").touch()
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=cwd,
        env={**clean, **own, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@dataclass(frozen=True)
class Recorded:
    """The result of a task, and the number of its playbook in the run, from 0."""

    playbook: int
    task: str
    result: dict[str, Any]


@dataclass(frozen=True)
class Played:
    """The output of a run of ansible-playbook, and the results of its tasks in order."""

    returncode: int
    output: str
    recorded: list[Recorded]

    @property
    def results(self) -> list[dict[str, Any]]:
        return [recorded.result for recorded in self.recorded]

    def named(self, task: str) -> dict[str, Any]:
        """The result of the task with this name."""
        (result,) = (recorded.result for recorded in self.recorded if recorded.task == task)
        return result


class Player:
    """Runs tasks against a sandbox, from a folder outside of the repository."""

    def __init__(self, folder: Path, collections: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.environment = {
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_ASYNC_DIR": str(folder / "async"),
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "record_results",
            "RECORD_RESULTS": str(folder / "results.jsonl"),
            "SENTORI_URL": sandbox.url,
            "SENTORI_API_KEY": sandbox.api_key,
        }

    def play(self, tasks: list[dict[str, Any]], *options: str, **more: Any) -> Played:
        """Play ``tasks``; ``options`` go to ansible-playbook, ``more`` are keywords of the play."""
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": sys.executable},
            **more,
            "tasks": tasks,
        }
        playbook = self.folder / "play.yml"
        playbook.write_text(yaml.safe_dump([play], sort_keys=False))
        return self.run(*options, playbook)

    def run(self, *command: Path | str) -> Played:
        """Run playbooks, one after the other, with options of ansible-playbook."""
        record = Path(self.environment["RECORD_RESULTS"])
        record.unlink(missing_ok=True)
        local = ["-i", "localhost,", "-c", "local"]
        done = ansible("ansible-playbook", *local, *map(str, command), cwd=self.folder, **self.environment)
        lines = record.read_text().splitlines() if record.exists() else []
        return Played(done.returncode, done.stdout + done.stderr, [Recorded(**json.loads(line)) for line in lines])
