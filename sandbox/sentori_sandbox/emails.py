# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The endpoints about emails (pages api-emails; api-contacts, "Attach an Upload Group")."""

from __future__ import annotations

from .account import Account
from .contacts import undocumented_answer
from .wire import Answer, Call, json_answer


def drafts(account: Account, call: Call) -> Answer:
    emails = account.mailings.emails()
    return json_answer(
        [email.answer() for email in emails if email.draft and email.kind == "email"]
    )


def attach(account: Account, call: Call) -> Answer:
    upload_group, document = call.parameters
    if not account.mailings.has_upload_group(upload_group):
        account.world.decide("attach-unknown-group")
    account.mailings.attach(upload_group, document)
    return undocumented_answer(account, None)
