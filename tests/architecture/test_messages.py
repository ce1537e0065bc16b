# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Messages of the core name only options that exist in each integration: both show them."""

from __future__ import annotations

import ast
import inspect
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from airflow_provider_sentori._internal.connection_form import EXTRA_FIELDS
from airflow_provider_sentori.operators import sentori as operators
from airflow_provider_sentori.sensors.sentori import SentoriContactSensor
from airflow_provider_sentori.transfers import sql_to_sentori
from test_module_docs import MODULES, block

ROOT = Path(__file__).parents[2]
CORE = ROOT / "plugins" / "module_utils" / "core"
FILES = sorted(CORE.rglob("*.py"))
OPERATORS = [
    SentoriContactSensor,
    *(getattr(operators, name) for name in operators.__all__),
    *(getattr(sql_to_sentori, name) for name in vars(sql_to_sentori) if name.startswith("SqlToSentori")),
]
CONNECTION = {"api_key", "url", *(field.name for field in EXTRA_FIELDS)}
# Options with another name in operators, which show their own name (core option -> argument).
RENAMED = {"src": "source"}
# Environment variables.
ENVIRONMENT = {"HTTPS_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}


def arguments_of(operator: type) -> set[str]:
    ours = [one for one in operator.__mro__ if one.__module__.startswith("airflow_provider_sentori")]
    return {
        name
        for one in ours
        if "__init__" in vars(one)
        for name, parameter in inspect.signature(vars(one)["__init__"]).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }


FRAGMENT = runpy.run_path(str(ROOT / "plugins" / "doc_fragments" / "sentori.py"))["ModuleDocFragment"]
SHARED = [getattr(FRAGMENT, name) for name in ("SOURCE", "BULK", "MANY")]
ANSIBLE = (
    {name for module in MODULES for name in block(module, "DOCUMENTATION").get("options", {})}
    | {name for text in SHARED for name in yaml.safe_load(text)["options"]}
    | CONNECTION
)
AIRFLOW = {name for operator in OPERATORS for name in arguments_of(operator)} | CONNECTION
# Within a sentence, only a name with an underscore can be distinguished from an ordinary word.
IN_A_SENTENCE = re.compile(r"\b(" + "|".join(sorted(name for name in ANSIBLE | AIRFLOW if "_" in name)) + r")\b")


def named_in(file: Path) -> Iterator[tuple[str, int]]:
    """The options that the messages of a file name, as ``option="..."`` or within a sentence; with their lines."""
    tree = ast.parse(file.read_text())
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "option" and isinstance(node.value, ast.Constant):
            yield str(node.value.value), node.value.lineno
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        if is_text and " " in node.value:
            yield from ((name, node.lineno) for name in IN_A_SENTENCE.findall(node.value))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CORE)))
def test_each_option_named_in_a_message_exists_in_both_integrations(file: Path) -> None:
    for name, line in named_in(file):
        assert name in ANSIBLE | ENVIRONMENT, f"{file.name}:{line}: Ansible has no option {name}"
        assert RENAMED.get(name, name) in AIRFLOW | ENVIRONMENT, f"{file.name}:{line}: Airflow has no argument {name}"


def test_the_search_finds_options() -> None:
    found = {name for file in FILES for name, _ in named_in(file)}
    assert {"ignore_unmapped", "create_missing", "state_file", "source_format", "ca_path", "allow_empty"} <= found
