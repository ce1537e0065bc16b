# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Send steps, then read the list once to check all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from .. import errors
from ..addresses import comparable
from ..api.client import MAX_SENDS, SentoriApi
from ..concurrency import fan_out
from ..contacts.reader import Found, find, find_all
from ..runs.outcome import IN_DOUBT, UNCHANGED, UNVERIFIABLE, Outcome
from .departures import Departures
from .lookup import MailingList
from .membership import Members, among
from .plan import Step, is_hidden, not_subscribed, refusal_of

# Requests between two writes of the memory. A killed run has put at most so many people on the list unremembered.
PAGE = 200


class Applier:
    """Sends the steps of one run over one mailing list, up to ``concurrency`` requests at once.

    ``departures`` forgets addresses before they are taken off, and remembers them when they were put on, a page at a
    time.
    """

    def __init__(self, api: SentoriApi, mailing_list: MailingList, concurrency: int, departures: Departures) -> None:
        self._api = api
        self._list = mailing_list
        self._concurrency = concurrency
        self._departures = departures
        self._stopped_by: errors.SentoriError | None = None
        self._added: set[str] = set()

    @property
    def stopped_by(self) -> errors.SentoriError | None:
        """The error that concerns the whole run, if one was met."""
        return self._stopped_by

    def apply(self, steps: Sequence[Step]) -> list[Outcome]:
        """Send what each step needs; one Outcome a step, in order.

        A step is sent again, up to MAX_SENDS times, if its response was lost and the list does not show its effect.
        """
        blind = [step for step in steps if step.is_blind]
        self._send_all(blind)
        for step in self._sent(blind):
            step.outcome = _unseen(step)
        pending = [step for step in steps if step.spelled and not step.is_blind]
        for sends in range(1, MAX_SENDS + 1):
            if not pending:
                break
            if sends > 1:
                self._api.back_off(sends - 1)
                pending = self._still_allowed(pending)
            self._send_all(pending)
            pending = self._checked(pending)
        return [step.outcome._replace(added=step.spelled in self._added) for step in steps]

    def _checked(self, steps: Sequence[Step]) -> list[Step]:
        """Read the list once, and set the outcome of each step; returns those that may be sent again."""
        steps = self._sent(steps)
        if not steps:
            return []
        try:
            shown = self._list.read_addresses(lambda pages: among([step.email for step in steps], pages))
        except errors.SentoriError as error:
            for step in steps:
                step.outcome = _unread(step, error)
            return []
        for step in steps:
            step.outcome = _seen(step, shown)
        joined = [step.email for step in steps if step.joins]
        self._is_kept(lambda: self._departures.saw(email for email in joined if comparable(email) in shown))
        self._is_kept(lambda: self._departures.forget(email for email in joined if comparable(email) not in shown))
        if self._stopped_by is not None:
            return []
        return [step for step in steps if step.outcome.action == IN_DOUBT]

    def _sent(self, steps: Sequence[Step]) -> list[Step]:
        """The steps that were sent; the others fail, because the run had stopped before their turn."""
        for step in steps:
            if not step.was_sent and self._stopped_by is not None:
                step.outcome = step.predicted.failed(self._stopped_by.followed_by("This item was not sent."))
        return [step for step in steps if step.was_sent]

    def _still_allowed(self, steps: Sequence[Step]) -> list[Step]:
        """The steps that may be sent again: no contact that opted out meanwhile, and none that cannot be read."""
        allowed = [step for step in steps if not step.joins]
        joining = [step for step in steps if step.joins]
        try:
            contacts = find_all(self._api, [step.email for step in joining], self._concurrency)
        except errors.SentoriError as error:
            self._stopped_by = error
            return []
        for step, found in zip(joining, contacts):
            if isinstance(found, errors.SentoriError):
                continue
            refusal = refusal_of(found, step.predicted.added)
            if refusal is None:
                allowed.append(step)
            else:
                step.outcome = not_subscribed(step.predicted, refusal)
        return allowed

    def _send_all(self, steps: Sequence[Step]) -> None:
        for begin in range(0, len(steps), PAGE):
            self._send_page(steps[begin : begin + PAGE])

    def _send_page(self, steps: Sequence[Step]) -> None:
        leaving = [step.spelled or step.email for step in steps if not step.joins]
        if self._stopped_by is not None or not self._is_kept(lambda: self._departures.forget(leaving)):
            return
        fan_out(self._send, steps, self._concurrency)
        joined = [step.spelled or step.email for step in steps if step.joins and step.is_accepted and not step.hidden]
        self._is_kept(lambda: self._departures.saw(joined))

    def _send(self, step: Step) -> None:
        """Send one step, and set its error; once the run is stopped, nothing is sent any more."""
        if self._stopped_by is not None:
            return
        address = step.spelled or step.email
        step.was_sent = True
        try:
            if step.predicted.added:
                self._add(step, address)
            if step.joins:
                self._api.subscribe(address, self._list.find_id())
            else:
                self._api.unsubscribe_from_list(address, self._list.find_id())
        except errors.SentoriError as error:
            if error.concerns_run:
                self._stopped_by = error
            step.error = error
        else:
            step.error = None

    def _is_kept(self, write: Callable[[], None]) -> bool:
        """Whether the memory could be written. If not, the run stops; what was sent keeps its outcome."""
        try:
            write()
        except errors.SentoriError as error:
            self._stopped_by = self._stopped_by or error
            return False
        return True

    def _add(self, step: Step, email: str) -> None:
        """Add a contact, once. Raises why it must not be subscribed, which only shows when the contact exists."""
        if email in self._added:
            return
        try:
            contact: Found = self._api.add_contact(email, {})
            self._added.add(email)
        except errors.EmailAddressInUse:
            contact = find(self._api, email)
        except errors.SentoriError as error:
            contact = find(self._api, email) if error.ambiguous else None
            if not isinstance(contact, dict):
                raise
            self._added.add(email)
        refusal = contact if isinstance(contact, errors.SentoriError) else refusal_of(contact, create=True)
        if refusal is not None:
            raise refusal
        step.hidden = isinstance(contact, dict) and is_hidden(contact)


