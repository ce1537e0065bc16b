# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The questions that the vendor's documentation leaves open, each with a named switch.

``TABLE`` lists them for code, docs and tests; ``Assumptions`` holds the values of one sandbox.
"""

from __future__ import annotations

from .switches import Assumptions
from .table import TABLE, Assumption

__all__ = ["TABLE", "Assumption", "Assumptions"]
