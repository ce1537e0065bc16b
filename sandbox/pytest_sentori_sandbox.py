# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""pytest's fixture ``sentori_sandbox``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sentori_sandbox import Sandbox


@pytest.fixture
def sentori_sandbox() -> Iterator[Sandbox]:
    """An empty Sentori for one test, which fails when a fault it asked for never happened."""
    from sentori_sandbox import Sandbox

    with Sandbox() as sandbox:
        yield sandbox
        if unused := sandbox.unused_faults():
            pytest.fail(f"faults that never happened: {unused}")
