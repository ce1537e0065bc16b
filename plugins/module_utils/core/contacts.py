# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contacts as they should be: present with these fields, absent, or renamed; one or many.

Each is read first; what already holds is not written. After a write whose answer is lost, the contact is read
again before anything else is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from . import addresses, errors, fields
from .api import SentoriApi
from .fan_out import fan_out
from .fields import ADDRESS, Contact, FieldValue
from .plan import CREATED, DELETED, FAILED, IN_DOUBT, UNCHANGED, UPDATED, Outcome, Plan

SENDS = 3
MOST_REFUSALS = 10
# What a write answers if the one before it, whose answer was lost, took effect late.
LATE = (errors.ContactNotFound, errors.EmailAddressInUse)


@dataclass(frozen=True)
class DesiredContact:
    """What should be true of one contact; ``fields`` and ``new_email`` go with ``present``.

    ``option`` is where the fields stand in the user's input, for messages: ``fields`` or ``contacts[3]``.
    """

    email: str
    present: bool = True
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    new_email: str | None = None
    option: str = "fields"


def desired_contact(
    email: object, state: str = "present", given: Mapping[str, object] | None = None, new_email: object = None
) -> DesiredContact:
    """One contact as a face's options describe it. Raises InvalidInput; sends nothing."""
    address = addresses.checked(email, "email")
    if not _is_present(state):
        for option, value in (("fields", given), ("new_email", new_email)):
            if value:
                raise errors.InvalidInput("goes with state present only.", option=option)
        return DesiredContact(address, present=False)
    renamed = addresses.checked(new_email, "new_email") if new_email is not None else None
    desired = fields.checked(given or {}, "fields")
    _take_address(desired, (address, renamed or address), "fields")
    if renamed is not None and addresses.same(renamed, address):
        renamed = None
    return DesiredContact(address, fields=desired, new_email=renamed)


def desired_contacts(
    rows: Sequence[Mapping[str, object]], state: str = "present", places: Sequence[str] | None = None
) -> list[DesiredContact]:
    """Many contacts as flat rows: EmailAddress, and the fields beside it. Raises InvalidInput; sends nothing.

    For ``absent`` the other fields of a row mean nothing, so that what was read can be given as it is.
    ``places``: where each row stands in the user's input, if that is not ``contacts[0]`` and so on.
    """
    options = places or [f"contacts[{position}]" for position in range(len(rows))]
    given = [fields.checked(row, option) for row, option in zip(rows, options)]
    emails = addresses.distinct((f"{option}.{ADDRESS}", row.pop(ADDRESS, None)) for option, row in zip(options, given))
    present = _is_present(state)
    return [
        DesiredContact(email, present, row if present else {}, option=option)
        for email, row, option in zip(emails, given, options)
    ]


def _is_present(state: object) -> bool:
    if state not in ("present", "absent"):
        raise errors.InvalidInput("present or absent is needed.", option="state")
    return state == "present"


def _take_address(desired: Contact, allowed: Iterable[str], option: str) -> None:
    """Take EmailAddress out of the fields, where it may only repeat what is said elsewhere."""
    given = desired.pop(ADDRESS, None)
    if given is not None and not any(addresses.same(given, address) for address in allowed):
        raise errors.InvalidInput(
            "differs from email. To change a contact's address, use new_email.", option=f"{option}.{ADDRESS}"
        )


class Reading(NamedTuple):
    """What Sentori has under a desired contact's address, and under its new one."""

    current: Contact | None = None
    renamed: Contact | None = None
    error: errors.SentoriError | None = None


