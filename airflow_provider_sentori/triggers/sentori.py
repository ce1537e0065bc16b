# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The trigger: waits for a contact in Airflow's triggerer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async

from .._internal.condition import Condition
from .._internal.run import Failure, attempt, no_failure
from ..hooks.sentori import SentoriHook


class SentoriContactTrigger(BaseTrigger):
    """Fires when the condition of a SentoriContactSensor is met, or cannot be checked.

    Its event is ``{}``, or ``{"failure": [message, whether a retry may help]}``. Airflow stores the arguments,
    encrypted, while it waits; the key is not among them.

    :param email: the address of the contact.
    :param until: ``exists confirmed subscribed suppressed``.
    :param mailing_list: with ``subscribed``, the mailing list's ExternalID or name.
    :param sentori_conn_id: the connection, of type ``sentori``.
    :param poke_interval: seconds between two reads.
    :param silent_fail: continue after a passing error.
    """

    def __init__(
        self,
        email: str,
        until: str,
        mailing_list: str | None,
        sentori_conn_id: str,
        poke_interval: float,
        silent_fail: bool = False,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.condition = Condition(email, until, mailing_list)
        self.sentori_conn_id = sentori_conn_id
        self.poke_interval = poke_interval
        self.silent_fail = silent_fail

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return f"{type(self).__module__}.{type(self).__qualname__}", {
            "email": self.condition.email,
            "until": self.condition.until,
            "mailing_list": self.condition.mailing_list,
            "sentori_conn_id": self.sentori_conn_id,
            "poke_interval": self.poke_interval,
            "silent_fail": self.silent_fail,
        }

    def __repr__(self) -> str:
        return f"<{type(self).__name__} until {self.condition.until}>"

    async def run(self) -> AsyncIterator[TriggerEvent]:
        while True:
            # Unlike asyncio.to_thread, this lets Airflow 3.0 and 3.1 look up the connection from within the thread.
            ended = await sync_to_async(self._poke, thread_sensitive=False)()
            if isinstance(ended, Failure):
                if not (ended.retryable and self.silent_fail):
                    yield TriggerEvent({"failure": list(ended)})  # type: ignore[no-untyped-call]
                    return
            elif ended:
                yield TriggerEvent({})  # type: ignore[no-untyped-call]
                return
            await asyncio.sleep(self.poke_interval)

    def _poke(self) -> bool | Failure:
        """Whether the condition is met. Each poke is a run of its own: ``max_wait`` is for one run, not for days."""
        ended = attempt(SentoriHook(self.sentori_conn_id), self.condition.is_met, no_failure)
        return ended if isinstance(ended, Failure) else ended[0]
