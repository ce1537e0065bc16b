# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The controls of a sandbox: arrange its state, ask for faults, read the journal.

``Controls`` offers them as methods; ``administration`` serves the same methods under
``/_sandbox``. The HTTP application asks ``Faults`` about each request and records it in
``Journal``.
"""

from __future__ import annotations

from .administration import administration
from .controls import Controls, connection_environment
from .faults import KINDS, Fault, Faults
from .journal import BODY_KEPT, Journal, JournalEntry

__all__ = [
    "BODY_KEPT",
    "KINDS",
    "Controls",
    "Fault",
    "Faults",
    "Journal",
    "JournalEntry",
    "administration",
    "connection_environment",
]
