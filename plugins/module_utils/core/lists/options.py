# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Subscriptions as the options of a module or operator describe them: which options belong together."""

from __future__ import annotations

from collections.abc import Sequence

from ..api.client import SentoriApi
from ..errors import InvalidInput
from ..runs.outcome import Outcome
from .subscriptions import Subscriptions
from .suppression import suppress

SUBSCRIPTION_STATES = ("subscribed", "unsubscribed", "suppressed")
SUBSCRIBERS_STATES = ("subscribed", "unsubscribed")


def apply_subscription(
    api: SentoriApi,
    email: object,
    mailing_list: object = None,
    state: str = "subscribed",
    *,
    create_missing: bool = False,
    dry_run: bool = False,
) -> tuple[Outcome, str | None]:
    """Subscribe, unsubscribe or suppress one address; its Outcome, and the list's ExternalID if there is a list.

    Raises InvalidInput, naming the option, before any write; what would stop every request.
    """
    _check_state(state, SUBSCRIPTION_STATES)
    if state == "suppressed" and mailing_list is not None:
        raise InvalidInput(
            "cannot be used with state suppressed, which takes the address off every list for good."
            " Use state unsubscribed to take it off this list alone.",
            option="mailing_list",
        )
    _check_only_with(state == "subscribed", "state subscribed", create_missing=create_missing)
    if state == "suppressed":
        return suppress(api, email, dry_run=dry_run), None
    subscriptions = Subscriptions(api, mailing_list)
    if state == "subscribed":
        (outcome,) = subscriptions.subscribe([email], create_missing=create_missing, dry_run=dry_run, option="email")
    else:
        (outcome,) = subscriptions.unsubscribe([email], dry_run=dry_run, option="email")
    return outcome, subscriptions.mailing_list_id


def apply_subscribers(
    api: SentoriApi,
    mailing_list: object,
    emails: Sequence[object],
    state: str = "subscribed",
    *,
    exact: bool = False,
    max_unsubscribes: object = None,
    allow_empty: bool = False,
    create_missing: bool = False,
    concurrency: int = 8,
    dry_run: bool = False,
) -> tuple[list[Outcome], str]:
    """Subscribe or unsubscribe many addresses, or have exactly these on the list; Outcomes, and the list's ExternalID.

    Raises InvalidInput, naming the option, before any write; what would stop every request.
    """
    _check_state(state, SUBSCRIBERS_STATES)
    _check_only_with(state == "subscribed", "state subscribed", exact=exact, create_missing=create_missing)
    _check_only_with(exact, "exact", max_unsubscribes=max_unsubscribes is not None, allow_empty=allow_empty)
    subscriptions = Subscriptions(api, mailing_list, concurrency)
    if state == "unsubscribed":
        outcomes = subscriptions.unsubscribe(emails, dry_run=dry_run)
    elif exact:
        outcomes = subscriptions.make_exact(
            emails,
            max_unsubscribes=max_unsubscribes,
            allow_empty=allow_empty,
            create_missing=create_missing,
            dry_run=dry_run,
        )
    else:
        outcomes = subscriptions.subscribe(emails, create_missing=create_missing, dry_run=dry_run)
    return outcomes, subscriptions.mailing_list_id


def _check_state(state: object, states: Sequence[str]) -> None:
    if state not in states:
        raise InvalidInput(f"{state!r} is not one of {', '.join(states)}.", option="state")


def _check_only_with(holds: bool, condition: str, **given: bool) -> None:
    for option, is_given in given.items():
        if is_given and not holds:
            raise InvalidInput(f"can only be used with {condition}.", option=option)
