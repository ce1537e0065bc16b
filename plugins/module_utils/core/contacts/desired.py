# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What should be true of a contact, checked before any request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from .. import addresses, fields
from ..errors import InvalidInput
from ..fields import ADDRESS, Contact, FieldValue
from ..runs.options import check_choice

STATES = ("present", "absent")
_NO_FIELDS: Mapping[str, FieldValue] = MappingProxyType({})


class DesiredContact(NamedTuple):
    """What should be true of one contact; ``fields`` and ``new_email`` can only be used with ``present``.

    ``option`` is where the fields are in the user's input, for messages: ``fields`` or ``contacts[3]``.
    """

    email: str
    present: bool = True
    fields: Mapping[str, FieldValue] = _NO_FIELDS
    new_email: str | None = None
    option: str = "fields"


def desired_contact(
    email: object, state: str = "present", given: Mapping[str, object] | None = None, new_email: object = None
) -> DesiredContact:
    """One contact, from the options of a module or operator. Raises InvalidInput; sends nothing."""
    address = addresses.checked_address(email, "email")
    check_choice(state, STATES, "state")
    if state == "absent":
        for option, value in (("fields", given), ("new_email", new_email)):
            if value:
                raise InvalidInput("can only be used with state present.", option=option)
        return DesiredContact(address, present=False)
    renamed = addresses.checked_address(new_email, "new_email") if new_email is not None else None
    desired = fields.checked_fields(given or {}, "fields")
    _take_address(desired, (address, renamed or address), "fields")
    if renamed is not None and addresses.same(renamed, address):
        renamed = None
    return DesiredContact(address, fields=desired, new_email=renamed)


def _take_address(desired: Contact, allowed: Iterable[str], option: str) -> None:
    """Remove EmailAddress from the fields, where it may only repeat the address given elsewhere."""
    given = desired.pop(ADDRESS, None)
    if given is not None and not any(addresses.same(given, address) for address in allowed):
        raise InvalidInput(
            "this address differs from email. Use new_email to change the address of a contact.",
            option=f"{option}.{ADDRESS}",
        )
