# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the Sentori HTTP API that keeps state: for demos, tests and your own CI.

The path of a request: ``http`` receives it, ``control`` may inject a fault and records it, ``api``
finds its endpoint, and ``account`` holds the state that the endpoint reads or changes.
``assumptions`` decide what the vendor's documentation leaves open. ``Sandbox`` puts the parts
together; ``cli`` runs one as a command.

Imports run in one direction, from the first to the last of: ``cli``, ``sandbox``, ``http``,
``control``, ``api``, ``seeds``, ``imports``, ``account``, ``assumptions``, ``errors``.
"""

from __future__ import annotations

from .control import JournalEntry
from .sandbox import Sandbox

__all__ = ["JournalEntry", "Sandbox"]
