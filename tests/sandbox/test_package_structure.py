# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The packages of the sandbox: the direction of their imports, and their size."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

SANDBOX = Path(__file__).parents[2] / "sandbox"
PACKAGE = SANDBOX / "sentori_sandbox"
MODULES = sorted(PACKAGE.rglob("*.py"))
# A part imports only parts that come after it.
ORDER = (
    "cli",
    "sandbox",
    "http",
    "control",
    "api",
    "seeds",
    "imports",
    "account",
    "assumptions",
    "errors",
)
# The package exports `Sandbox`; `python -m sentori_sandbox` runs the command.
ENTRY_POINTS = ("__init__", "__main__")
FORBIDDEN = ("airflow", "ansible", "airflow_provider_sentori", "plugins")


def part_of(module: Path) -> str:
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_modules(module: Path) -> Iterator[str]:
    """Yield the absolute dotted name of everything that ``module`` imports."""
    package = module.relative_to(SANDBOX).parent.parts
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join((*base, *filter(None, [node.module])))
            # The imported name can be a module: `from .. import seeds`.
            yield from (f"{name}.{alias.name}" for alias in node.names)


def imported_parts(module: Path) -> set[str]:
    names = [name.split(".") for name in imported_modules(module)]
    return {name[1] for name in names if name[0] == "sentori_sandbox"}


def test_each_part_has_a_place_in_the_order():
    assert {part_of(module) for module in MODULES} == {*ORDER, *ENTRY_POINTS}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(SANDBOX)))
def test_imports_run_in_one_direction(module):
    part = part_of(module)
    allowed = ORDER if part in ENTRY_POINTS else ORDER[ORDER.index(part) :]

    assert imported_parts(module) <= set(allowed)


@pytest.mark.parametrize(
    "module", [*MODULES, SANDBOX / "pytest_sentori_sandbox.py"], ids=lambda module: str(module.relative_to(SANDBOX))
)
def test_no_module_imports_the_core_ansible_or_airflow(module):
    assert {name.split(".")[0] for name in imported_modules(module)}.isdisjoint(FORBIDDEN)


def test_imported_modules_finds_relative_and_absolute_imports():
    assert {"http", "control", "seeds"} <= imported_parts(PACKAGE / "sandbox.py")
    assert "seeds" in imported_parts(PACKAGE / "control" / "controls.py")
    assert "starlette.requests.Request" in imported_modules(PACKAGE / "http" / "received.py")


def test_each_package_is_distributed_and_has_a_docstring():
    packages = {".".join(module.relative_to(SANDBOX).parent.parts) for module in MODULES}
    listed = tomllib.loads((SANDBOX / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]

    assert set(listed) == packages
    for package in packages:
        assert ast.get_docstring(ast.parse((SANDBOX / package.replace(".", "/") / "__init__.py").read_text()))


def test_files_and_folders_are_small():
    folders = {module.parent for module in MODULES}

    assert [module for module in MODULES if len(module.read_text("utf-8").splitlines()) > 350] == []
    assert [folder for folder in folders if len(list(folder.glob("*.py"))) > 14] == []
