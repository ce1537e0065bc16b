# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Who has left a mailing list: Sentori does not show it, but a memory of who was on the list does.

Whoever is remembered and not on the list has left it. A person whom we take off is forgotten before the request, and
one whom we put on is remembered as soon as Sentori has accepted it. So a run that is killed never makes a leaver of
somebody whom only we took off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from ..addresses import comparable
from ..memory.account import AccountMemory
from ..memory.storage import SUPPRESSED
from .lookup import MailingList

CHOICES = ("respect", "ignore")


class Departures(Protocol):
    """The memory of one mailing list."""

    is_kept: bool

    def saw(self, emails: Iterable[str]) -> None:
        """Remember addresses that the list shows, or that were put on it."""

    def forget(self, emails: Iterable[str]) -> None:
        """Forget addresses that are about to be taken off; called before anything is sent, also without addresses.

        Raises MemoryUnavailable if another run has taken over the memory.
        """

    def left(self, emails: Iterable[str]) -> set[str]:
        """Which of these addresses, which the list does not show, have left it; in their comparable form."""

    def erased(self, emails: Iterable[str]) -> set[str]:
        """Which of these addresses are of people whom an earlier run has erased; in their comparable form."""


class NoDepartures:
    """Nobody is remembered, and so nobody is known to have left."""

    is_kept = False

    def saw(self, emails: Iterable[str]) -> None:
        pass

    def forget(self, emails: Iterable[str]) -> None:
        pass

    def left(self, emails: Iterable[str]) -> set[str]:
        return set()

    def erased(self, emails: Iterable[str]) -> set[str]:
        return set()


class RememberedMembers:
    """The memory of an account. ``rejoin``: addresses that have asked to come back.

    With ``respects`` False the memory is kept, and nobody counts as having left. Raises as AccountMemory.
    """

    is_kept = True

    def __init__(self, memory: AccountMemory, mailing_list: str, *, respects: bool, rejoin: Collection[str]) -> None:
        self._memory = memory
        self._list = memory.digest(mailing_list.encode(), b"mailing list")
        self._respects = respects
        self._rejoin = {comparable(email) for email in rejoin}

    def saw(self, emails: Iterable[str]) -> None:
        self._memory.put(self._list, dict.fromkeys(self._memory.addresses(emails), 0))

    def forget(self, emails: Iterable[str]) -> None:
        self._memory.check()
        self._memory.remove((self._list,), self._memory.addresses(emails))

    def left(self, emails: Iterable[str]) -> set[str]:
        return self._found(self._list, emails) - self._rejoin if self._respects else set()

    def erased(self, emails: Iterable[str]) -> set[str]:
        return self._found(SUPPRESSED, emails, 1)

    def _found(self, kind: int, emails: Iterable[str], value: int = 0) -> set[str]:
        spelled = [comparable(email) for email in emails]
        addresses = self._memory.addresses(spelled)
        entries = self._memory.find((kind,), addresses)
        found = {key for key, _kind, known, _seen in entries if known == value}
        return {email for email, address in zip(spelled, addresses) if address in found}


def departures_of(
    memory: AccountMemory | None, mailing_list: MailingList, *, respects: bool, rejoin: Collection[str]
) -> Departures:
    """What the memory of an account knows of a mailing list; without one, nobody is remembered.

    Raises InvalidInput for an unknown list.
    """
    if memory is None:
        return NoDepartures()
    return RememberedMembers(memory, mailing_list.find_id(), respects=respects, rejoin=rejoin)
