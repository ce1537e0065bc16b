# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Test the artefacts of ``make dist``, each in its own empty environment.

The wheel of the sandbox starts a server; against it run a task of the collection's artefact and a DAG of the
provider's wheel, with the newest versions of Airflow and requests that pip finds. Then the guide to getting
started is run from top to bottom.

With ``--install-only`` the wheels and the collection are only installed and imported.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DIST = ROOT / "build" / "dist"
GUIDE = ROOT / "docs" / "getting-started.md"
BLOCK = re.compile(r"(?:`(?P<file>[\w./]+)`:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
UV = Path(sys.executable).with_name("uv")
PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  tasks:
    - sentori.sentori.sentori_contact:
        email: task@example.com
        fields: {FirstName: Task}
"""
DAG = """
from datetime import datetime

from airflow.providers.common.compat.sdk import DAG
from airflow_provider_sentori.operators.sentori import SentoriContactOperator

with DAG("released", schedule=None, start_date=datetime(2026, 1, 1)):
    SentoriContactOperator(task_id="contact", email="dag@example.com", fields={"FirstName": "DAG"})
"""


# All modules but those that need an optional provider or the folder of a DAG.
IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not {"example_dags", "lineage", "__main__"} & {*module.name.split(".")}:
        importlib.import_module(module.name)
        print(module.name)
"""


class Workshop:
    """A folder with Python environments and its own configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AIRFLOW_"))}
        own = {"ANSIBLE_HOME": f"{folder}/ansible", "AIRFLOW_HOME": f"{folder}/airflow"}
        self._environment = {**clean, **own, "ANSIBLE_COLLECTIONS_PATH": f"{folder}/collections"}

    def run(self, *command: object, **environment: str) -> str:
        """Run a command and return its output. Raises SystemExit with the output if it fails."""
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            env={**self._environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        if done.returncode:
            raise SystemExit(f"{done.stdout}\n{command[0]} ended with {done.returncode}.")
        return done.stdout

    def environment(self, name: str, *requirements: object) -> Path:
        """Create an environment with only these requirements; return the folder of its programs."""
        self.run(UV, "venv", "--quiet", "--python", sys.executable, name)
        programs = self.folder / name / "bin"
        self.run(UV, "pip", "install", "--quiet", "--python", programs / "python", *requirements)
        return programs

    @contextmanager
    def sentori(self, programs: Path) -> Iterator[dict[str, Any]]:
        """Run the sandbox of an environment; yield its url and api_key."""
        command = [programs / "sentori-sandbox", "serve", "--port", "0"]
        with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            try:
                yield json.loads(server.stdout.readline())
            finally:
                server.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description="Test the artefacts of `make dist`.")
    parser.add_argument("--install-only", action="store_true", help="install and import them only")
    with tempfile.TemporaryDirectory(prefix="sentori-release-") as name:
        workshop = Workshop(Path(name))
        (install if parser.parse_args().install_only else check_all)(workshop)


def install(workshop: Workshop) -> None:
    for package in ("sentori_sandbox", "airflow_provider_sentori"):
        wheel = only(f"{package}-*.whl")
        programs = workshop.environment(package, wheel)
        settings = {"AIRFLOW_HOME": str(workshop.folder / "home"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
        imported = workshop.run(programs / "python", "-c", IMPORT_ALL, package, **settings)
        expect(f"{package}." in imported, f"the modules of {wheel.name}", [imported])
    check_bills()
    programs = install_collection(workshop)
    modules = [f"sentori.sentori.{path.stem}" for path in (ROOT / "plugins/modules").glob("sentori_*.py")]
    documented = json.loads(workshop.run(programs / "ansible-doc", "--json", *modules))
    expect(sorted(documented) == sorted(modules), "the documentation of the collection", [str(documented.keys())])


def check_bills() -> None:
    """Each artefact is in a software bill of materials with its hash, and so is what it needs."""
    named = {}
    for bill in map(json.loads, (path.read_text() for path in DIST.glob("*.cdx.json"))):
        components = {component["name"] for component in bill["components"]}
        expect("starlette" in components or "requests" in components, "a bill of materials", [str(components)])
        artefacts = bill["metadata"]["component"]["externalReferences"]
        named.update({artefact["url"]: artefact["hashes"][0]["content"] for artefact in artefacts})
    files = [*DIST.glob("*.whl"), *DIST.glob("*.tar.gz")]
    hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    expect(named == hashes, "the hashes of the bills of materials", [str(named), str(hashes)])


def check_all(workshop: Workshop) -> None:
    with workshop.sentori(workshop.environment("server", only("sentori_sandbox-*.whl"))) as sentori:
        check_collection(workshop, sentori)
        for kind in ("*.whl", "*.tar.gz"):
            check_provider(workshop, sentori, only(f"airflow_provider_sentori-{kind}"))
    run_guide(workshop)


def only(pattern: str) -> Path:
    (found,) = DIST.glob(pattern)
    return found


def install_collection(workshop: Workshop) -> Path:
    """Install Ansible and the collection, and return the folder of Ansible's programs."""
    programs = workshop.environment("controller", "ansible-core", "-r", ROOT / "meta" / "ee-requirements.txt")
    galaxy = [programs / "ansible-galaxy", "collection", "install", "--offline", "-p", "collections"]
    workshop.run(*galaxy, only("sentori-sentori-*.tar.gz"))
    return programs


def check_collection(workshop: Workshop, sentori: dict[str, Any]) -> None:
    programs = install_collection(workshop)
    (workshop.folder / "play.yml").write_text(PLAYBOOK)
    key = {"SENTORI_URL": sentori["url"], "SENTORI_API_KEY": sentori["api_key"]}
    interpreter = f"ansible_python_interpreter={programs / 'python'}"
    play = [programs / "ansible-playbook", "-i", "localhost,", "-c", "local", "-e", interpreter, "play.yml"]
    first, again = (workshop.run(*play, **key) for _ in range(2))
    expect("changed=1" in first and "changed=0" in again, "a task of the collection, and again", [first, again])


def check_provider(workshop: Workshop, sentori: dict[str, Any], artefact: Path) -> None:
    name = f"airflow-{artefact.suffix[1:]}"
    programs = workshop.environment(name, artefact)
    dags = workshop.folder / name / "dags"
    dags.mkdir()
    (dags / "released.py").write_text(DAG)
    settings = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "AIRFLOW_HOME": str(workshop.folder / name / "home"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW_CONN_SENTORI_DEFAULT": json.dumps(
            {"conn_type": "sentori", "host": sentori["url"], "password": sentori["api_key"]}
        ),
    }
    workshop.run(programs / "airflow", "db", "migrate", **settings)
    printed = workshop.run(programs / "airflow", "dags", "test", "released", **settings)
    lines = [line for line in printed.splitlines() if "requests: " in line]
    expect(len(lines) == 1, f"a DAG of {artefact.name}", printed.splitlines()[-30:])


