# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Links of pages that are read outside of their repository: on PyPI, on Galaxy, in the site."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
REPOSITORY = yaml.safe_load((ROOT / "galaxy.yml").read_text())["repository"]
LINK = re.compile(r"(?P<image>!?)(?P<text>\[[^\]]*\])\((?P<target>[^):#\s]+)(?P<anchor>#[^)\s]*)?\)")


def into_the_repository(page: str, folder: Path, keep: Callable[[Path], bool] = lambda file: False) -> str:
    """A page of that folder whose relative links lead into the public repository, except those to files to ``keep``.

    Raises: SystemExit for a link to a file that does not exist.
    """

    def link(found: re.Match[str]) -> str:
        file = (folder / found["target"]).resolve()
        if not file.exists():
            raise SystemExit(f"The link {found['target']} leads to no file.")
        if keep(file):
            return found[0]
        kind = "raw" if found["image"] else "blob"
        address = f"{REPOSITORY}/{kind}/main/{file.relative_to(ROOT)}{found['anchor'] or ''}"
        return f"{found['image']}{found['text']}({address})"

    prose_and_code = re.split(r"^(```.*?^```)$", page, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if part.startswith("```") else LINK.sub(link, part) for part in prose_and_code)