def compare(desired: DesiredContact, reading: Reading, structure: Contact | None) -> Plan:
    """What has to be done. An error in the Plan is an InvalidInput, one of reading, or Sentori's if it were sent."""
    email, current = desired.email, reading.current
    if reading.error is not None:
        return Plan(email, FAILED, error=reading.error)
    if not desired.present:
        if current is None:
            return Plan(email, UNCHANGED)
        known = {name: value for name, value in current.items() if not fields.is_blank(value)}
        return Plan(email, DELETED, before=known, address=email)
    if desired.new_email and _is_taken(reading):
        taken = "another contact has the address in new_email (Sentori's code 102), and nothing was sent."
        return Plan(email, FAILED, error=errors.EmailAddressInUse(taken, operation="contact/update", code=102))
    rename = desired.new_email if current is not None and reading.renamed is None else None
    address = email if rename else desired.new_email or email
    current = current if rename else _present(desired, reading)
    try:
        changes = fields.differences(desired.fields, current, structure, desired.option)
    except errors.InvalidInput as refusal:
        return Plan(email, FAILED, error=refusal)
    if current is None:
        stored = {ADDRESS: address, **changes}
        return Plan(email, CREATED, after=stored, address=address, fields=changes, contact=stored)
    if rename:
        changes = {ADDRESS: rename, **changes}
    if not changes:
        return Plan(email, UNCHANGED, contact=current)
    before = {name: current.get(name) for name in changes}
    expected = {**current, **changes}
    return Plan(email, UPDATED, before=before, after=changes, address=address, fields=changes, contact=expected)


def _present(desired: DesiredContact, reading: Reading) -> Contact | None:
    return reading.renamed if desired.new_email else reading.current


def _is_taken(reading: Reading) -> bool:
    """Whether both addresses have a contact, and not the same one."""
    if reading.current is None or reading.renamed is None:
        return False
    system_id = reading.current.get("SystemID")
    return system_id is None or system_id != reading.renamed.get("SystemID")


