# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The bulk import: every row has one outcome, no field is blanked by accident, and a second run sends nothing.

```
rows --prepare: check, memory, read, compare--> Candidates --batches: one shape each--> requests --sender--> counters
                                                                      counters --attribution--> Outcomes
```

- ``run``: the whole import, chunk by chunk; the next chunk is prepared while one is sent;
- ``options``: its options, checked;
- ``prepare``: rows become candidates, or are settled without a request; ``candidate``: a row that may be sent;
- ``columns``: rows checked by the column, which become candidates only where one is looked at;
- ``batches``: requests of rows of one shape, so that no missing value blanks a field (rule 5 of the design);
- ``sender``: sends a batch; ``lost_response``: what a batch became whose response was lost;
- ``counters``: Sentori's counters; ``attribution``: which row has which outcome;
- ``wire``: the import of API v2.0 or v1; ``upload_groups``,
- ``memory``: what earlier runs have imported.
"""

from __future__ import annotations

__all__ = ["memory", "options", "run", "upload_groups"]
