# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Sentori's API: its endpoints as typed methods, its responses as data. No decision is taken here.

- ``client``: the v2.0 endpoints;
- ``named``: an entry by its ExternalID or exact name;
- ``xml_v1``: the import of v1, in XML; ``json_rows``: the rows of that of v2.0; ``_body``: the body of both;
- ``subscribers``: those of a mailing list, however many;
- ``_decode``: a response becomes data or an error; ``_json_stream``: a long array, one object at a time;
  ``_strict_json``: what Sentori cannot mean is refused.

`docs/sentori-openapi.yaml` names each endpoint with its evidence.
"""

from __future__ import annotations

__all__ = ["client", "json_rows", "named", "subscribers", "xml_v1"]
