# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Fill an account with the content of a seed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..account import Account, Email, MailingList, Structure
from .contacts import put_contact, subscribe
from .reading import Seed


def apply_seed(account: Account, seed: Seed) -> None:
    """Replace the content of the account with that of the seed.

    Raises:
        ValueError: a part of the seed is invalid; nothing has changed.
    """
    before = account.structure
    try:
        with account.database.transaction():
            account.database.clear()
            _set_structure(account, seed.get("structure", {}))
            for contact in seed.get("contacts", []):
                put_contact(account, **contact)
            for address in seed.get("suppression_list", []):
                account.contacts.suppress(address)
            for mailing_list in seed.get("mailing_lists", []):
                _add_list(account, **mailing_list)
            for email in seed.get("emails", []):
                account.emails.add(Email(**email))
            for group in seed.get("upload_groups", []):
                account.upload_groups.add(
                    group["ExternalID"], group.get("Name"), group.get("Description")
                )
    except Exception as error:
        account.structure = before
        raise ValueError(f"seed: {error}") from error


def restore_structure(account: Account) -> None:
    """Read the account's fields from its database file."""
    account.structure = Structure(json.loads(account.database.setting("structure") or "{}"))


def _set_structure(account: Account, examples: Mapping[str, Any]) -> None:
    account.structure = Structure(examples)
    account.database.set_setting("structure", json.dumps(account.structure.examples))


def _add_list(
    account: Account,
    ExternalID: str,
    Name: str,
    Description: str | None = None,
    subscribers: list[str] | None = None,
    unsubscribed: list[str] | None = None,
) -> None:
    account.mailing_lists.add(MailingList(ExternalID, Name, Description))
    for address in subscribers or []:
        subscribe(account, address, ExternalID)
    for address in unsubscribed or []:
        subscribe(account, address, ExternalID, subscribed=False)
