# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Software bills of material (CycloneDX) of a release: its files by their hashes, and what they need to run.

The dependencies are those with which the release was tested, at the versions of ``requirements/dev.txt``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement

AUTHORS = OrganizationalEntity(name="The sentori.sentori contributors")


def write(path: Path, purl: PackageURL, licence: str, files: Sequence[Path], needs: Iterable[str]) -> None:
    """Write the bill of one package. ``files``: its artefacts; ``needs``: its requirements, as ``requests>=2.28``."""
    bom = Bom()
    root = Component(
        name=str(purl.name),
        version=purl.version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=str(purl),
        supplier=AUTHORS,
        licenses=[LicenseExpression(licence)],
        external_references=[_artefact(file) for file in files],
    )
    bom.metadata.component = root
    components: dict[str, Component] = {}
    bom.register_dependency(root, _added(bom, needs, components))
    path.write_text(JsonV1Dot6(bom).output_as_string(indent=2))


def _artefact(file: Path) -> ExternalReference:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(file.name),
        hashes=[HashType.from_hashlib_alg("sha256", digest)],
    )


def _added(bom: Bom, needs: Iterable[str], components: dict[str, Component]) -> list[Component]:
    """The components that fulfil these requirements, added with all that they need themselves."""
    found = []
    for need in map(Requirement, needs):
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = distribution(need.name)
        except PackageNotFoundError:  # of another system or Python
            continue
        name = installed.name.lower()
        if name not in components:
            purl = PackageURL("pypi", name=name, version=installed.version)
            components[name] = Component(
                name=name, version=installed.version, type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl)
            )
            bom.components.add(components[name])
            bom.register_dependency(components[name], _added(bom, installed.requires or (), components))
        found.append(components[name])
    return found
