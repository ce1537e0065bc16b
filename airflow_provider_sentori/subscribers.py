# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many addresses on a Mailing List, wherever a task has them from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .core.declared import keep_subscribers
from .core.plan import OF_SUBSCRIPTIONS
from .run import Tally, counted

if TYPE_CHECKING:
    from .emails import Placed
    from .hooks.sentori import SentoriHook


def subscribers_kept(
    hook: SentoriHook, mailing_list: object, given: Placed, state: str, **declared: Any
) -> tuple[Tally, str]:
    """What became of the addresses, and the Mailing List's ExternalID; ``declared``: as ``keep_subscribers`` has it.

    Who has no place among those given was to be taken off the list by ``exact``. Raises a SentoriError.
    """
    outcomes, external_id = keep_subscribers(
        hook.get_conn(), mailing_list, given.emails, state, concurrency=hook.settings.concurrency, **declared
    )
    tally = Tally("addresses", OF_SUBSCRIPTIONS)
    for position, outcome in enumerate(outcomes):
        tally.add(outcome, given.places[position] if position < len(given.places) else "another subscriber")
    return tally, external_id


def line_about(result: Mapping[str, Any]) -> str:
    """A result as a line for the log: counts, never who."""
    said = "would be " if result["plan_only"] else ""
    cost = "requests: {requests}, retries: {retries}, seconds waited: {waited_seconds:g}".format(**result["api"])
    done = f"Mailing List {result['mailing_list']}: {said}{counted(result['summary'])}"
    return f"{done}; Contacts added: {result['added']}; {cost}"
