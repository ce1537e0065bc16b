# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The way back: the operators' arguments, and where a snapshot of the core is saved.

- ``operator``: what all exporting operators have;
- ``stored_file``: a file in any storage of ObjectStoragePath;
- ``table``: a table of a database; ``columns``: its columns and their types; ``changes``: who joined, left, or was
  suppressed since the last snapshot.
"""

from __future__ import annotations