class Contacts:
    """One run over the contacts of one account, with up to ``concurrency`` requests at once."""

    def __init__(self, api: SentoriApi, concurrency: int = 1) -> None:
        self._api = api
        self._concurrency = concurrency
        self._structure: Contact | None = None
        self._no_structure: errors.SentoriError | None = None
        self._stopped_by: errors.SentoriError | None = None

    def run(self, desired: Sequence[DesiredContact], *, dry_run: bool = False) -> list[Outcome]:
        """Make it true, or with ``dry_run`` say what would be done: one Outcome an item, in their order.

        Nothing is written before everything has been read and compared. Raises InvalidInput, before any write,
        if a single item is invalid; raises what would stop every request (a wrong key, no network).
        An item that fails otherwise is an Outcome, and does not stop the others.
        """
        plans = self.plan(desired)
        refusals = [plan.error for plan in plans if isinstance(plan.error, errors.InvalidInput)]
        if refusals:
            raise _refusal(refusals)
        if dry_run:
            return [_foretold(plan) for plan in plans]
        return fan_out(lambda pair: self._carry_out(*pair), list(zip(desired, plans)), self._concurrency)

    def plan(self, desired: Sequence[DesiredContact]) -> list[Plan]:
        """Read and compare; sends only reads."""
        readings = fan_out(self._read, desired, self._concurrency)
        return [self._compared(item, reading) for item, reading in zip(desired, readings)]

    def _compared(self, desired: DesiredContact, reading: Reading) -> Plan:
        current = reading.current or reading.renamed
        if reading.error is None and not _is_taken(reading) and fields.need_structure(desired.fields, current):
            self._learn_structure()
            reading = reading._replace(error=self._no_structure)
        return compare(desired, reading, self._structure)

    def _learn_structure(self) -> None:
        """Read once in a run which fields there are; failing that, what needs it fails."""
        if self._structure is None and self._no_structure is None:
            try:
                self._structure = self._api.contact_structure()
            except errors.SentoriError as error:
                if error.concerns_run:
                    raise
                self._no_structure = error

    def _read(self, desired: DesiredContact) -> Reading:
        if self._stopped_by is not None:
            raise self._stopped_by
        try:
            current = self._get(desired.email)
            renamed = self._get(desired.new_email) if desired.new_email else None
            return Reading(current, renamed)
        except errors.SentoriError as error:
            if error.concerns_run:
                self._stopped_by = error
                raise
            return Reading(error=error)

    def _get(self, email: str) -> Contact | None:
        try:
            return self._api.get_contact(email)
        except errors.ContactNotFound:
            return None

    def _carry_out(self, desired: DesiredContact, plan: Plan) -> Outcome:
        """Send what the plan needs; after an ambiguous answer read, and send again only what is still missing."""
        if not plan.changes:
            return _foretold(plan)
        if self._stopped_by is not None:
            return _failed(plan, self._stopped_by.followed_by("This item was not sent."))
        attempt, lost = plan, list[errors.SentoriError]()
        while len(lost) < SENDS:
            try:
                return _done(plan, self._send(attempt))
            except errors.SentoriError as error:
                if not error.ambiguous and not (lost and isinstance(error, LATE)):
                    return self._refused(plan, error)
                lost.append(error)
                if error.concerns_run:
                    self._stopped_by = error
            self._api.back_off()
            attempt = self._plan_again(desired)
            if not attempt.changes:
                return _in_doubt(plan, lost[-1]) if attempt.error else _done(plan, attempt.contact)
        return _in_doubt(plan, lost[-1])

    def _plan_again(self, desired: DesiredContact) -> Plan:
        try:
            return self._compared(desired, self._read(desired))
        except errors.SentoriError as error:
            return Plan(desired.email, FAILED, error=error)

    def _refused(self, plan: Plan, error: errors.SentoriError) -> Outcome:
        if error.concerns_run:
            self._stopped_by = error
        if plan.action == DELETED and isinstance(error, errors.ContactNotFound):
            return Outcome(plan.email, UNCHANGED)
        return _failed(plan, error)

    def _send(self, plan: Plan) -> Contact | None:
        if plan.action == DELETED:
            self._api.delete_contact(plan.address)
            return None
        if plan.action == CREATED:
            return self._api.add_contact(plan.address, plan.fields or {})
        return self._update(plan.address, plan.fields or {})

    def _update(self, address: str, changes: Mapping[str, FieldValue]) -> Contact:
        """Update; a blank goes as ``""`` and, where Sentori does not take that, as null.

        Nobody documents which of the two clears a field (API Contact Endpoints).
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
            # The first request has taken, whatever becomes of this one: what is still not blank is a warning.
            with suppress(errors.SentoriError):
                return self._api.update_contact(str(changes.get(ADDRESS, address)), dict.fromkeys(kept))
        return contact


def _foretold(plan: Plan) -> Outcome:
    return Outcome(plan.email, plan.action, plan.before, plan.after, plan.contact, plan.error)


def _failed(plan: Plan, error: errors.SentoriError) -> Outcome:
    return Outcome(plan.email, FAILED, error=error)


def _in_doubt(plan: Plan, error: errors.SentoriError) -> Outcome:
    sentence = f"Whether the contact is {plan.action} could not be found out: look, then run again."
    return Outcome(plan.email, IN_DOUBT, plan.before, plan.after, error=error.followed_by(sentence))


def _done(plan: Plan, contact: Mapping[str, FieldValue] | None) -> Outcome:
    """The outcome of a write, by what is different since: what came back is held against what was there before."""
    if contact is None:
        return Outcome(plan.email, plan.action, plan.before, plan.after)
    asked = dict(plan.after or {})
    otherwise = [name for name, value in asked.items() if not _holds(name, value, contact)]
    after = {**asked, **{name: contact.get(name) for name in otherwise}}
    if plan.before is not None:
        after = {name: value for name, value in after.items() if not _holds(name, value, plan.before)}
    before = None if plan.before is None else {name: plan.before[name] for name in after}
    named = f"Sentori took the request, but returned other values than it was sent: {', '.join(sorted(otherwise))}."
    return Outcome(
        plan.email,
        plan.action if after else UNCHANGED,
        before if after else None,
        after or None,
        contact,
        warnings=(named,) if otherwise else (),
    )


def _holds(name: str, value: FieldValue, contact: Mapping[str, FieldValue]) -> bool:
    if name == ADDRESS:
        return addresses.same(value, contact.get(name))
    return name in contact and fields.same(value, contact[name])


def _refusal(refusals: Sequence[errors.InvalidInput]) -> errors.InvalidInput:
    if len(refusals) == 1:
        return refusals[0]
    lines = [str(refusal) for refusal in refusals[:MOST_REFUSALS]]
    if len(refusals) > MOST_REFUSALS:
        lines.append(f"and {len(refusals) - MOST_REFUSALS} more.")
    return errors.InvalidInput(f"{len(refusals)} items are invalid, and nothing was written. " + " ".join(lines))
