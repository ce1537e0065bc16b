# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The way back: what Sentori knows, as a snapshot that is then saved to a file or a table.

```
mailing list, addresses --read--> records --Snapshot (sorted)--> file: file_form, file; or the provider's tables
```

- ``selection``: what is read, as a user names it;
- ``read``: reads it, a page at a time, with one outcome for each person;
- ``snapshot``: the records, sorted, in a temporary database;
- ``file_form``: a snapshot as CSV or JSON Lines; ``file``: the file that holds it, replaced as a whole;
- ``difference``: what a file loses and gains;
- ``run``: all of it.

Sentori's API can list neither all contacts nor the Suppression List. Sources: API Contact Endpoints, api-mailinglists.
"""

from __future__ import annotations

__all__ = ["difference", "file", "file_form", "read", "run", "selection", "snapshot"]
