# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What earlier imports left behind: which rows Sentori already has, so that their contacts need not be read again."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, Callable, NamedTuple, Protocol

from ..fields import ADDRESS
from ..memory.account import AccountMemory
from ..memory.storage import ROWS, SUPPRESSED
from ..rows.row import Page, Table
from ..runs.outcome import NOT_MAILABLE, REJECTED, UNCHANGED
from .options import ImportOptions

DEFAULT_DAYS = 7.0

_DAY = 86400
# A row is not verified again within this time: neither by a task's retry, nor by another run of the same night.
_AT_LEAST = _DAY // 2
# The bit of a value that says that Sentori did not accept the row; all others are the row's hash.
_VERDICT = 1
_SEPARATOR = "\x1f"
# Rows whose texts are in memory at once.
_AT_ONCE = 1_000


class Keys(NamedTuple):
    """The hashes of rows: of the address of each, and of its content; None where a row has no address, or cannot be
    compared. ``stored``: the addresses that the memory has an entry for, as ``known`` has found."""

    addresses: Sequence[int | None]
    contents: Sequence[int | None]
    stored: set[int]

    def at(self, positions: Sequence[int]) -> Keys:
        """The keys of some of the rows."""
        if len(positions) == len(self.addresses):
            return self
        addresses, contents = self.addresses, self.contents
        return Keys([addresses[at] for at in positions], [contents[at] for at in positions], self.stored)


def joined(keys: Iterable[Keys]) -> Keys:
    """The keys of all rows."""
    every = list(keys)
    addresses, contents = chain.from_iterable(one.addresses for one in every), (one.contents for one in every)
    return Keys(list(addresses), list(chain.from_iterable(contents)), set().union(*(one.stored for one in every)))


def no_keys(count: int) -> Keys:
    """The keys of rows that are not remembered."""
    return Keys([None] * count, [None] * count, set())


class Memory(Protocol):
    """What an import asks of its memory."""

    def keys(self, rows: Page) -> Keys:
        """The keys of rows."""

    def known(self, keys: Keys) -> list[str | None]:
        """For each row: ``unchanged`` if Sentori is known to have it, ``rejected`` if Sentori is known not to accept
        it, ``not_mailable`` if the person was erased, or None."""

    def forget(self, keys: Keys) -> None:
        """Forget rows that are about to be sent, until their outcomes are known."""

    def remember(self, keys: Keys, action: str) -> None:
        """Remember rows that Sentori has (``unchanged``), or does not accept (``rejected``)."""


