# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The JSON import of v2.0 (page api-contacts, "Import Contacts")."""

from __future__ import annotations

from ..account import Account
from ..errors import SentoriError
from ..imports import Batch, Rules, run_import
from .messages import ApiRequest, ApiResponse, json_response


def import_json(account: Account, request: ApiRequest) -> ApiResponse:
    body = request.json_object()
    rows, name, description = body.get("Contacts"), body.get("Name"), body.get("Description")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SentoriError(-1)
    if not all(text is None or isinstance(text, str) for text in (name, description)):
        raise SentoriError(-1)
    rules = Rules.assumed(account.assumptions)
    counters = run_import(account, Batch(rows, name, description, "v2.0"), rules)
    return json_response(counters, int(account.assumptions.decide("import-status")))
