# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Seeds: the content of an account as JSON.

``read_seed`` finds and checks a seed, ``apply_seed`` fills an account with it, ``export_seed``
returns the content of an account in the same form. ``put_contact`` and ``subscribe`` change one
contact without the API.
"""

from __future__ import annotations

from .applying import apply_seed, restore_structure
from .contacts import put_contact, subscribe
from .exporting import export_seed
from .reading import Seed, SeedSource, read_seed

__all__ = [
    "Seed",
    "SeedSource",
    "apply_seed",
    "export_seed",
    "put_contact",
    "read_seed",
    "restore_structure",
    "subscribe",
]
