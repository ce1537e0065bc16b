# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What is imported from ``requests``. Importing this works without it, so that a module can say what to install."""

from __future__ import annotations

import traceback

IMPORT_ERROR: str | None = None
try:
    import urllib3
    import urllib3.exceptions
    from requests import exceptions
    from requests.adapters import HTTPAdapter
    from requests.models import PreparedRequest
    from requests.structures import CaseInsensitiveDict
    from requests.utils import get_environ_proxies, select_proxy
    from urllib3.util.connection import is_connection_dropped
except ImportError:
    IMPORT_ERROR = traceback.format_exc()

__all__ = [
    "IMPORT_ERROR",
    "CaseInsensitiveDict",
    "HTTPAdapter",
    "PreparedRequest",
    "exceptions",
    "get_environ_proxies",
    "is_connection_dropped",
    "select_proxy",
    "urllib3",
]
