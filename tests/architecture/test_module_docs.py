# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What the modules' documentation says several times is the same everywhere, and lists the options of the core."""

from __future__ import annotations

import ast
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from airflow_provider_sentori._internal.connection_form import EXTRA_FIELDS
from airflow_provider_sentori.core.http.settings import CONNECTION_OPTIONS, MANY_OPTIONS

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "plugins" / "modules").glob("*.py"))
# Return values that every module has in the same words.
COMMON = ("api", "operation", "status", "code")


def block(path: Path, name: str) -> Any:
    """A block of YAML in a plugin, such as RETURN."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"{path.name} has no {name}")


@pytest.fixture(scope="module")
def fragments() -> dict[str, Any]:
    fragment = runpy.run_path(str(ROOT / "plugins" / "doc_fragments" / "sentori.py"))["ModuleDocFragment"]
    return {name: yaml.safe_load(getattr(fragment, name)) for name in ("DOCUMENTATION", "LOOKUP", "MANY")}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_common_return_values_are_documented_in_the_same_words(module: Path) -> None:
    documented, first = block(module, "RETURN"), block(MODULES[0], "RETURN")
    assert {name: documented[name] for name in COMMON} == {name: first[name] for name in COMMON}


def test_every_list_of_connection_options_is_the_cores(fragments: dict[str, Any]) -> None:
    assert tuple(fragments["DOCUMENTATION"]["options"]) == (*CONNECTION_OPTIONS, "redact_results")
    assert tuple(fragments["LOOKUP"]["options"]) == CONNECTION_OPTIONS
    assert tuple(fragments["MANY"]["options"]) == MANY_OPTIONS
    # A connection of Airflow has fields of its own for the first two.
    extras = {field.name for field in EXTRA_FIELDS}
    assert extras == {*CONNECTION_OPTIONS, *MANY_OPTIONS} - {"api_key", "url"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_every_example_names_its_task_in_the_imperative(module: Path) -> None:
    for task in block(module, "EXAMPLES"):
        first = task["name"].split()[0]
        assert first[0].isupper() and first not in ("The", "These", "Who", "Which", "And", "Mary", "Everybody")
