# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The arguments and the work of operators for a mailing list's subscribers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any

from ...core.runs.outcome import OF_SUBSCRIPTIONS
from ..lazy_argument import Emails
from .source_size import SizedOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context, XComArg

    from ...core.rows.row import Rows
    from ...core.runs.progress import Progress
    from ...core.runs.recorder import Recorder
    from ...core.runs.result import RunResult
    from ...hooks.sentori import SentoriHook


class SubscribersOperator(SizedOperator):
    """An operator that applies addresses to a mailing list; SentoriSubscribersOperator explains the arguments."""

    template_fields: Sequence[str] = (
        "mailing_list",
        "state",
        "exact",
        "max_unsubscribes",
        "allow_empty",
        "create_missing",
        "departures",
        "rejoin",
        *SizedOperator.template_fields,
    )

    actions = OF_SUBSCRIPTIONS
    # The mailing list's ExternalID, known since the list was read.
    _external_id: str | None = None

    def __init__(
        self,
        *,
        mailing_list: str,
        state: str = "subscribed",
        exact: bool | str = False,
        max_unsubscribes: int | str | None = None,
        allow_empty: bool | str = False,
        create_missing: bool | str = False,
        departures: str = "respect",
        rejoin: Sequence[str] | XComArg | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.mailing_list = mailing_list
        self.state = state
        self.exact = exact
        self.max_unsubscribes = max_unsubscribes
        self.allow_empty = allow_empty
        self.create_missing = create_missing
        self.departures = departures
        self.rejoin = None if rejoin is None else Emails(rejoin, "rejoin")

    @abstractmethod
    def _open_rows(self, context: Context) -> AbstractContextManager[Rows]:
        """The rows with the addresses to apply. Raises InvalidInput."""

    def _apply(self, hook: SentoriHook, recorder: Recorder, progress: Progress, context: Context) -> None:
        from ...core.lists.bulk import apply_subscribers

        rejoin = [] if self.rejoin is None else self.rejoin.value(self, context)
        with ExitStack() as opened:
            self._external_id = apply_subscribers(
                hook.get_conn(),
                self.mailing_list,
                lambda: opened.enter_context(self._open_rows(context)),
                recorder,
                self._thresholds(),
                state=self.state,
                exact=self._boolean("exact"),
                max_unsubscribes=self.max_unsubscribes,
                allow_empty=self._boolean("allow_empty"),
                create_missing=self._boolean("create_missing"),
                memory=self._memory(context, departures=self.departures != "respect", rejoin=bool(rejoin)),
                departures=self.departures,
                rejoin=rejoin,
                concurrency=hook.settings.concurrency,
                progress=progress,
                dry_run=self.is_dry_run,
            )

    def _line(self, done: RunResult) -> str:
        return f"Mailing list {self._external_id}: {super()._line(done)}; contacts added: {done.added}"

    def _more(self, done: RunResult) -> dict[str, Any]:
        return {"mailing_list": self._external_id, "added": done.added}
