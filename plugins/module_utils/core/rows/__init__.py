# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Sources of rows: a file, a list or a query becomes rows of contact fields, each with its place in the source.

```
bytes --_formats, _text_lines--> text --_csv / _json_lines / _json_array / _address_lines--> Row(place, fields)
```

- ``row``: a row and rows as data;
- ``sources``: opens a file, a list or a table as ``Rows``;
- ``columns``: which column holds which field;
- ``duplicates``: which addresses came before;
- ``_formats``: what a file is by its first bytes; ``_text_lines``: its lines; ``_meter``: how much of it was read;
- ``_csv``, ``_header``, ``_cells``: records, columns and rows of CSV.
"""

from __future__ import annotations

__all__ = ["columns", "duplicates", "row", "sources"]
