# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What can be waited for: that a Contact exists, is confirmed, is on a Mailing List, or is suppressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .core import addresses
from .core.errors import ContactNotFound, InvalidInput
from .core.fields import ADDRESS
from .core.mailing_lists import GivenList

if TYPE_CHECKING:
    from .hooks.sentori import SentoriHook

FIELDS = {"exists": ADDRESS, "confirmed": "IsConfirmed", "suppressed": "IsSuppressed"}
SUBSCRIBED = "subscribed"
UNTILS = ("exists", "confirmed", SUBSCRIBED, "suppressed")


@dataclass(frozen=True)
class Condition:
    """One of ``UNTILS``, about one address; ``mailing_list`` goes with ``subscribed``."""

    email: str
    until: str
    mailing_list: str | None = None

    def holds(self, hook: SentoriHook) -> bool:
        """Whether it is so now: one read, or up to three where the Mailing List is given by name.

        Raises a SentoriError.
        """
        email = addresses.checked(self.email, "email")
        if self.until not in UNTILS:
            raise InvalidInput(f"one of {', '.join(UNTILS)} is needed.", option="until")
        if self.until == SUBSCRIBED:
            return GivenList(hook.get_conn(), self.mailing_list).read(
                lambda subscribers: any(addresses.same(one[ADDRESS], email) for one in subscribers)
            )
        if self.mailing_list is not None:
            raise InvalidInput(f"goes with until {SUBSCRIBED} only.", option="mailing_list")
        try:
            return bool(hook.get_conn().get_contact(email).get(FIELDS[self.until]))
        except ContactNotFound:
            return False
