# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A run over one or many contacts: read, compare, write what differs.

After a write whose response is lost, the contact is read again before anything else is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from .. import errors, fields
from ..api.client import MAX_SENDS, SentoriApi
from ..concurrency import fan_out
from ..fields import ADDRESS, Contact, FieldValue
from ..runs.outcome import CREATED, DELETED, FAILED, UNCHANGED, Outcome
from .desired import DesiredContact
from .plan import Plan, Reading, compare, holds, needs_schema
from .reader import get_or_none

if TYPE_CHECKING:
    from ..memory.storage import Place
from .schema import Schema

# The responses to a write if the contact has changed since it was read: by another run, or because the write before it,
# whose response was lost, took effect late.
LATE = (errors.ContactNotFound, errors.EmailAddressInUse)


class Contacts:
    """One run over the contacts of one account, with up to ``concurrency`` requests at once."""

    def __init__(self, api: SentoriApi, concurrency: int = 1) -> None:
        self._api = api
        self._concurrency = concurrency
        self._schema = Schema(api)
        self._no_schema: errors.SentoriError | None = None
        self._stopped_by: errors.SentoriError | None = None

    @property
    def stopped_by(self) -> errors.SentoriError | None:
        """The error that concerns the whole run, if one was met."""
        return self._stopped_by

    def run(self, desired: Sequence[DesiredContact], *, dry_run: bool = False) -> list[Outcome]:
        """Apply the desired contacts, or with ``dry_run`` predict what would be done: one Outcome an item, in order.

        Nothing is written before everything has been read and compared. An item that is invalid, rejected or failed
        does not stop the others. Raises, before any write, what would stop every request (a wrong key, no network).
        """
        plans = self.plan(desired)
        if dry_run:
            return [_predicted(plan) for plan in plans]
        return fan_out(lambda pair: self._carry_out(*pair), list(zip(desired, plans)), self._concurrency)

    def plan(self, desired: Sequence[DesiredContact]) -> list[Plan]:
        """Read and compare; sends only reads."""
        readings = fan_out(self._read, desired, self._concurrency)
        return [self._compared(item, reading) for item, reading in zip(desired, readings)]

    def _compared(self, desired: DesiredContact, reading: Reading) -> Plan:
        if needs_schema(desired, reading):
            self._load_schema()
            reading = reading._replace(error=self._no_schema)
        return compare(desired, reading, self._schema.loaded)

    def _load_schema(self) -> None:
        """Load the account's fields once in a run; if that fails, the items that need them fail."""
        if self._no_schema is None:
            try:
                self._schema.load()
            except errors.SentoriError as error:
                if error.concerns_run:
                    raise
                self._no_schema = error

    def _read(self, desired: DesiredContact) -> Reading:
        if self._stopped_by is not None:
            raise self._stopped_by
        try:
            current = get_or_none(self._api, desired.email)
            renamed = get_or_none(self._api, desired.new_email) if desired.new_email else None
            return Reading(current, renamed)
        except errors.SentoriError as error:
            if error.concerns_run:
                self._stopped_by = error
                raise
            return Reading(error=error)

    def _carry_out(self, desired: DesiredContact, plan: Plan) -> Outcome:
        """Send what the plan needs; after an ambiguous response read, and send again only what is still missing."""
        if not plan.changes:
            return _predicted(plan)
        if self._stopped_by is not None:
            return Outcome(plan.email, plan.action).failed(self._stopped_by.followed_by("This item was not sent."))
        attempt, lost = plan, list[errors.SentoriError]()
        for sends in range(1, MAX_SENDS + 1):
            try:
                return _done(plan, self._send(attempt))
            except errors.SentoriError as error:
                if not error.ambiguous and not (lost and isinstance(error, LATE)):
                    return self._refused(desired, plan, error)
                lost.append(error)
                if error.concerns_run:
                    self._stopped_by = error
            self._api.back_off(sends)
            attempt = self._plan_again(desired)
            if not attempt.changes:
                return _in_doubt(plan, lost[-1]) if attempt.error else _done(plan, attempt.contact)
        return _in_doubt(plan, lost[-1])

    def _plan_again(self, desired: DesiredContact) -> Plan:
        try:
            return self._compared(desired, self._read(desired))
        except errors.SentoriError as error:
            return Plan(desired.email, FAILED, error=error)

    def _refused(self, desired: DesiredContact, plan: Plan, error: errors.SentoriError) -> Outcome:
        if error.concerns_run:
            self._stopped_by = error
        if plan.action == DELETED and isinstance(error, errors.ContactNotFound):
            return Outcome(plan.email, UNCHANGED)
        if isinstance(error, LATE):
            # Somebody else has added or deleted the contact meanwhile. What it needs now is sent once.
            now = self._plan_again(desired)
            if now.error is None and now.action != plan.action:
                return self._sent_once(now)
        return Outcome(plan.email, plan.action).refused(error)

    def _sent_once(self, plan: Plan) -> Outcome:
        if not plan.changes:
            return _predicted(plan)
        try:
            return _done(plan, self._send(plan))
        except errors.SentoriError as error:
            if error.concerns_run:
                self._stopped_by = error
            return _in_doubt(plan, error) if error.ambiguous else Outcome(plan.email, plan.action).refused(error)

    def _send(self, plan: Plan) -> Contact | None:
        if plan.action == DELETED:
            self._api.delete_contact(plan.address)
            return None
        if plan.action == CREATED:
            return self._api.add_contact(plan.address, plan.fields or {})
        return self._update(plan.address, plan.fields or {})

    def _update(self, address: str, changes: Mapping[str, FieldValue]) -> Contact:
        """Update; a blank is sent as ``""`` and, if Sentori does not accept that, as null.

        No page documents which of the two clears a field (API Contact Endpoints).
        """
        blanks = [name for name, value in changes.items() if value == ""]
        try:
            contact = self._api.update_contact(address, changes)
        except errors.ContactFieldsNotValid:
            if not blanks:
                raise
            return self._api.update_contact(address, {**changes, **dict.fromkeys(blanks)})
        kept = [name for name in blanks if not fields.is_blank(contact.get(name))]
        if kept:
            # The first request succeeded, whatever becomes of this one: a field that is still not blank is a warning.
            with suppress(errors.SentoriError):
                return self._api.update_contact(str(changes.get(ADDRESS, address)), dict.fromkeys(kept))
        return contact


