# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Store one contact or one subscription directly, without the API."""

from __future__ import annotations

from typing import Any

from ..account import Account, is_valid


def put_contact(account: Account, EmailAddress: str, **fields: Any) -> None:
    """Create or update a contact, including read-only fields; other fields are unchanged.

    Raises:
        ValueError: an invalid address, an unknown field, or the SystemID of another contact.
    """
    if not is_valid(EmailAddress.strip()):
        raise ValueError(f"{EmailAddress!r} is not an email address")
    suppressed = fields.pop("IsSuppressed", None)
    system_id = fields.pop("SystemID", None)
    existing = account.contacts.by_address(EmailAddress)
    document = account.new_document(EmailAddress, "Uploaded")
    if unknown := fields.keys() - document.keys():
        raise ValueError(f"unknown fields {sorted(unknown)}. The fields are: {sorted(document)}")
    if existing and system_id in (None, existing.system_id):
        address = {"EmailAddress": EmailAddress.strip()}
        account.contacts.replace(existing.system_id, {**existing.document, **fields, **address})
    elif existing:
        raise ValueError(f"{EmailAddress!r} has SystemID {existing.system_id}, not {system_id}")
    else:
        account.contacts.insert({**document, **fields}, system_id)
    if suppressed is not None:
        change = account.contacts.suppress if suppressed else account.contacts.unsuppress
        change(EmailAddress)


def subscribe(account: Account, address: str, list_id: str, subscribed: bool = True) -> None:
    """Subscribe a contact to a list, or record it as unsubscribed.

    Raises:
        ValueError: an unknown contact or mailing list.
    """
    if list_id not in {mailing_list.external_id for mailing_list in account.mailing_lists.all()}:
        raise ValueError(f"no mailing list has the ID {list_id!r}")
    contact = account.contacts.by_address(address)
    if contact is None:
        raise ValueError(f"no contact has the address {address!r}. Add it before subscribing it")
    account.mailing_lists.set_membership(list_id, contact.system_id, subscribed)
