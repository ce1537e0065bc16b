# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The collection, built and installed from its artefact."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from filelock import FileLock
from modules import Modules
from player import ROOT, Player, ansible
from sentori_sandbox import Sandbox


@pytest.fixture(scope="session")
def artefact(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The built artefact; once for all test processes of this run."""
    # With xdist the parent is the folder of this run; without it, the folder of all runs.
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "collection"
    shared.mkdir(exist_ok=True)
    with FileLock(shared / "lock"):
        if not list(shared.glob("*.tar.gz")):
            options = ["--output-path", str(shared), str(ROOT)]
            built = ansible("ansible-galaxy", "collection", "build", *options, cwd=shared)
            assert built.returncode == 0, built.stderr
    return next(shared.glob("*.tar.gz"))


@pytest.fixture(scope="session")
def collections(artefact: Path) -> Path:
    """The folder in which the artefact is installed, for ANSIBLE_COLLECTIONS_PATH."""
    folder = artefact.parent / "installed"
    with FileLock(artefact.parent / "lock"):
        if not folder.exists():
            options = ["--offline", "--no-deps", "-p", str(folder)]
            command = ["ansible-galaxy", "collection", "install", str(artefact), *options]
            installed = ansible(*command, cwd=artefact.parent)
            assert installed.returncode == 0, installed.stderr
    return folder


@pytest.fixture
def player(tmp_path: Path, collections: Path, sentori_sandbox: Sandbox) -> Player:
    return Player(tmp_path, collections, sentori_sandbox)


@pytest.fixture(scope="session")
def importable_collection(collections: Path) -> None:
    """Make the installed collection importable in this process."""
    sys.path.insert(0, str(collections))


@pytest.fixture
def modules(importable_collection: None, sentori_sandbox: Sandbox) -> Modules:
    return Modules(sentori_sandbox)
