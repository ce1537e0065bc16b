# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Sources of rows: a file, a list or a query becomes rows of contact fields, each with its place in the source.

```
bytes --_text_lines--> lines --_csv / _json_lines--> records --columns--> Row(place, fields)
```

- ``row``: a row and rows as data;
- ``sources``: opens a file, a list or a table as ``Rows``;
- ``columns``: which column holds which field;
- ``duplicates``: which addresses came before;
- ``_text_lines``, ``_csv``, ``_json_lines``: the formats; ``_meter``: how much of a source was read.
"""

from __future__ import annotations

__all__ = ["columns", "duplicates", "row", "sources"]
