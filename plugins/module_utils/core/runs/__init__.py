# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What every run has, whatever it applies to Sentori: outcomes, their counts, and the files that it reads and writes.

- ``outcome``: the outcome of one row, as data, and all actions;
- ``result``: the outcomes of all rows: counts, upload groups, warnings, and the error that stopped the run;
- ``thresholds``: how many rows may be refused before the task fails;
- ``recorder``: counts the outcomes, and writes the run's files;
- ``report``: rows that were not simply done, as JSON Lines; ``rejects``: those to correct, as they came in;
- ``progress``: how far a run is;
- ``pages``: rows are checked and applied a page at a time;
- ``limits``: a number or a percentage as a limit; ``options``: choices, and options that belong together;
- ``source_size``: a source that came empty or half;
- ``files``: no file has two purposes.
"""

from __future__ import annotations

__all__ = [
    "files",
    "limits",
    "options",
    "outcome",
    "pages",
    "progress",
    "recorder",
    "rejects",
    "report",
    "result",
    "source_size",
    "thresholds",
]
