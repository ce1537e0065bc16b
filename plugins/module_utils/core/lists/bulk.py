# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The addresses of many rows on a mailing list, off it, or exactly these on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from ..addresses import checked_address
from ..api.client import SentoriApi
from ..fields import ADDRESS
from ..memory.account import opened
from ..memory.storage import Place
from ..rows.duplicates import SeenAddresses
from ..rows.row import Row, Rows
from ..runs.options import check_choice, check_only_with
from ..runs.outcome import NOT_PLACED
from ..runs.pages import settle
from ..runs.progress import Progress
from ..runs.recorder import Recorder
from ..runs.result import Part
from ..runs.thresholds import OPTION, Thresholds
from .departures import CHOICES as DEPARTURES
from .departures import departures_of
from .limit import parse_limit
from .lookup import MailingList
from .plan import Step, Wanted
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
    memory: Place | None = None,
    departures: str = "respect",
    rejoin: Sequence[object] = (),
    concurrency: int = 8,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> str:
    """Subscribe or unsubscribe the addresses of rows, or have exactly these on the list; returns its ExternalID.

    The addresses are held in memory. ``exact`` removes nobody if more of them could not be placed than ``thresholds``
    allow: they may be other spellings of subscribers. The Outcomes of removed subscribers follow those of the rows.
    ``memory``: remembers who is on the list, so that whoever leaves it is not subscribed again: an address is
    ``left`` until the list shows it, or ``rejoin`` names it. ``departures``: ``ignore`` subscribes such addresses.
    Raises InvalidInput, naming the option, before any write; what would stop every request.
    """
    with recorder:
        check_choice(state, STATES, "state")
        check_only_with(state == "subscribed", "state subscribed", exact=exact, create_missing=create_missing)
        check_only_with(exact, "exact", max_unsubscribes=max_unsubscribes is not None, allow_empty=allow_empty)
        check_choice(departures, DEPARTURES, "departures")
        check_only_with(memory is not None, "state_file", departures=departures != "respect", rejoin=bool(rejoin))
        coming_back = [checked_address(email, f"rejoin[{at}]") for at, email in enumerate(rejoin)]
        limit_of_removals = parse_limit(max_unsubscribes) if exact else None
        watch = progress or Progress()
        one_list = MailingList(api, mailing_list)
        with opened(memory, api.transport.account, dry_run=dry_run) as known:
            rows = list(recorder.begin(open_rows(), known))
            watch.read(len(rows), 1.0)
            settled, items = settle(rows, _wanted, SeenAddresses())
            watch.done(len(settled))
            subscriptions = Subscriptions(
                api,
                one_list,
                concurrency,
                progress=watch,
                departures=departures_of(known, one_list, respects=departures == "respect", rejoin=coming_back),
                dry_run=dry_run,
            )
            wanted, leaving = list(items.values()), list[Step]()
            if limit_of_removals is not None:
                needed = subscriptions.exact(
                    wanted,
                    max_unsubscribes=limit_of_removals,
                    allow_empty=allow_empty,
                    create_missing=create_missing,
                )
                placed, leaving = subscriptions.apply(needed.staying), needed.leaving
            elif state == "subscribed":
                placed = subscriptions.subscribe(wanted, create_missing=create_missing)
            else:
                placed = subscriptions.unsubscribe(wanted)
            outcomes = {**settled, **dict(zip(items, placed))}
            part = Part([outcomes[row.place] for row in rows], rows)
            _remove(subscriptions, leaving, part, thresholds)
            recorder.take(part)
            recorder.end(known)
    return one_list.find_id()


def _remove(subscriptions: Subscriptions, leaving: Sequence[Step], part: Part, thresholds: Thresholds) -> None:
    """Remove other subscribers, unless too many of the wanted addresses could not be placed."""
    total = len(part.rows)
    not_placed = sum(outcome.action in NOT_PLACED for outcome in part.outcomes)
    if leaving and not thresholds.allow(not_placed, total):
        part.warnings.append(
            f"exact removed nobody: {not_placed} of {total} given addresses could not be placed, and may be subscribers"
            f" in another spelling. The limit is {thresholds.max_rejected} ({OPTION})."
        )
    elif subscriptions.stopped_by is None:
        removed = subscriptions.apply(leaving)
        part.outcomes += [outcome._replace(reason=outcome.reason or REMOVED) for outcome in removed]
    part.stopped_by = subscriptions.stopped_by


def _wanted(row: Row) -> Wanted:
    """The address of a row. Raises InvalidInput, naming its place."""
    return Wanted(checked_address(row.fields.get(ADDRESS), row.place), row.place)
