# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What every run has, whatever it applies to Sentori: outcomes, their counts, and the files that it reads and writes.

- ``outcome``: what became of one row, as data, and all actions;
- ``result``: what became of all rows: counts, upload groups, warnings, and the error that stopped the run;
- ``thresholds``: how many rows may be refused before the task fails;
- ``recorder``: counts what became of the rows, and writes the run's files;
- ``report``: rows that were not simply done, as JSON Lines; ``rejects``: those to correct, as they came in;
- ``progress``: how far a run is;
- ``limits``: a number or a percentage as a limit;
- ``files``: no file has two purposes; ``state_file``: a file of SQLite that remembers earlier runs of one account.
"""

from __future__ import annotations

__all__ = [
    "files",
    "limits",
    "outcome",
    "progress",
    "recorder",
    "rejects",
    "report",
    "result",
    "state_file",
    "thresholds",
]