def apply_contact(
    api: SentoriApi, desired: DesiredContact, *, dry_run: bool = False, memory: Place | None = None
) -> Outcome:
    """Apply one desired contact, or predict it; every refusal is a failure.

    ``memory``: what other tasks remember of the address there moves along to ``new_email``.
    Raises InvalidInput, before any write, if it is invalid; what would stop every request.
    """
    if memory is None or desired.new_email is None:
        (outcome,) = Contacts(api).run([desired], dry_run=dry_run)
        return outcome.alone()
    from ..memory.account import AccountMemory

    with AccountMemory(memory, api.transport.account, dry_run=dry_run) as opened:
        (outcome,) = Contacts(api).run([desired], dry_run=dry_run)
        outcome = outcome.alone()
        if outcome.error is None:
            try:
                opened.rename(desired.email, desired.new_email)
            except errors.InvalidInput as error:
                # The contact is renamed by now: only the memory is not.
                return outcome._replace(warnings=(*outcome.warnings, str(error)))
        return outcome


def _predicted(plan: Plan) -> Outcome:
    outcome = Outcome(plan.email, plan.action, before=plan.before, after=plan.after, contact=plan.contact)
    return outcome if plan.error is None else outcome.refused(plan.error)


def _in_doubt(plan: Plan, error: errors.SentoriError) -> Outcome:
    sentence = f"It is not known whether the contact was {plan.action}: check the contact, then run again."
    outcome = Outcome(plan.email, plan.action, before=plan.before, after=plan.after)
    return outcome.in_doubt(error.followed_by(sentence))


def _done(plan: Plan, contact: Mapping[str, FieldValue] | None) -> Outcome:
    """The outcome of a write, by what has changed: the returned contact compared with the contact before."""
    if contact is None:
        return Outcome(plan.email, plan.action, before=plan.before, after=plan.after)
    asked = dict(plan.after or {})
    otherwise = [name for name, value in asked.items() if not holds(name, value, contact)]
    after = {**asked, **{name: contact.get(name) for name in otherwise}}
    if plan.before is not None:
        after = {name: value for name, value in after.items() if not holds(name, value, plan.before)}
    before = None if plan.before is None else {name: plan.before[name] for name in after}
    warning = (
        f"Sentori accepted the request, but returned other values than it was sent: {', '.join(sorted(otherwise))}."
    )
    return Outcome(
        plan.email,
        plan.action if after else UNCHANGED,
        before=before if after else None,
        after=after or None,
        contact=contact,
        warnings=(warning,) if otherwise else (),
    )
