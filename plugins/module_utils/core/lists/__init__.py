# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Mailing lists: which contacts are on a list, or off it.

```
emails --membership / contacts.reader--> who is on the list --plan--> Step --apply--> Outcome
```

- ``options``: one address, as the options of a task describe it; ``bulk``: the addresses of many rows;
- ``subscriptions``: a run over one list: subscribe, unsubscribe, or exactly these;
- ``plan``: what one address needs; ``apply``: sends it, and reads the list afterwards;
- ``membership``: which addresses a list has; ``lookup``: a list by its ID or name;
- ``limit``: how many may be removed by ``exact``; ``departures``: who has left a list by themselves.
"""

from __future__ import annotations

__all__ = ["bulk", "departures", "limit", "lookup", "membership", "options", "subscriptions"]
