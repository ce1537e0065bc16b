# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The import of many contacts, as v2.0 and v1 share it.

``run_import`` takes the rows of a request: ``columns`` reads their values, ``rows`` decides the
outcome of each row and stores it. The vendor documents the behaviour for v1 (page
api-import-contacts, "Important Notes"); for v2.0 it is an assumption.
"""

from __future__ import annotations

from .rules import Batch, Row, Rules
from .run import run_import

__all__ = ["Batch", "Row", "Rules", "run_import"]
