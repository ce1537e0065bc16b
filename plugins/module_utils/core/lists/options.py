# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Subscriptions as the options of a module or operator describe them: which options belong together."""

from __future__ import annotations

from ..addresses import checked_address
from ..api.client import SentoriApi
from ..errors import InvalidInput
from ..runs.options import check_choice, check_only_with
from ..runs.outcome import Outcome
from ..suppressions.one import suppress
from .plan import Wanted
from .subscriptions import Subscriptions

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
    check_choice(state, SUBSCRIPTION_STATES, "state")
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
