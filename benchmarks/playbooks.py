# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure tasks of a real ansible-playbook: one contact above a ping, and many contacts beside a loop of ``uri``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from goals import Goal
from processes import HEAVIEST, KEY, Share, say
from stub import running_stub

ROOT = Path(__file__).parents[1]
CALLBACKS = Path(__file__).with_name("callbacks")
MODULE = "sentori.sentori.sentori_contact"
TASKS, IMPORTS = 12, 7
CONTACTS, IN_LOOP, MANY_ROUNDS = 1_000, 20, 3
MANY = f"{CONTACTS:,} contacts in one `sentori_contacts` task"
MOST_ABOVE, MOST_OWN, TIMES = 150.0, 40.0, 300.0
# A line of `python -X importtime`: microseconds of a module itself, of it with its imports, and its name.
IMPORTED = re.compile(r"import time: +(\d+) \| +\d+ \| +(\S+)")
OWN = "ansible_collections.sentori.sentori.plugins."
Imports = dict[str, float]


class Ansible:
    """Runs playbooks on this machine, and keeps the modules that are sent to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seconds = folder / "seconds"
        namespace = folder / "ansible_collections" / "sentori"
        namespace.mkdir(parents=True)
        (namespace / "sentori").symlink_to(ROOT)
        (folder / "ansible.cfg").touch()
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "SENTORI_"))}
        self._environment = {
            **clean,
            "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "ANSIBLE_HOME": str(folder / ".ansible"),
            "ANSIBLE_REMOTE_TMP": str(folder / "sent"),
            "ANSIBLE_COLLECTIONS_PATH": str(folder),
            "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
            "ANSIBLE_CALLBACKS_ENABLED": "task_seconds",
            "TASK_SECONDS": str(self._seconds),
        }

    def play(self, tasks: Sequence[dict[str, Any]], **environment: str) -> list[float]:
        """The seconds of each task."""
        play = {"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}
        play["vars"] = {"ansible_python_interpreter": sys.executable}
        file = self._folder / "playbook.json"
        file.write_text(json.dumps([play]))
        self._seconds.write_text("")
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "--connection", "local", str(file)]
        done = subprocess.run(
            command, cwd=self._folder, env={**self._environment, **environment}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [float(line) for line in self._seconds.read_text().split()]

    def imports(self, task: dict[str, Any]) -> list[Imports]:
        """The modules that such a task imports, several times: each with its milliseconds, without its own imports.

        The module runs as Ansible has sent it: from an archive, whose files are compiled in each task.
        """
        self.play([task], ANSIBLE_KEEP_REMOTE_FILES="1")
        (sent,) = (self._folder / "sent").glob("*/AnsiballZ_*.py")
        command = [sys.executable, "-X", "importtime", str(sent)]
        runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(IMPORTS)]
        return [{name: int(spent) / 1000 for spent, name in IMPORTED.findall(run.stderr)} for run in runs]


def goals() -> Iterator[Goal]:
    with tempfile.TemporaryDirectory(prefix="sentori-playbooks-") as folder, running_stub() as url:
        ansible = Ansible(Path(folder))
        access = {"url": url, "api_key": KEY}
        contact = {MODULE: {**access, "email": "ada@example.com", "fields": {"FirstName": "Ada"}}}
        yield from _one_contact(ansible, contact)
        yield _many_contacts(ansible, access)


def _one_contact(ansible: Ansible, contact: dict[str, Any]) -> Iterator[Goal]:
    say(f"{TASKS} tasks with one contact, each after a ping")
    # The first two tasks load what Ansible keeps.
    seconds = ansible.play([{"ansible.builtin.ping": {}}, contact] * (1 + TASKS))[2:]
    pings, contacts = seconds[::2], seconds[1::2]
    above = 1000 * median(ours - ping for ping, ours in zip(pings, contacts, strict=True))
    imports = ansible.imports(contact)
    own = [{name: spent for name, spent in found.items() if OWN in name} for found in imports]
    of_own = median(sum(found.values()) for found in own)
    packages: dict[str, float] = {}
    for name, spent in imports[-1].items():
        package = "this project" if OWN in name else name.partition(".")[0]
        packages[package] = packages.get(package, 0.0) + spent
    yield Goal(
        "One `sentori_contact` task above `ansible.builtin.ping`",
        f"{1000 * median(contacts):.0f} ms",
        f"ping: {1000 * median(pings):.0f} ms",
        f"{above:.0f} ms more",
        f"at most {MOST_ABOVE:.0f} ms",
        above <= MOST_ABOVE,
        () if above <= MOST_ABOVE else _heaviest(packages),
    )
    yield Goal(
        "Of it our own files: found, compiled and run",
        f"{of_own:.0f} ms",
        f"{len(own[-1])} files",
        f"{of_own:.0f} ms",
        f"at most {MOST_OWN:.0f} ms",
        of_own <= MOST_OWN,
        () if of_own <= MOST_OWN else _heaviest(own[-1]),
    )


def _heaviest(spent: Imports) -> list[Share]:
    """The imports that take the longest, and their part of all of these."""
    names = sorted(spent, key=lambda name: -spent[name])[:HEAVIEST]
    return [Share(f"import of {name.rpartition(OWN)[2]}", spent[name] / sum(spent.values())) for name in names]


def _many_contacts(ansible: Ansible, access: dict[str, str]) -> Goal:
    say(f"{CONTACTS:,} contacts in one task, beside a loop of uri")
    people = [{"EmailAddress": f"person{number}@example.com", "FirstName": "Ada"} for number in range(CONTACTS)]
    ours = {"sentori.sentori.sentori_contacts": {**access, "contacts": people}}
    address = access["url"] + "/v2.0/contact/get/{{ item | urlencode }}/"
    loop = {
        "ansible.builtin.uri": {"url": address, "headers": {"ApiKey": KEY}, "return_content": True},
        "loop": [row["EmailAddress"] for row in people[:IN_LOOP]],
    }
    runs = [ansible.play([{"ansible.builtin.ping": {}}, loop, ours])[1:] for _ in range(MANY_ROUNDS)]
    ratio = median(looped * CONTACTS / IN_LOOP / task for looped, task in runs)
    looped, task = (median(seconds) for seconds in zip(*runs, strict=True))
    return Goal(
        MANY,
        f"{task:.2f} s",
        f"a loop of `uri` that only reads: {looped * CONTACTS / IN_LOOP:.0f} s, from {IN_LOOP} contacts",
        f"{ratio:.0f} times as fast",
        f"at least {TIMES:.0f} times",
        ratio >= TIMES,
    )
