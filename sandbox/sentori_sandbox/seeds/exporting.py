# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Export the content of an account as a seed."""

from __future__ import annotations

from typing import Any

from ..account import Account, Email


def export_seed(account: Account) -> dict[str, Any]:
    """Return the content of the account; ``apply_seed`` restores it."""
    with account.database.transaction():
        return {
            "structure": dict(account.structure.examples),
            "contacts": [account.contact_as_json(contact) for contact in account.contacts.all()],
            "mailing_lists": [
                {
                    **mailing_list.as_json(),
                    "subscribers": account.mailing_lists.members(mailing_list.external_id, True),
                    "unsubscribed": account.mailing_lists.members(mailing_list.external_id, False),
                }
                for mailing_list in account.mailing_lists.all()
            ],
            "suppression_list": account.contacts.suppression_list(),
            "emails": [_email(email) for email in account.emails.all()],
            "upload_groups": account.upload_groups.all(),
        }


def _email(email: Email) -> dict[str, Any]:
    return {
        **email.as_json(),
        "kind": email.kind,
        "draft": email.draft,
        "upload_groups": email.upload_groups,
    }
