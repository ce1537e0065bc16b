# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The packages of the core import in one direction only, and each integration uses what is public."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "plugins" / "module_utils" / "core"
# From the lowest to the highest; "" is the modules beside core/__init__.py.
ORDER = ["", "rows", "memory", "runs", "http", "api", "contacts", "suppressions", "lists", "imports", "exports"]
FILES = sorted(CORE.rglob("*.py"))


def imported(file: Path) -> Iterator[tuple[str, ...]]:
    """What a file of the core imports: dotted parts below the core for its own modules, else the module's name."""
    package = file.relative_to(CORE).parts[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0],) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            module = (*base, *(node.module.split(".") if node.module else ()))
            yield from ((*module, alias.name) for alias in node.names) if len(module) < 2 else iter([module])
        elif isinstance(node, ast.ImportFrom):
            yield (str(node.module).partition(".")[0],)


def package_of(parts: tuple[str, ...]) -> str:
    return parts[0] if parts[0] in ORDER else ""


def relative_imports(file: Path) -> list[tuple[str, ...]]:
    names = {path.stem for path in CORE.iterdir()}
    return [parts for parts in imported(file) if parts[0] in names]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CORE)))
def test_a_package_imports_only_from_lower_packages(file: Path) -> None:
    own = package_of((*file.relative_to(CORE).parts[:-1], ""))
    for parts in relative_imports(file):
        assert ORDER.index(package_of(parts)) <= ORDER.index(own), f"{file.name} imports {'.'.join(parts)}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CORE)))
def test_private_modules_are_imported_in_their_own_package_only(file: Path) -> None:
    own = file.relative_to(CORE).parts[:-1]
    for parts in relative_imports(file):
        if any(part.startswith("_") for part in parts):
            assert parts[: len(own)] == own, f"{file.name} imports {'.'.join(parts)}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CORE)))
def test_the_core_imports_neither_integration_nor_the_sandbox(file: Path) -> None:
    others = {"ansible", "ansible_collections", "airflow", "airflow_provider_sentori", "sentori_sandbox"}
    assert not others & {parts[0] for parts in imported(file)}


@pytest.mark.parametrize("package", ORDER[1:])
def test_a_package_names_its_public_modules(package: str) -> None:
    tree = ast.parse((CORE / package / "__init__.py").read_text())
    (names,) = (ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign))
    public = {path.stem for path in (CORE / package).glob("[!_]*.py")}
    assert set(names) <= public
    docstring = ast.get_docstring(tree) or ""
    assert all(f"``{name}``" in docstring for name in names)


def test_integrations_import_no_private_module_of_the_core() -> None:
    folders = ("plugins/modules", "plugins/lookup", "plugins/action", "airflow_provider_sentori")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    files += (ROOT / "plugins" / "module_utils").glob("*.py")
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and "core" in node.module.split("."):
                below = node.module.split(".")[node.module.split(".").index("core") + 1 :]
                assert not any(part.startswith("_") for part in below), f"{file.name} imports {node.module}"


SIZES = ("plugins/module_utils", "airflow_provider_sentori", "sandbox")


def test_files_and_folders_stay_small_enough_to_read() -> None:
    for path in (path for folder in SIZES for path in (ROOT / folder).rglob("*.py")):
        assert len(path.read_text().splitlines()) <= 350, f"{path} is too long"
    for folder in {path.parent for top in (*SIZES, "tests") for path in (ROOT / top).rglob("*.py")}:
        assert len(list(folder.glob("*.py"))) <= 14, f"{folder} has too many files"
