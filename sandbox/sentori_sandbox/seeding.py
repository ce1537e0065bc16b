# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Seeds: what an account holds at the start, and the same form for all it holds now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

from .account import Account
from .addresses import is_valid
from .fields import Structure
from .mailing_lists import MailingList
from .mailings import Email

Seed: TypeAlias = Mapping[str, Any]
SeedSource: TypeAlias = str | Path | Seed

_BUNDLED = ("empty", "demo")
_PARTS = {
    "structure",
    "contacts",
    "mailing_lists",
    "suppression_list",
    "emails",
    "upload_groups",
}


def load(source: SeedSource) -> Seed:
    """The seed itself.

    Args:
        source: "empty", "demo", the path of a JSON file, or a seed.

    Raises:
        ValueError: it is no seed; the message says why.
    """
    seed = _read(source) if isinstance(source, (str, Path)) else source
    if not isinstance(seed, Mapping):
        raise ValueError("a seed is a JSON object")
    if unknown := seed.keys() - _PARTS:
        raise ValueError(f"a seed has no {sorted(unknown)}; it can have: {sorted(_PARTS)}")
    return seed


def _read(source: str | Path) -> Any:
    if source in _BUNDLED:
        text = resources.files(__package__).joinpath(f"seeds/{source}.json").read_text("utf-8")
    else:
        path = Path(source)
        if not path.is_file():
            raise ValueError(f"no seed {str(source)!r}: neither of {_BUNDLED} nor a file")
        text = path.read_text("utf-8")
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(f"seed {str(source)!r} is no JSON: {error}") from error


def sow(account: Account, seed: Seed) -> None:
    """Make the account hold what the seed says, and nothing else.

    Raises:
        ValueError: the seed contradicts itself; then nothing has changed.
    """
    before = account.structure
    try:
        with account.database.transaction():
            account.database.clear()
            _sow_structure(account, seed.get("structure", {}))
            for contact in seed.get("contacts", []):
                put_contact(account, **contact)
            for address in seed.get("suppression_list", []):
                account.people.suppress(address)
            for mailing_list in seed.get("mailing_lists", []):
                _sow_list(account, **mailing_list)
            for email in seed.get("emails", []):
                account.mailings.add_email(Email(**email))
            for group in seed.get("upload_groups", []):
                account.mailings.add_upload_group(
                    group["ExternalID"], group.get("Name"), group.get("Description")
                )
    except Exception as error:
        account.structure = before
        raise ValueError(f"not a seed: {error}") from error


def recall_structure(account: Account) -> None:
    """Take up the structure that a database file holds."""
    account.structure = Structure(json.loads(account.database.setting("structure") or "{}"))


def harvest(account: Account) -> dict[str, Any]:
    """All that the account holds, as a seed."""
    with account.database.transaction():
        return {
            "structure": dict(account.structure.examples),
            "contacts": [account.answer(contact) for contact in account.people.all()],
            "mailing_lists": [
                {
                    **mailing_list.answer(),
                    "subscribers": account.lists.members(mailing_list.external_id, True),
                    "unsubscribed": account.lists.members(mailing_list.external_id, False),
                }
                for mailing_list in account.lists.all()
            ],
            "suppression_list": account.people.suppression_list(),
            "emails": [_email(email) for email in account.mailings.emails()],
            "upload_groups": account.mailings.upload_groups(),
        }


def put_contact(account: Account, EmailAddress: str, **fields: Any) -> None:
    """Store a contact as given, read-only fields too; one that exists keeps what is not given.

    Raises:
        ValueError: an address or a field that cannot be.
    """
    if not is_valid(EmailAddress.strip()):
        raise ValueError(f"not an address: {EmailAddress!r}")
    suppressed = fields.pop("IsSuppressed", None)
    system_id = fields.pop("SystemID", None)
    existing = account.people.by_address(EmailAddress)
    document = account.new_document(EmailAddress, "Uploaded")
    if unknown := fields.keys() - document.keys():
        raise ValueError(f"no Contact Field {sorted(unknown)}; there are: {sorted(document)}")
    if existing and system_id in (None, existing.system_id):
        address = {"EmailAddress": EmailAddress.strip()}
        account.people.replace(existing.system_id, {**existing.document, **fields, **address})
    elif existing:
        raise ValueError(f"{EmailAddress!r} has SystemID {existing.system_id}, not {system_id}")
    else:
        account.people.insert({**document, **fields}, system_id)
    if suppressed is not None:
        change = account.people.suppress if suppressed else account.people.unsuppress
        change(EmailAddress)


def subscribe(account: Account, address: str, list_id: str, subscribed: bool = True) -> None:
    """Put a contact on a list, or down as unsubscribed from it.

    Raises:
        ValueError: there is no such contact, or no such list.
    """
    if list_id not in {mailing_list.external_id for mailing_list in account.lists.all()}:
        raise ValueError(f"no mailing list {list_id!r}")
    contact = account.people.by_address(address)
    if contact is None:
        raise ValueError(f"no contact {address!r} to subscribe")
    account.lists.set_membership(list_id, contact.system_id, subscribed)


def _sow_structure(account: Account, examples: Mapping[str, Any]) -> None:
    account.structure = Structure(examples)
    account.database.set_setting("structure", json.dumps(account.structure.examples))


def _sow_list(
    account: Account,
    ExternalID: str,
    Name: str,
    Description: str | None = None,
    subscribers: list[str] | None = None,
    unsubscribed: list[str] | None = None,
) -> None:
    account.lists.add(MailingList(ExternalID, Name, Description))
    for address in subscribers or []:
        subscribe(account, address, ExternalID)
    for address in unsubscribed or []:
        subscribe(account, address, ExternalID, subscribed=False)


def _email(email: Email) -> dict[str, Any]:
    return {
        **email.answer(),
        "kind": email.kind,
        "draft": email.draft,
        "upload_groups": email.upload_groups,
    }
