# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contacts: read, compared with what is desired, and added, updated or deleted where they differ.

```
options --desired--> DesiredContact --reader--> Reading --plan--> Plan --apply--> Outcome
```

- ``desired``: what should be true of a contact, checked;
- ``reader``: a contact or None, one or many; the only place that asks for a contact that may not exist;
- ``schema``: the fields of an account, loaded by an explicit call;
- ``plan``: the comparison: what has to be done;
- ``apply``: a run over one or many contacts;
- ``bulk``: the contacts of many rows;
- ``info``: contacts as they are, by address or SystemID.
"""

from __future__ import annotations

__all__ = ["apply", "bulk", "desired", "info", "plan", "reader", "schema"]
