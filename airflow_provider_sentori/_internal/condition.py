# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What the sensor and its trigger wait for: a contact exists, is confirmed, is on a mailing list, or is suppressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core import addresses
from ..core.contacts.reader import get_or_none
from ..core.errors import InvalidInput
from ..core.fields import ADDRESS
from ..core.lists.lookup import MailingList
from ..core.lists.membership import among

if TYPE_CHECKING:
    from ..hooks.sentori import SentoriHook

FIELDS = {"exists": ADDRESS, "confirmed": "IsConfirmed", "suppressed": "IsSuppressed"}
SUBSCRIBED = "subscribed"
UNTILS = ("exists", "confirmed", SUBSCRIBED, "suppressed")


@dataclass(frozen=True)
class Condition:
    """One of ``UNTILS``, for one address; ``mailing_list`` can only be used with ``subscribed``."""

    email: str
    until: str
    mailing_list: str | None = None

    def is_met(self, hook: SentoriHook) -> bool:
        """Whether it is met now: one read, or up to three if the mailing list is given by name.

        Raises a SentoriError.
        """
        email = addresses.checked_address(self.email, "email")
        if self.until not in UNTILS:
            raise InvalidInput(f"{self.until!r} is not one of {', '.join(UNTILS)}.", option="until")
        if self.until == SUBSCRIBED:
            return MailingList(hook.get_conn(), self.mailing_list).read_addresses(
                lambda pages: bool(among([email], pages))
            )
        if self.mailing_list is not None:
            raise InvalidInput(f"can only be used with until {SUBSCRIBED}.", option="mailing_list")
        contact = get_or_none(hook.get_conn(), email)
        return contact is not None and bool(contact.get(FIELDS[self.until]))
