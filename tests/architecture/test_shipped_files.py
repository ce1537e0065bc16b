# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Ansible ships every file that a module imports to the target, and compiles it there in each task."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from ansible.executor.module_common import ModuleDepFinder

ROOT = Path(__file__).parents[2]
COLLECTION = ("ansible_collections", "sentori", "sentori")
# The packages of the core that a module needs, beside http and api, which all need.
NEEDED = {
    "sentori_contact": {"memory", "contacts", "runs"},
    "sentori_contacts": {"memory", "contacts", "rows", "runs"},
    "sentori_contact_info": {"contacts", "runs"},
    "sentori_contact_structure_info": {"runs"},
    "sentori_mailing_list_info": {"lists", "runs"},
    "sentori_subscription": {"memory", "contacts", "lists", "runs", "suppressions"},
    "sentori_subscribers": {"memory", "contacts", "lists", "rows", "runs"},
    "sentori_suppressions": {"memory", "contacts", "rows", "runs", "suppressions"},
    "sentori_upload_group": {"imports", "runs"},
    "sentori_draft_email_info": {"runs"},
    "sentori_export": {"memory", "contacts", "exports", "lists", "rows", "runs"},
    "sentori_import": {"memory", "contacts", "imports", "rows", "runs"},
}


def file_of(parts: tuple[str, ...]) -> Path | None:
    """The file of a dotted module of the collection, or of the module that has the last part as a name."""
    for length in (len(parts), len(parts) - 1):
        path = ROOT.joinpath(*parts[3:length])
        if (path / "__init__.py").exists() and length == len(parts):
            return path / "__init__.py"
        if path.with_suffix(".py").exists():
            return path.with_suffix(".py")
    return None


def shipped(module: str) -> set[Path]:
    """The files that Ansible ships with a module, as its own finder sees their imports."""
    ahead = [ROOT / "plugins" / "modules" / f"{module}.py"]
    found: set[Path] = set()
    while ahead:
        file = ahead.pop()
        if file in found:
            continue
        found.add(file)
        name = ".".join((*COLLECTION, *file.relative_to(ROOT).with_suffix("").parts))
        is_package = file.stem == "__init__"
        finder = ModuleDepFinder(name.removesuffix(".__init__"), ast.parse(file.read_text()), is_pkg_init=is_package)
        for parts in finder.submodules:
            target = file_of(parts) if parts[:3] == COLLECTION else None
            if target is not None:
                ahead.append(target)
                ahead += [init for folder in target.parents if (init := folder / "__init__.py").exists()]
    return {file for file in found if "module_utils" in file.parts}


@pytest.mark.parametrize("module", NEEDED)
def test_a_module_ships_only_the_packages_that_it_uses(module: str) -> None:
    core = ROOT / "plugins" / "module_utils" / "core"
    files = {str(file.relative_to(core)) for file in shipped(module) if core in file.parents}
    packages = {match[1] for file in files if (match := re.match(r"(\w+)/", file))}
    assert {"http", "api"} <= packages <= {"http", "api", *NEEDED[module]}
    assert "http/transport.py" in files
