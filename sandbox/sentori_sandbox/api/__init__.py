# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The endpoints of the Sentori API.

``routes`` matches a path to an endpoint; an endpoint is a function of an account and an
``ApiRequest`` that returns an ``ApiResponse`` or raises ``SentoriError``. The modules are named
after the vendor's pages. This package opens no socket.
"""

from __future__ import annotations

from .import_v1 import v1_error_response
from .messages import ApiRequest, ApiResponse, html_page, json_response
from .routes import ROUTES, UNKNOWN, Route, RouteMatch, match_path, route_matches

__all__ = [
    "ROUTES",
    "UNKNOWN",
    "ApiRequest",
    "ApiResponse",
    "Route",
    "RouteMatch",
    "html_page",
    "json_response",
    "match_path",
    "route_matches",
    "v1_error_response",
]