class NoMemory:
    """Every row is new."""

    def keys(self, rows: Page) -> Keys:
        return no_keys(len(rows))

    def known(self, keys: Keys) -> list[str | None]:
        return [None] * len(keys.addresses)

    def forget(self, keys: Keys) -> None:
        pass

    def remember(self, keys: Keys, action: str) -> None:
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

    def keys(self, rows: Page) -> Keys:
        if not self._memory.exists:
            return no_keys(len(rows))
        addresses: list[int | None] = []
        hashes: list[int | None] = []
        for at in range(0, len(rows), _AT_ONCE):
            emails, contents = _texts(rows[at : at + _AT_ONCE])
            addresses += _hashed(emails, self._memory.addresses)
            # The last bit gives way to the verdict.
            hashes += [None if one is None else one & ~_VERDICT for one in _hashed(contents, self._hashes)]
        return Keys(_compact(addresses), _compact(hashes), set())

    def _hashes(self, contents: Sequence[str]) -> list[int]:
        return self._memory.digests((one.encode(errors="surrogatepass") for one in contents), self._context)

    def known(self, keys: Keys) -> list[str | None]:
        found = self._memory.find((ROWS, SUPPRESSED), [address for address in keys.addresses if address is not None])
        if not found:
            return [None] * len(keys.addresses)
        erased: set[int] = set()
        remembered: dict[int | None, int] = {}
        for key, kind, value, seen in found:
            if kind == ROWS:
                keys.stored.add(key)
                if self._fresh < seen <= self._now or not self._is_due(key, seen):
                    remembered[key] = value
            elif value:
                erased.add(key)
        all_sent = list(map(remembered.get, keys.addresses))
        if not erased and all_sent == list(keys.contents) and None not in all_sent:
            return [UNCHANGED] * len(all_sent)
        verdicts: list[str | None] = []
        for address, content, sent in zip(keys.addresses, keys.contents, all_sent):
            if content is None or (sent is None and not erased):
                verdicts.append(None)
            elif address in erased:
                verdicts.append(NOT_MAILABLE)
            elif sent == content:
                verdicts.append(UNCHANGED)
            else:
                verdicts.append(REJECTED if sent == content | _VERDICT else None)
        return verdicts

    def forget(self, keys: Keys) -> None:
        self._memory.check()
        self._memory.remove((ROWS,), [address for address in keys.addresses if address in keys.stored])

    def remember(self, keys: Keys, action: str) -> None:
        verdict = _VERDICT if action == REJECTED else 0
        self._memory.put(
            ROWS,
            {
                address: content | verdict
                for address, content in zip(keys.addresses, keys.contents)
                if address is not None and content is not None
            },
        )

    @property
    def names(self) -> list[str]:
        """The names of the account's fields, as an earlier run read them; none if that was too long ago."""
        names, read = self._memory.field_names()
        return names if self._now - self._period < read <= self._now else []

    @names.setter
    def names(self, names: Sequence[str]) -> None:
        self._memory.remember_field_names(names)

    def _is_due(self, address: int, seen: int) -> bool:
        """Whether a row must be verified that was seen then, and not lately.

        All rows would be due in one night, if it only counted how long ago that was. So each address has a moment in
        every period, and a row is due when this has passed since it was seen.
        """
        return not self._period or seen > self._now or seen < self._now - (self._now - address) % self._period


def _texts(rows: Page) -> tuple[Sequence[str | None], Sequence[str | None]]:
    """For each row its address, and its fields as one text, whatever their order; None as in Keys."""
    if isinstance(rows, Table) and not rows.errors:
        columns = dict(zip(rows.fields, rows.columns()))
        names = sorted(columns)
        try:
            contents = list(map(_SEPARATOR.join, zip(repeat(ascii(names)), *(columns[name] for name in names))))
        except TypeError:
            contents = []  # not all of the values are texts
        if contents and "".join(contents).count(_SEPARATOR) == len(names) * len(contents):
            return columns[ADDRESS], contents
    emails = [row.fields.get(ADDRESS) for row in rows]
    return (
        [email if isinstance(email, str) else None for email in emails],
        [_content(row.fields) if isinstance(email, str) else None for row, email in zip(rows, emails)],
    )


def _hashed(texts: Sequence[str | None], hashes: Callable[[Sequence[str]], list[int]]) -> Sequence[int | None]:
    """The hashes of texts; None where there is no text."""
    given = [text for text in texts if text is not None]
    if len(given) == len(texts):
        return hashes(given)
    found = iter(hashes(given))
    return [None if text is None else next(found) for text in texts]


def _compact(hashes: list[int | None]) -> Sequence[int | None]:
    """The same in a quarter of the memory, unless one is missing."""
    compact = array("q", [one for one in hashes if one is not None])
    return compact if len(compact) == len(hashes) else hashes


def _content(row: Mapping[str, Any]) -> str | None:
    """The same for the fields of one row; two rows that differ have different texts."""
    try:
        names = sorted(row)
        values = [row[name] for name in names]
        if all(isinstance(value, str) and _SEPARATOR not in value for value in values):
            return f"{names!a}{_SEPARATOR}{_SEPARATOR.join(values)}"
        return f"{names!a}{tuple(values)!a}"
    except (TypeError, ValueError, RecursionError):
        return None


def import_state(memory: AccountMemory | None, options: ImportOptions) -> ImportState | None:
    """What an import with these options asks of the memory of its account."""
    if memory is None:
        return None
    days = DEFAULT_DAYS if options.verify_after_days is None else options.verify_after_days
    return ImportState(memory, on_blank=options.on_blank, verify=options.verify, verify_after_days=days)