def _unseen(step: Step) -> Outcome:
    """The outcome of a request that the list cannot confirm; an unknown contact is off the list in any case."""
    if step.error is None:
        return step.predicted
    if isinstance(step.error, errors.ContactNotFound):
        return step.predicted._replace(action=UNCHANGED)
    return _in_doubt(step, step.error) if step.error.ambiguous else not_subscribed(step.predicted, step.error)


def _unread(step: Step, unread: errors.SentoriError) -> Outcome:
    """The outcome of a request after which the list could not be read."""
    if step.error is not None and not step.error.ambiguous:
        return not_subscribed(step.predicted, step.error)
    return _in_doubt(step, unread)


def _seen(step: Step, shown: Members) -> Outcome:
    """The outcome of a request, by its response and by what the list shows since."""
    accepted = step.error is None or step.error.ambiguous
    if (comparable(step.email) in shown) == step.joins:
        return step.predicted if accepted else step.predicted._replace(action=UNCHANGED)
    if step.error is not None:
        return _in_doubt(step, step.error) if step.error.ambiguous else not_subscribed(step.predicted, step.error)
    if step.hidden:
        return step.predicted._replace(action=UNVERIFIABLE)
    message = "Sentori accepted the request, but the contact is still on the list."
    if step.joins:
        message = (
            "Sentori accepted the request, but the contact is not on the list: this person has probably left it, and"
            " only the person can come back."
        )
    operation = "contact/subscribe" if step.joins else "contact/unsubscribe"
    return step.predicted.failed(errors.NoEffect(message, operation=operation))


def _in_doubt(step: Step, error: errors.SentoriError) -> Outcome:
    sentence = "It is not known whether the contact is on the list: check the list, then run again."
    return step.predicted.in_doubt(error.followed_by(sentence))
