# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Who has left a mailing list: Sentori does not show it, but a memory of who was on the list does.

Whoever is remembered and not on the list has left it. A person whom we take off is forgotten before the request, and
one whom we put on is remembered as soon as Sentori has accepted it. So a run that is killed never makes a leaver of
somebody whom only we took off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from ..addresses import comparable
from ..api.client import SentoriApi
from ..runs.state_file import StateFile
from .lookup import MailingList

CHOICES = ("respect", "ignore")


class Departures(Protocol):
    """The memory of one mailing list."""

    is_kept: bool

    def saw(self, emails: Iterable[str]) -> None:
        """Remember addresses that the list shows, or that were put on it."""

    def forget(self, emails: Iterable[str]) -> None:
        """Forget addresses that are about to be taken off."""

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
    """The memory in a state file, by keyed hashes. ``rejoin``: addresses that have asked to come back.

    With ``respects`` False the memory is kept, and nobody counts as having left. Raises as StateFile.
    """

    is_kept = True

    def __init__(self, file: StateFile, mailing_list: str, *, respects: bool, rejoin: Collection[str]) -> None:
        self._file = file
        self._list = file.digest(mailing_list.encode(), b"mailing list")
        self._respects = respects
        self._rejoin = {comparable(email) for email in rejoin}

    def saw(self, emails: Iterable[str]) -> None:
        entries = ((self._file.address(email), self._list) for email in emails)
        self._file.write("INSERT OR IGNORE INTO member VALUES (?, ?)", entries)

    def forget(self, emails: Iterable[str]) -> None:
        entries = ((self._file.address(email), self._list) for email in emails)
        self._file.write("DELETE FROM member WHERE address = ? AND list = ?", entries)

    def left(self, emails: Iterable[str]) -> set[str]:
        if not self._respects:
            return set()
        return self._found("SELECT 1 FROM member WHERE address = ? AND list = ?", emails, self._list) - self._rejoin

    def erased(self, emails: Iterable[str]) -> set[str]:
        return self._found("SELECT 1 FROM suppressed WHERE address = ? AND erased = ?", emails, 1)

    def _found(self, query: str, emails: Iterable[str], value: int) -> set[str]:
        if not self._file.exists:
            return set()
        hashes = {comparable(email): self._file.address(email) for email in emails}
        with self._file.reading() as database:
            return {
                email
                for email, address in hashes.items()
                if database.execute(query, (address, value)).fetchone() is not None
            }


@contextmanager
def open_departures(
    api: SentoriApi,
    mailing_list: MailingList,
    path: str | None,
    *,
    respects: bool,
    rejoin: Collection[str],
    dry_run: bool,
) -> Iterator[Departures]:
    """The memory of a mailing list in the state file at this path; without one, nobody is remembered.

    Raises as StateFile, and InvalidInput for an unknown list.
    """
    if path is None:
        yield NoDepartures()
        return
    with StateFile(path, api.transport.account, dry_run=dry_run) as file:
        yield RememberedMembers(file, mailing_list.find_id(), respects=respects, rejoin=rejoin)
