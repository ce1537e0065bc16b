# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Builds the artefacts of a release in ``build/dist``: the collection, the provider and the sandbox, and their SBOMs.

They are built from a copy of all files that git does not ignore. In it the README's links lead into the public
repository, so that its links and pictures work on PyPI and on Galaxy.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import sbom
import yaml
from links import ROOT, into_the_repository
from packageurl import PackageURL

BIN = Path(sys.executable).parent
STAGE = ROOT / "build" / "release"
DIST = ROOT / "build" / "dist"


def main() -> None:
    for folder in (STAGE, DIST):
        shutil.rmtree(folder, ignore_errors=True)
    files = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    listed = subprocess.run(["git", *files], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        raise SystemExit(f"Build a release from a git checkout. {listed.stderr.strip()}")
    for name in filter(lambda name: (ROOT / name).is_file(), listed.stdout.split("\0")):
        (STAGE / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, STAGE / name)
    readme = ROOT / "README.md"
    (STAGE / "README.md").write_text(into_the_repository(readme.read_text(), ROOT))

    build = [BIN / "uv", "build", "--quiet", "--out-dir", DIST]
    run(*build, STAGE)
    run(*build, STAGE / "sandbox")
    run(BIN / "ansible-galaxy", "collection", "build", "--output-path", DIST, STAGE)
    run(
        BIN / "twine", "check", "--strict", *DIST.glob("*.whl"), *DIST.glob("*provider*.gz"), *DIST.glob("*sandbox*.gz")
    )
    write_bills()
    for artefact in sorted(DIST.glob("[!.]*")):
        sys.stdout.write(f"  {artefact.name}  {artefact.stat().st_size / 1024:.0f} KiB\n")


def write_bills() -> None:
    """A software bill of materials beside the artefacts of each package."""
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text())
    namespace, name = galaxy["namespace"], galaxy["name"]
    requests = (ROOT / "meta" / "ee-requirements.txt").read_text().split()
    collection = PackageURL("generic", namespace, name, galaxy["version"])
    sbom.write(
        DIST / f"{namespace}-{name}-{galaxy['version']}.cdx.json",
        collection,
        " AND ".join(galaxy["license"]),
        sorted(DIST.glob(f"{namespace}-{name}-*.tar.gz")),
        ["ansible-core", *requests],
    )
    for folder in (ROOT, ROOT / "sandbox"):
        project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
        stem = f"{project['name'].replace('-', '_')}-{project['version']}"
        purl = PackageURL("pypi", name=project["name"], version=project["version"])
        files = sorted([*DIST.glob(f"{stem}-*.whl"), *DIST.glob(f"{stem}.tar.gz")])
        sbom.write(DIST / f"{stem}.cdx.json", purl, project["license"], files, project["dependencies"])


def run(*command: object) -> None:
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{command[0]} ended with {done.returncode}.")


if __name__ == "__main__":
    main()
