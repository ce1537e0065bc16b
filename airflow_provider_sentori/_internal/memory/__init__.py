# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The memory of earlier runs, in the user's own database, so that any worker has it.

- ``arguments``: the arguments by which an operator names a memory;
- ``state_table``: the storage, two tables of a database; ``lease``: one run at a time has a memory, between all
  workers.
"""
