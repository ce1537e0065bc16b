# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What ansible-test says of the collection as users have it: built, installed, and in a folder of its own.

``python tests/run_ansible_test.py`` runs sanity, units and integration; their names choose among them. Sentori is the
sandbox, in this process. The home folder is one that lasts as long as this run.

Sanity asks each Python of this machine whether it can import what managed hosts run. With ``--each-python``, units
and integration run there, too.

ansible-test exits with 0 when it skips everything. Here a run fails that skips something, or that does not show that
it tested what it should; only a Python that this machine does not have is told, and is no failure.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pythons
from sentori_sandbox import Sandbox

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
KINDS = ("sanity", "units", "integration")
# What is run with a managed host's Python, and how ansible-test is told of it.
MANAGED_HOST = {
    "units": ["--target-python={}@{}", "tests/unit/plugins/module_utils/"],
    "integration": ["--target=controller:python={}@{}"],
}
# ansible-test's own words begin with a bare WARNING; these are Ansible's, of our modules and playbooks.
WARNINGS = ("[WARNING]", "[DEPRECATION WARNING]")
SKIPS = re.compile(r"WARNING: (Skipping|Excluding) |All targets skipped|No tests? (found|applicable)|\b\d+ skipped\b")
PYTHON_NOT_FOUND = re.compile(r"on Python [\d.]+ because it could not be found")
# ansible-test would fetch get-pip from its own site. It takes what lies here under the name of the version that it
# wants (24.2: ansible-core 2.18 and 2.19; 25.2: 2.20 and 2.21), and calls it with "pip==..." among its arguments.
GET_PIP = ("get_pip_24_2.py", "get_pip_25_2.py")
INSTEAD_OF_GET_PIP = """\
import subprocess
import sys

subprocess.run([sys.executable, "-m", "ensurepip", "--default-pip"], check=True)
pins = [argument for argument in sys.argv[1:] if argument.startswith("pip==")]
subprocess.run([sys.executable, "-m", "pip", "install", "--disable-pip-version-check", *pins], check=bool(pins))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="Run ansible-test on the built collection, against a sandbox.")
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="|".join(KINDS), help="(default: all)")
    parser.add_argument("--each-python", action="store_true", help="also on managed hosts with another Python")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sentori-ansible-test-") as folder, Sandbox(seed="demo") as sandbox:
        environment = home(Path(folder, "home"))
        collection = installed(Path(folder), environment)
        settings = {"sentori_url": sandbox.url, "sentori_api_key": sandbox.api_key}
        Path(collection, "tests/integration/integration_config.yml").write_text(json.dumps(settings))
        hosts = managed_hosts(Path(folder, "hosts")) if arguments.each_python else {}
        every_run = runs(arguments.kinds or KINDS, hosts)
        return 0 if all([ansible_test(run, collection, environment) for run in every_run]) else 1


def runs(kinds: Sequence[str], hosts: dict[str, Path]) -> Iterator[list[str]]:
    """ansible-test's arguments, of one run after the other."""
    for kind in kinds:
        yield [kind, f"--python={PYTHON}"] if kind in MANAGED_HOST else [kind]
        if kind in MANAGED_HOST:
            yield from ([kind, *(part.format(*host) for part in MANAGED_HOST[kind])] for host in hosts.items())


def managed_hosts(folder: Path) -> dict[str, Path]:
    """Each other Python that this machine has, in a venv with what a managed host needs: {"3.9": its interpreter}."""
    hosts = {}
    for version, python in pythons.found().items():
        if version != PYTHON:
            hosts[version] = folder / version / "bin/python"
            uv = [str(BIN / "uv"), "--quiet"]
            subprocess.run([*uv, "venv", "--python", python, str(folder / version)], check=True)
            install = ["pip", "install", "--python", str(hosts[version]), "-r", "requirements/managed-host.txt"]
            subprocess.run([*uv, *install], check=True, cwd=ROOT)
    return hosts


