# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A run over rows, a page at a time: each row is settled at once, or is an item to apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Callable, Protocol, TypeVar

from ..errors import InvalidInput, SentoriError
from ..rows.duplicates import SeenAddresses
from ..rows.row import Row, Rows
from .outcome import INVALID, Outcome, duplicate, not_sent
from .progress import Progress
from .result import Part

# Rows that are read, compared and applied together.
PAGE = 1000


class HasAddress(Protocol):
    """What a checked row becomes."""

    @property
    def email(self) -> str:
        """Its address."""


T = TypeVar("T", bound=HasAddress)


def settle(
    rows: Iterable[Row], check: Callable[[Row], T], seen: SeenAddresses
) -> tuple[dict[str, Outcome], dict[str, T]]:
    """Divide rows into those that are invalid or repeat an address, and those to apply; both by their place.

    ``check`` makes an item of a row, or raises InvalidInput; ``seen``: the addresses of the rows before.
    """
    settled: dict[str, Outcome] = {}
    items: dict[str, T] = {}
    for row in rows:
        try:
            if row.error is not None:
                raise row.error
            item = check(row)
        except InvalidInput as refusal:
            settled[row.place] = Outcome(row.email, INVALID, row.place).refused(refusal)
            continue
        if seen.add(item.email):
            items[row.place] = item
        else:
            settled[row.place] = duplicate(item.email, row.place)
    return settled, items


def in_pages(
    rows: Rows, check: Callable[[Row], T], apply: Callable[[Sequence[T]], Sequence[Outcome]], progress: Progress
) -> Iterator[Part]:
    """The outcomes of the rows, a page at a time, in their order.

    ``apply`` returns one Outcome an item, in order. A SentoriError that it raises, or that the source raises, ends the
    run: before the first Part it is raised, and later it is ``stopped_by`` of the last one.
    """
    seen = SeenAddresses()
    stream = iter(rows)
    is_first = True
    while True:
        page: list[Row] = []
        try:
            page.extend(islice(stream, PAGE))
            progress.read(len(page), rows.part())
            if not page:
                return
            settled, items = settle(page, check, seen)
            progress.done(len(settled))
            outcomes = dict(zip(items, apply([*items.values()])))
        except SentoriError as error:
            if is_first:
                raise
            yield Part([not_sent(row.email, row.place, error) for row in page], page, stopped_by=error)
            return
        is_first = False
        done = {**settled, **outcomes}
        yield Part([done[row.place]._replace(place=row.place) for row in page], page)
