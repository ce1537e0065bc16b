# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Subscriptions as the options of a module or operator describe them: which options belong together."""

from __future__ import annotations

from collections.abc import Sequence

from ..addresses import checked_address
from ..api.client import SentoriApi
from ..errors import InvalidInput
from ..runs.outcome import Outcome
from .plan import Wanted
from .subscriptions import Subscriptions
from .suppression import suppress

SUBSCRIPTION_STATES = ("subscribed", "unsubscribed", "suppressed")


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
    check_state(state, SUBSCRIPTION_STATES)
    if state == "suppressed" and mailing_list is not None:
        raise InvalidInput(
            "cannot be used with state suppressed, which takes the address off every list for good."
            " Use state unsubscribed to take it off this list alone.",
            option="mailing_list",
        )
    check_only_with(state == "subscribed", "state subscribed", create_missing=create_missing)
    if state == "suppressed":
        return suppress(api, email, dry_run=dry_run), None
    subscriptions = Subscriptions(api, mailing_list, dry_run=dry_run)
    wanted = [Wanted(checked_address(email, "email"))]
    if state == "subscribed":
        (outcome,) = subscriptions.subscribe(wanted, create_missing=create_missing)
    else:
        (outcome,) = subscriptions.unsubscribe(wanted)
    return outcome.alone(), subscriptions.mailing_list_id


def check_state(state: object, states: Sequence[str]) -> None:
    """Raise InvalidInput for anything but one of these states."""
    if state not in states:
        raise InvalidInput(f"{state!r} is not one of {', '.join(states)}.", option="state")


def check_only_with(holds: bool, condition: str, **given: bool) -> None:
    """Raise InvalidInput for an option that is given although the condition does not hold."""
    for option, is_given in given.items():
        if is_given and not holds:
            raise InvalidInput(f"can only be used with {condition}.", option=option)