def home(folder: Path) -> dict[str, str]:
    """The environment of somebody who has nothing in this home, but pip as it is set up here."""
    cache = folder / ".ansible/test/cache"
    cache.mkdir(parents=True)
    for name in GET_PIP:
        (cache / name).write_text(INSTEAD_OF_GET_PIP)
    # ansible-test keeps PIP_* from its venvs: what those say has to be in the file.
    pip = folder / ".config/pip/pip.conf"
    pip.parent.mkdir(parents=True)
    pip.write_text(pip_settings())
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "SENTORI_"))}
    path = [str(BIN), *(str(Path(python).parent) for python in pythons.found().values()), clean["PATH"]]
    return {**clean, "PATH": os.pathsep.join(path), "HOME": str(folder), "ANSIBLE_HOME": str(folder / ".ansible")}


def pip_settings() -> str:
    """How pip is set up here, wherever it is said, as one file."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    settings = {}
    # Each line is section.name='value'; the environment, as section ":env:", goes before the others.
    for line in sorted(listed.splitlines(), key=lambda line: line.startswith(":env:")):
        name, _, value = line.partition("=")
        settings[name.rpartition(".")[2]] = ast.literal_eval(value)
    indented = {name: value.replace("\n", "\n    ") for name, value in settings.items()}
    return "[global]\n" + "".join(f"{name} = {value}\n" for name, value in indented.items())


def installed(folder: Path, environment: dict[str, str]) -> Path:
    """The collection, installed from its artefact, and the tests, which the artefact does not hold.

    It is a repository of its own: ansible-test asks git which files there are, and finds none where an outer
    repository ignores the folder.
    """
    galaxy = [str(BIN / "ansible-galaxy"), "collection"]
    quiet = {"cwd": folder, "env": environment, "check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([*galaxy, "build", "--output-path", ".", str(ROOT)], **quiet)
    (artefact,) = folder.glob("*.tar.gz")
    subprocess.run([*galaxy, "install", "--offline", "--no-deps", "-p", ".", str(artefact)], **quiet)
    collection = folder / "ansible_collections/sentori/sentori"
    for tests in ("unit", "integration"):
        no_litter = shutil.ignore_patterns("__pycache__", "integration_config.yml", "output")
        shutil.copytree(ROOT / "tests" / tests, collection / "tests" / tests, ignore=no_litter)
    shutil.copy(ROOT / "tests/config.yml", collection / "tests/config.yml")
    subprocess.run(["git", "init", "--quiet", "."], **{**quiet, "cwd": collection})
    return collection


def ansible_test(arguments: list[str], collection: Path, environment: dict[str, str]) -> bool:
    """Whether all tests of a run pass, with no warning and nothing skipped."""
    called = f"ansible-test {' '.join(arguments)}"
    say(f"\n$ {called}")
    began, lines = time.monotonic(), []
    command = [str(BIN / "ansible-test"), *arguments, "--color", "no"]
    command += ["--continue-on-error"] if arguments[0] == "integration" else []
    with subprocess.Popen(
        command, cwd=collection, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            say(line.rstrip("\n"))
            lines.append(line.strip())
    found = problems(lines, evidence(arguments[0], collection))
    if running.returncode:
        found.insert(0, f"ansible-test exited with {running.returncode}.")
    say(f"{called}: {'FAILED' if found else 'passed'} in {time.monotonic() - began:.0f} s.")
    for line in found:
        say(f"  {line}")
    for line in dict.fromkeys(filter(PYTHON_NOT_FOUND.search, lines)):
        say(f"  Not tested: {line}")
    return not found


def evidence(kind: str, collection: Path) -> list[str]:
    """What the output of a run contains if it tested what it should."""
    if kind == "sanity":
        return [f'Running sanity test "{name}"' for name in ("compile", "import", "pep8", "pylint", "validate-modules")]
    if kind == "units":
        return [" passed in "]
    targets = sorted(path.parent.name for path in (collection / "tests/integration/targets").glob("sentori_*/aliases"))
    return [f"Running {target} integration test role" for target in targets]


def problems(lines: Sequence[str], expected: Sequence[str]) -> list[str]:
    """What is wrong in the output of a run: warnings, skipped tests, and expected text that is missing."""
    warned = [line for line in lines if any(warning in line for warning in WARNINGS)]
    skipped = [line for line in lines if SKIPS.search(line) and not PYTHON_NOT_FOUND.search(line)]
    missing = [text for text in expected if not any(text in line for line in lines)]
    return [*dict.fromkeys(warned + skipped), *(f"Not in the output: {text.strip()}" for text in missing)]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
