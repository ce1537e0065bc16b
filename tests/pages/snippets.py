# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The code blocks of the pages, by language."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(page.relative_to(ROOT))
    for folder in (".", "docs", "docs/site", "sandbox")
    for page in (ROOT / folder).glob("*.md")
)
_BLOCK = re.compile(r"^```([\w{}-]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def snippets(page: str, language: str) -> list[str]:
    """The blocks of a page in one language, in their order."""
    return [block for found, block in _BLOCK.findall(text(page)) if found == language]


def languages(page: str) -> set[str]:
    return {found for found, _ in _BLOCK.findall(text(page))}
