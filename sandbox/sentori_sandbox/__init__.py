# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A stateful stand-in for the Sentori HTTP API, for demos, tests and a user's own CI."""

from __future__ import annotations

from .journal import JournalEntry
from .sandbox import Sandbox

__all__ = ["JournalEntry", "Sandbox"]
