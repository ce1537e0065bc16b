# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The addresses of many rows on a mailing list, off it, or exactly these on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from ..addresses import checked_address
from ..api.client import SentoriApi
from ..fields import ADDRESS
from ..rows.duplicates import SeenAddresses
from ..rows.row import Row, Rows
from ..runs.options import check_choice, check_only_with
from ..runs.outcome import NOT_PLACED, Outcome
from ..runs.pages import settle
from ..runs.progress import Progress
from ..runs.recorder import Recorder
from ..runs.result import Part
from ..runs.thresholds import OPTION, Thresholds
from .limit import parse_limit
from .plan import Wanted
from .subscriptions import Subscriptions

STATES = ("subscribed", "unsubscribed")
REMOVED = "Not among the given addresses: removed by exact."


def apply_subscribers(
    api: SentoriApi,
    mailing_list: object,
    open_rows: Callable[[], Rows],
    recorder: Recorder,
    thresholds: Thresholds,
    *,
    state: str = "subscribed",
    exact: bool = False,
    max_unsubscribes: object = None,
    allow_empty: bool = False,
    create_missing: bool = False,
    concurrency: int = 8,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> str:
    """Subscribe or unsubscribe the addresses of rows, or have exactly these on the list; returns its ExternalID.

    The addresses are held in memory. ``exact`` removes nobody if more of them could not be placed than ``thresholds``
    allow: they may be other spellings of subscribers. The Outcomes of removed subscribers follow those of the rows.
    Raises InvalidInput, naming the option, before any write; what would stop every request.
    """
    with recorder:
        check_choice(state, STATES, "state")
        check_only_with(state == "subscribed", "state subscribed", exact=exact, create_missing=create_missing)
        check_only_with(exact, "exact", max_unsubscribes=max_unsubscribes is not None, allow_empty=allow_empty)
        limit_of_removals = parse_limit(max_unsubscribes) if exact else None
        watch = progress or Progress()
        subscriptions = Subscriptions(api, mailing_list, concurrency, progress=watch, dry_run=dry_run)
        rows = list(recorder.begin(open_rows()))
        watch.read(len(rows), 1.0)
        settled, items = settle(rows, _wanted, SeenAddresses())
        watch.done(len(settled))
        wanted = list(items.values())
        if limit_of_removals is not None:
            needed = subscriptions.exact(
                wanted,
                max_unsubscribes=limit_of_removals,
                allow_empty=allow_empty,
                create_missing=create_missing,
            )
            placed, leaving = subscriptions.apply(needed.staying), needed.leaving
        elif state == "subscribed":
            placed, leaving = subscriptions.subscribe(wanted, create_missing=create_missing), []
        else:
            placed, leaving = subscriptions.unsubscribe(wanted), []
        outcomes = {**settled, **dict(zip(items, placed))}
        part = Part([outcomes[row.place] for row in rows], rows)
        not_placed = sum(outcome.action in NOT_PLACED for outcome in part.outcomes)
        if leaving and not thresholds.allow(not_placed, len(rows)):
            part.warnings.append(
                f"exact removed nobody: {not_placed} of {len(rows)} given addresses could not be placed, and may be"
                f" subscribers in another spelling. The limit is {thresholds.max_rejected} ({OPTION})."
            )
        elif subscriptions.stopped_by is None:
            part.outcomes += _removed(subscriptions.apply(leaving))
        part.stopped_by = subscriptions.stopped_by
        recorder.take(part)
    return subscriptions.mailing_list_id


def _wanted(row: Row) -> Wanted:
    """The address of a row. Raises InvalidInput, naming its place."""
    return Wanted(checked_address(row.fields.get(ADDRESS), row.place), row.place)


def _removed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome._replace(reason=outcome.reason or REMOVED) for outcome in outcomes]
