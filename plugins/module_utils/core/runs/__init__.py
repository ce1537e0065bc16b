# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What every run has, whatever it applies: the files it reads and writes."""

from __future__ import annotations
