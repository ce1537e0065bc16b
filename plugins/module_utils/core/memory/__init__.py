# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What earlier runs of an account have done, in keyed hashes: it contains no address and no value.

- ``account``: the memory of one account, which hashes all that it remembers by a key of this account;
- ``storage``: where the hashes are kept, and its SQL; ``state_file``: in a file of SQLite. The Airflow provider has
  another storage, a table in the user's own database.
"""

from __future__ import annotations

__all__ = ["account", "state_file", "storage"]
