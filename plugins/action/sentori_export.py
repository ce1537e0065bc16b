# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module, and shows its progress meanwhile."""

from __future__ import annotations

from ansible_collections.sentori.sentori.plugins.plugin_utils.progress import ProgressAction as ActionModule

__all__ = ["ActionModule"]
