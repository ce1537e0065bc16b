# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The command ``sentori-sandbox``: the sandbox as a process.

``main`` parses the arguments, ``commands`` runs one command, ``background`` starts and stops a
sandbox for a shell.
"""

from __future__ import annotations

from .main import main

__all__ = ["main"]
