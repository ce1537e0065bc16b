# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The endpoints for emails (pages api-emails; api-contacts, "Attach an Upload Group")."""

from __future__ import annotations

from ..account import Account
from .contacts import undocumented_response
from .messages import ApiRequest, ApiResponse, json_response


def drafts(account: Account, request: ApiRequest) -> ApiResponse:
    emails = account.emails.all()
    return json_response(
        [email.as_json() for email in emails if email.draft and email.kind == "email"]
    )


def attach(account: Account, request: ApiRequest) -> ApiResponse:
    upload_group, document = request.parameters
    if not account.upload_groups.exists(upload_group):
        account.assumptions.decide("attach-unknown-group")
    account.emails.attach(upload_group, document)
    return undocumented_response(account, None)
