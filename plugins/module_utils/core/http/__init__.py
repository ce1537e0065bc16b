# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""HTTP to one Sentori account, over ``requests``: everything between a Request and its Response.

``Transport.send`` sends one ``Request``, repeats it where that is safe, and returns what the caller decodes from the
``Response``. It raises the errors of ``core.errors``. It knows no endpoint of Sentori.

- ``settings``: the connection options, checked;
- ``request``: a request and a response as data;
- ``transport``: sends requests over kept-alive connections;
- ``library``: what is imported from ``requests``, and what to say where it is missing;
- ``_retry``: which request is sent again, and when; ``_pace``: when the next request may start;
- ``_diagnosis``: which error a failed exchange means; ``_environment``: proxies and certificates.
"""

from __future__ import annotations

__all__ = ["library", "request", "settings", "transport"]
