# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The pytest fixture ``sentori_sandbox``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sentori_sandbox import Sandbox


@pytest.fixture
def sentori_sandbox() -> Iterator[Sandbox]:
    """Give the test an empty sandbox; fail the test if a fault that it injected never happened."""
    from sentori_sandbox import Sandbox

    with Sandbox() as sandbox:
        yield sandbox
        if unused := sandbox.unused_faults():
            pytest.fail(f"these faults never happened: {unused}")
