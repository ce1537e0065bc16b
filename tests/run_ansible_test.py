# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run ansible-test on the collection as users have it: built and installed in its own folder.

``python tests/run_ansible_test.py`` runs sanity, units and integration, or those that are named. Sentori is the
sandbox, in this process. The home folder is temporary.

Sanity imports the code of managed hosts with each Python of this machine. With ``--each-python``, units
and integration also run with each of them.

ansible-test exits with 0 even if it skips everything. Here a run fails if it skips a test, or if its output does not
show each expected test. A Python version that this machine does not have is reported and is not a failure.
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
# What is run with the Python of a managed host, and the options of ansible-test for it.
MANAGED_HOST = {
    "units": ["--target-python={}@{}", "tests/unit/plugins/module_utils/"],
    "integration": ["--target=controller:python={}@{}"],
}
# Warnings of Ansible about modules and playbooks; those of ansible-test itself begin with a bare WARNING.
WARNINGS = ("[WARNING]", "[DEPRECATION WARNING]")
SKIPS = re.compile(r"WARNING: (Skipping|Excluding) |All targets skipped|No tests? (found|applicable)|\b\d+ skipped\b")
PYTHON_NOT_FOUND = re.compile(r"on Python [\d.]+ because it could not be found")
# ansible-test would download get-pip. It uses a cached file instead, if one has the name of the version that it
# needs (24.2: ansible-core 2.18 and 2.19; 25.2: 2.20 and 2.21), and calls it with "pip==..." among its arguments.
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
    parser.add_argument("--each-python", action="store_true", help="also with each other Python of this machine")
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
    """The arguments of each run of ansible-test."""
    for kind in kinds:
        yield [kind, f"--python={PYTHON}"] if kind in MANAGED_HOST else [kind]
        if kind in MANAGED_HOST:
            yield from ([kind, *(part.format(*host) for part in MANAGED_HOST[kind])] for host in hosts.items())


def managed_hosts(folder: Path) -> dict[str, Path]:
    """Create a venv of a managed host for each other Python of this machine: {"3.9": its interpreter}."""
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
    """The environment variables of a new user with an empty home and the pip settings of this machine."""
    cache = folder / ".ansible/test/cache"
    cache.mkdir(parents=True)
    for name in GET_PIP:
        (cache / name).write_text(INSTEAD_OF_GET_PIP)
    # ansible-test removes PIP_* in its venvs, so these settings have to be in the file.
    pip = folder / ".config/pip/pip.conf"
    pip.parent.mkdir(parents=True)
    pip.write_text(pip_settings())
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "SENTORI_"))}
    path = [str(BIN), *(str(Path(python).parent) for python in pythons.found().values()), clean["PATH"]]
    return {**clean, "PATH": os.pathsep.join(path), "HOME": str(folder), "ANSIBLE_HOME": str(folder / ".ansible")}


def pip_settings() -> str:
    """The pip settings of this machine from all sources, as one file."""
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
    """Install the collection from its artefact and add the tests, which are not in the artefact.

    The folder becomes a git repository: ansible-test gets its files from git, and finds none if an outer
    repository ignores the folder.
    """
    galaxy = [str(BIN / "ansible-galaxy"), "collection"]
    quiet = {"cwd": folder, "env": environment, "check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([*galaxy, "build", "--output-path", ".", str(ROOT)], **quiet)
    (artefact,) = folder.glob("*.tar.gz")
    subprocess.run([*galaxy, "install", "--offline", "--no-deps", "-p", ".", str(artefact)], **quiet)
    collection = folder / "ansible_collections/sentori/sentori"
    for tests in ("unit", "integration"):
        ignored = shutil.ignore_patterns("__pycache__", "integration_config.yml", "output")
        shutil.copytree(ROOT / "tests" / tests, collection / "tests" / tests, ignore=ignored)
    shutil.copy(ROOT / "tests/config.yml", collection / "tests/config.yml")
    subprocess.run(["git", "init", "--quiet", "."], **{**quiet, "cwd": collection})
    return collection


def ansible_test(arguments: list[str], collection: Path, environment: dict[str, str]) -> bool:
    """Run ansible-test; return whether all tests passed without a warning and without a skipped test."""
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
    """Texts that the output of a complete run contains."""
    if kind == "sanity":
        return [f'Running sanity test "{name}"' for name in ("compile", "import", "pep8", "pylint", "validate-modules")]
    if kind == "units":
        return [" passed in "]
    targets = sorted(path.parent.name for path in (collection / "tests/integration/targets").glob("sentori_*/aliases"))
    return [f"Running {target} integration test role" for target in targets]


def problems(lines: Sequence[str], expected: Sequence[str]) -> list[str]:
    """Problems in the output of a run: warnings, skipped tests and missing texts."""
    warned = [line for line in lines if any(warning in line for warning in WARNINGS)]
    skipped = [line for line in lines if SKIPS.search(line) and not PYTHON_NOT_FOUND.search(line)]
    missing = [text for text in expected if not any(text in line for line in lines)]
    return [*dict.fromkeys(warned + skipped), *(f"Not in the output: {text.strip()}" for text in missing)]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
