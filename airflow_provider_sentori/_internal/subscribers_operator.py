# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The arguments and the work of operators for a mailing list's subscribers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..core.lists.options import apply_subscribers
from ..core.runs.outcome import OF_SUBSCRIPTIONS
from .operator import SentoriOperator
from .run import Tally, counted, run_task

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from ..hooks.sentori import SentoriHook
    from .emails import Placed


class SubscribersOperator(SentoriOperator):
    """An operator that applies addresses to a mailing list; SentoriSubscribersOperator explains the arguments."""

    template_fields: Sequence[str] = (
        "mailing_list",
        "state",
        "exact",
        "max_unsubscribes",
        "allow_empty",
        "create_missing",
        *SentoriOperator.template_fields,
    )

    def __init__(
        self,
        *,
        mailing_list: str,
        state: str = "subscribed",
        exact: bool | str = False,
        max_unsubscribes: int | str | None = None,
        allow_empty: bool | str = False,
        create_missing: bool | str = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.mailing_list = mailing_list
        self.state = state
        self.exact = exact
        self.max_unsubscribes = max_unsubscribes
        self.allow_empty = allow_empty
        self.create_missing = create_missing

    def execute(self, context: Context) -> dict[str, Any]:
        (tally, mailing_list), statistics = run_task(
            self.sentori_conn_id, lambda hook: self._apply(hook, context), lambda applied: applied[0].failure()
        )
        result = {
            "changed": tally.result.changed,
            "mailing_list": mailing_list,
            "summary": tally.summary,
            "added": tally.result.added,
        }
        counts = self._predicted(counted(tally.summary))
        line = f"Mailing list {mailing_list}: {counts}; contacts added: {tally.result.added}"
        return self._complete(context, line, statistics, result)

    @abstractmethod
    def _addresses(self, context: Context) -> Placed:
        """The addresses to apply. Raises InvalidInput."""

    def _apply(self, hook: SentoriHook, context: Context) -> tuple[Tally, str]:
        given = self._addresses(context)
        outcomes, external_id = apply_subscribers(
            hook.get_conn(),
            self.mailing_list,
            given.emails,
            self.state,
            exact=self._boolean("exact"),
            max_unsubscribes=self.max_unsubscribes,
            allow_empty=self._boolean("allow_empty"),
            create_missing=self._boolean("create_missing"),
            concurrency=hook.settings.concurrency,
            dry_run=self.is_dry_run,
        )
        tally = Tally("addresses", OF_SUBSCRIPTIONS)
        for position, outcome in enumerate(outcomes):
            # Outcomes without a place in the input are of subscribers that exact removes.
            tally.add(outcome, given.places[position] if position < len(given.places) else "another subscriber")
        return tally, external_id
