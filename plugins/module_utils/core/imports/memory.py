# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What earlier imports left behind: which rows Sentori already has, so that their contacts need not be read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any, Callable, Protocol

from ..fields import ADDRESS
from ..memory.account import AccountMemory
from ..memory.storage import ROWS, SUPPRESSED
from ..runs.outcome import NOT_MAILABLE, REJECTED, UNCHANGED
from .options import ImportOptions

DEFAULT_DAYS = 7.0

_DAY = 86400
# A row is not verified again within this time: neither by a task's retry, nor by another run of the same night.
_AT_LEAST = _DAY // 2
# No hash is that long.
_NEVER = (1 << 70, 0)

GivenRow = Mapping[str, Any]


class Memory(Protocol):
    """What an import asks of its memory. Rows are the fields as given, with a well-formed address."""

    def known(self, rows: Sequence[GivenRow]) -> list[str | None]:
        """For each row: ``unchanged`` if Sentori is known to have it, ``rejected`` if Sentori is known not to accept
        it, ``not_mailable`` if the person was erased, or None."""

    def forget(self, rows: Sequence[GivenRow]) -> None:
        """Forget rows that are about to be sent, until their outcomes are known."""

    def remember(self, rows: Sequence[GivenRow], action: str) -> None:
        """Remember rows that Sentori has (``unchanged``), or does not accept (``rejected``)."""


class NoMemory:
    """Every row is new."""

    def known(self, rows: Sequence[GivenRow]) -> list[str | None]:
        return [None] * len(rows)

    def forget(self, rows: Sequence[GivenRow]) -> None:
        pass

    def remember(self, rows: Sequence[GivenRow], action: str) -> None:
        pass


class ImportState:
    """The memory of one import: for each row a hash of its address and one of its content.

    ``on_blank``: what blanks mean, since the same row has another meaning then. ``verify``: ``changed`` knows a row
    until it is due, ``all`` knows none. Every row is due once in ``verify_after_days``, at a time that depends on its
    address: so an equal part of the rows is due each day, although all were imported in one night.
    Raises as AccountMemory.
    """

    def __init__(
        self, memory: AccountMemory, *, on_blank: str, verify: str = "changed", verify_after_days: float = DEFAULT_DAYS
    ) -> None:
        self._context = on_blank.encode()
        self._memory = memory
        self._now = memory.now
        self._period = 0 if verify == "all" else int(verify_after_days * _DAY)
        self._fresh = self._now - min(_AT_LEAST, self._period)
        self._shapes: dict[tuple[str, ...], tuple[str, Callable[[GivenRow], Any]]] = {}

    def known(self, rows: Sequence[GivenRow]) -> list[str | None]:
        if not self._memory.exists:
            return [None] * len(rows)
        contents = [self._content(row) for row in rows]
        hashes = self._hashes([row for row, content in zip(rows, contents) if content is not None], contents)
        found = self._memory.find((ROWS, SUPPRESSED), [address for address, _ in hashes])
        erased = {key for key, kind, value, _ in found if kind == SUPPRESSED and value}
        remembered = {key: (value, seen) for key, kind, value, seen in found if kind == ROWS}
        verdicts = (self._verdict(address, fingerprint, remembered, erased) for address, fingerprint in hashes)
        return [None if content is None else next(verdicts) for content in contents]

    def _verdict(
        self, address: int, fingerprint: int, remembered: Mapping[int, tuple[int, int]], erased: Collection[int]
    ) -> str | None:
        if address in erased:
            return NOT_MAILABLE
        value, seen = remembered.get(address, _NEVER)
        if value >> 1 != fingerprint or self._is_due(address, seen):
            return None
        return REJECTED if value & 1 else UNCHANGED

    def forget(self, rows: Sequence[GivenRow]) -> None:
        self._memory.check()
        self._memory.remove((ROWS,), self._memory.addresses(str(row[ADDRESS]) for row in rows))

    def remember(self, rows: Sequence[GivenRow], action: str) -> None:
        rejected = action == REJECTED
        hashes = self._hashes(rows, [self._content(row) for row in rows])
        # The last bit of a fingerprint gives way to the verdict.
        self._memory.put(ROWS, {address: fingerprint << 1 | rejected for address, fingerprint in hashes})

    @property
    def names(self) -> list[str]:
        """The names of the account's fields, as an earlier run read them; none if that was too long ago."""
        names, read = self._memory.field_names()
        return names if self._now - self._period < read <= self._now else []

    @names.setter
    def names(self, names: Sequence[str]) -> None:
        self._memory.remember_field_names(names)

    def _is_due(self, address: int, seen: int) -> bool:
        """Whether a row must be verified that was seen then.

        All rows would be due in one night, if it only counted how long ago that was. So each address has a moment in
        every period, and a row is due when this has passed since it was seen.
        """
        if self._fresh < seen <= self._now:
            return False
        return not self._period or seen > self._now or seen < self._now - (self._now - address) % self._period

    def _hashes(self, rows: Sequence[GivenRow], contents: Sequence[bytes | None]) -> list[tuple[int, int]]:
        """For each row the hash of its address, and 63 bits of one of its content."""
        addresses = self._memory.addresses(row[ADDRESS] for row in rows)
        fingerprints = self._memory.digests((content for content in contents if content is not None), self._context)
        return [(address, fingerprint >> 1) for address, fingerprint in zip(addresses, fingerprints)]

    def _content(self, row: GivenRow) -> bytes | None:
        """A row as bytes, whatever the order of its fields; None if it has no address, or cannot be compared."""
        if not isinstance(row.get(ADDRESS), str):
            return None
        try:
            shape = self._shapes.get(tuple(row))
            if shape is None:
                names = sorted(row)
                shape = self._shapes[tuple(row)] = (ascii(names), itemgetter(*names))
            # A third of the time that JSON takes.
            return f"{shape[0]}{shape[1](row)!a}".encode()
        except (TypeError, ValueError, RecursionError):
            return None


def import_state(memory: AccountMemory | None, options: ImportOptions) -> ImportState | None:
    """What an import with these options asks of the memory of its account."""
    if memory is None:
        return None
    days = DEFAULT_DAYS if options.verify_after_days is None else options.verify_after_days
    return ImportState(memory, on_blank=options.on_blank, verify=options.verify, verify_after_days=days)