def run_guide(workshop: Workshop) -> None:
    """Run the whole guide in one shell, unchanged, but with the collection from its artefact instead of Galaxy."""
    stop_sandbox = "trap 'test $? = 0 || sentori-sandbox stop' EXIT\n"
    script = stop_sandbox + "".join(as_shell(block) for block in BLOCK.finditer(GUIDE.read_text()))
    galaxy = "ansible-galaxy collection install "
    script = script.replace(f"{galaxy}sentori.sentori", f"{galaxy}--offline {only('sentori-sentori-*.tar.gz')}")
    newcomer = workshop.folder / "newcomer"
    newcomer.mkdir()
    own = {
        "PIP_FIND_LINKS": f"{DIST.as_uri()} {os.environ.get('PIP_FIND_LINKS', '')}",
        "ANSIBLE_COLLECTIONS_PATH": str(newcomer / "collections"),
    }
    printed = workshop.run("bash", "-ec", f"cd newcomer\n{script}", **own)
    expect(re.findall(r" changed=(\d)", printed) == ["2", "2", "0"], f"the playbook of {GUIDE.name}", [printed])
    done = re.findall(r"\bContact \w+.*: (\w+)\b.*; requests: ", printed)
    expect(done == ["created", "subscribed", "unchanged", "unchanged"], f"the DAG of {GUIDE.name}", [printed])


def as_shell(block: re.Match[str]) -> str:
    """Shell blocks are commands; any other block is the file that is named before it."""
    if block["language"] == "shell":
        return block["text"]
    return f"cat > {block['file']} <<'END'\n{block['text']}END\n"


def expect(condition: bool, what: str, seen: list[str]) -> None:
    if not condition:
        raise SystemExit("\n".join([*seen, f"{what}: FAILED"]))
    say(f"  {what}: passed")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
