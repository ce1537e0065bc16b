# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The test that the guide to testing shows is one, and passes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sentori_sandbox import Sandbox

GUIDE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text()


def test_the_test_of_the_guide_passes(sentori_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    written: dict[str, Any] = {}
    exec(block, written)
    (test,) = [value for name, value in written.items() if name.startswith("test_")]

    test(sentori_sandbox, monkeypatch)

    assert sentori_sandbox.contact("mary@example.com") is not None
