# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""People who are never mailed again: suppressed for good, or erased.

```
rows --check, memory, contacts.reader--> settled, or a Step --brake--> one: suppress, delete, read again --> Outcome
```

- ``one``: suppresses or erases one address;
- ``bulk``: many addresses, behind a brake;
- ``memory``: which addresses an earlier run has suppressed or erased.
"""

from __future__ import annotations

__all__ = ["bulk", "memory", "one"]
