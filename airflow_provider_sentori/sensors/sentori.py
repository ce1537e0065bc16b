# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The sensor: a task that waits for a contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import (
    AirflowException,
    AirflowFailException,
    AirflowSkipException,
    BaseSensorOperator,
    conf,
)

from .._internal.run import Failure, no_failure, run_task
from ..core import redaction
from ..hooks.sentori import SentoriHook

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class SentoriContactSensor(BaseSensorOperator):
    """Wait until a contact exists, is confirmed, is on a mailing list, or is suppressed.

    Each poke is one read (up to two more if ``mailing_list`` is a name); nothing is written. A passing error
    fails the task with AirflowException, and its ``retries`` apply (with ``silent_fail`` it continues to wait); any
    other error fails it with AirflowFailException.

    :param email: the address of the contact. It is rendered as ``contact_email``, as in SentoriContactOperator.
    :param until: ``exists``; ``confirmed``; ``subscribed``: Sentori shows it among the subscribers of
        ``mailing_list``, which are only contacts that can be mailed; or ``suppressed``, which only a contact shows: an
        address on the Suppression List without a contact is never seen, and the sensor waits until its timeout.
    :param mailing_list: with ``subscribed``, the mailing list's ExternalID, or its exact name if only one list has it.
    :param deferrable: wait in the triggerer, every ``poke_interval`` seconds, without a worker.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = ("contact_email", "until", "mailing_list", "sentori_conn_id")
    ui_color = "#e4f0f5"

    def __init__(
        self,
        *,
        email: str,
        until: str = "exists",
        mailing_list: str | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        sentori_conn_id: str = SentoriHook.default_conn_name,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.contact_email = email
        self.until = until
        self.mailing_list = mailing_list
        self.deferrable = deferrable
        self.sentori_conn_id = sentori_conn_id

    def poke(self, context: Context) -> bool:
        from .._internal.condition import Condition

        condition = Condition(self.contact_email, self.until, self.mailing_list)
        is_met, _ = run_task(SentoriHook(self.sentori_conn_id), condition.is_met, no_failure)
        self._log_poke(is_met)
        return is_met

    def execute(self, context: Context) -> Any:
        from ..triggers.sentori import SentoriContactTrigger

        if not self.deferrable:
            return super().execute(context)
        if not self._first_poke(context):
            self.defer(
                trigger=SentoriContactTrigger(
                    self.contact_email,
                    self.until,
                    self.mailing_list,
                    self.sentori_conn_id,
                    self.poke_interval,
                    self.silent_fail,
                ),
                method_name="execute_complete",
                timeout=timedelta(seconds=self.timeout),
            )
        return None

    def _first_poke(self, context: Context) -> bool:
        """``poke``, with its failures treated as those of a sensor that does not defer."""
        try:
            return self.poke(context)
        except AirflowException as failure:
            is_final = isinstance(failure, AirflowFailException)
            if self.silent_fail and not is_final:
                self.log.error("%s", failure)
                return False
            if self.never_fail or (self.soft_fail and is_final):
                raise AirflowSkipException(f"Skipped instead of failed: {failure}") from None
            raise

    def execute_complete(self, context: Context, event: Mapping[str, Any]) -> None:
        """Called when the trigger has fired."""
        if "failure" in event:
            raise Failure(*event["failure"]).exception()
        self._log_poke(True)

    def _log_poke(self, is_met: bool) -> None:
        self.log.info(
            "Contact %s, until %s: %s", redaction.digest(self.contact_email), self.until, "yes" if is_met else "not yet"
        )
