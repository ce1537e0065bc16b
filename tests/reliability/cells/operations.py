# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything that a module or an operator can do, through the core as both integrations call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.apply import apply_contact
from airflow_provider_sentori.core.contacts.bulk import apply_contacts
from airflow_provider_sentori.core.contacts.desired import desired_contact
from airflow_provider_sentori.core.contacts.info import look_up
from airflow_provider_sentori.core.errors import SentoriError
from airflow_provider_sentori.core.exports.file import LocalFile, save_to_file
from airflow_provider_sentori.core.exports.file_form import form_of
from airflow_provider_sentori.core.exports.run import export
from airflow_provider_sentori.core.exports.selection import Selection
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.imports.run import import_rows
from airflow_provider_sentori.core.imports.upload_groups import attach
from airflow_provider_sentori.core.lists.bulk import apply_subscribers
from airflow_provider_sentori.core.lists.lookup import describe
from airflow_provider_sentori.core.lists.options import apply_subscription
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.rows.sources import given_addresses, given_rows
from airflow_provider_sentori.core.runs import outcome as actions
from airflow_provider_sentori.core.runs.outcome import Outcome
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.runs.thresholds import Thresholds
from airflow_provider_sentori.core.suppressions.bulk import apply_suppressions
from told import DONE, EITHER, UNTOUCHED, Told, told_by

ANN, BEN, CAT, BAD, OUT = (f"{name}.person@example.com" for name in ("ann", "ben", "cat", "bad", "out"))
NEW, OTHER, NOBODY = "new.person@example.com", "other.person@example.com", "nobody.person@example.com"
NEWS, DRAFT, GROUP = "NEWS2026", "DRAFT001", "GROUP001"

MADE = "2026-01-01T09:00:00"
SEED: dict[str, Any] = {
    "structure": {"LoyaltyPoints": 0},
    "contacts": [
        {"CreatedTimestamp": MADE, "ModifiedTimestamp": MADE, **contact}
        for contact in (
            {"EmailAddress": ANN, "FirstName": "Ann", "KnownAs": "Annie", "SystemID": 16001},
            {"EmailAddress": BEN, "FirstName": "Ben", "SystemID": 16002},
            {"EmailAddress": CAT, "FirstName": "Cat", "SystemID": 16003},
            {"EmailAddress": BAD, "IsBadEmailAddress": True, "SystemID": 16004},
            {"EmailAddress": OUT, "SystemID": 16005},
        )
    ],
    "suppression_list": [OUT],
    "mailing_lists": [
        {"ExternalID": NEWS, "Name": "Monthly News", "subscribers": [ANN, BEN]},
        {"ExternalID": "OFFERS26", "Name": "Offers", "subscribers": [CAT]},
    ],
    "emails": [{"ExternalID": DRAFT, "Name": "Spring", "kind": "email", "draft": True}],
    "upload_groups": [{"ExternalID": GROUP, "Name": "Earlier", "Description": None}],
}


@dataclass(frozen=True)
class Operation:
    """``run`` gets the API and an empty folder. ``renames``: the address that an outcome's address has afterwards.

    ``remembers``: it keeps a memory in the folder. ``settles``: whether a run after a failed one also ends in the
    same state of the draft email.
    """

    name: str
    run: Callable[[SentoriApi, Path], Told]
    renames: Mapping[str, str] = field(default_factory=dict)
    remembers: bool = False
    settles: bool = True


def recording(kinds: Sequence[str], found: list[Outcome]) -> Recorder:
    """A recorder that also adds the outcome of each row to ``found``."""
    return Recorder(kinds, sink=lambda part: found.extend(part.listed()))


def contact(email: str, **desired: Any) -> Callable[[SentoriApi, Path], Told]:
    return lambda api, folder: Told([apply_contact(api, desired_contact(email, **desired))])


def subscription(email: str, *options: Any, **more: Any) -> Callable[[SentoriApi, Path], Told]:
    return lambda api, folder: Told([apply_subscription(api, email, *options, **more)[0]])


def contacts(rows: Sequence[Mapping[str, Any]], **options: Any) -> Callable[[SentoriApi, Path], Told]:
    def run(api: SentoriApi, folder: Path) -> Told:
        found: list[Outcome] = []
        recorder = recording(actions.OF_CONTACTS, found)
        return told_by(apply_contacts(api, lambda schema: given_rows(rows), recorder, concurrency=1, **options), found)

    return run


def subscribers(
    emails: Sequence[str], *, remembers: bool = False, **options: Any
) -> Callable[[SentoriApi, Path], Told]:
    def run(api: SentoriApi, folder: Path) -> Told:
        found: list[Outcome] = []
        recorder = recording(actions.OF_SUBSCRIPTIONS, found)
        memory = StateFile(str(folder / "state.db")) if remembers else None
        rows, thresholds = (lambda: given_addresses(emails)), Thresholds("100%")
        apply_subscribers(api, "Monthly News", rows, recorder, thresholds, memory=memory, concurrency=1, **options)
        return told_by(recorder.result, found)

    return run


def suppressions(
    emails: Sequence[str], *, remembers: bool = False, **options: Any
) -> Callable[[SentoriApi, Path], Told]:
    def run(api: SentoriApi, folder: Path) -> Told:
        found: list[Outcome] = []
        recorder = recording(actions.OF_SUPPRESSIONS, found)
        memory = StateFile(str(folder / "state.db")) if remembers else None
        given = {"memory": memory, "concurrency": 1, "is_counted": True, **options}
        return told_by(apply_suppressions(api, lambda: given_addresses(emails), recorder, **given), found)

    return run


def imported(*, remembers: bool = False, **options: Any) -> Callable[[SentoriApi, Path], Told]:
    def run(api: SentoriApi, folder: Path) -> Told:
        found: list[Outcome] = []
        recorder = recording(actions.OF_IMPORTS, found)
        memory = StateFile(str(folder / "state.db")) if remembers else None
        wanted = ImportOptions(name="People", concurrency=1, memory=memory, **options)
        result = import_rows(api, lambda schema: given_rows(ROWS), wanted, recorder)
        told = told_by(result, found)
        if wanted.attach_to is not None:
            told.draft = DONE if result.stopped_by is None and result.upload_groups else EITHER
        return told

    return run


def exported(what: str, *emails: str, **selected: Any) -> Callable[[SentoriApi, Path], Told]:
    def run(api: SentoriApi, folder: Path) -> Told:
        dest = str(folder / "people.csv")
        found: list[Outcome] = []
        recorder = recording(actions.OF_EXPORTS, found)
        rows = (lambda: given_addresses(emails)) if emails else None
        save = LocalFile(dest)
        try:
            result = export(
                api,
                Selection(what, **selected),
                rows,
                recorder,
                lambda snapshot: save_to_file(snapshot, save, form_of(dest)),
                concurrency=1,
            )
            told = told_by(result, found)
        except SentoriError as error:
            told = Told(found, error=error)
        told.value = {path.name: path.read_bytes() for path in folder.iterdir()}
        return told

    return run


def read(value: Callable[[SentoriApi], object]) -> Callable[[SentoriApi, Path], Told]:
    return lambda api, folder: Told(value=value(api))


def documented(found: Sequence[Mapping[str, Any]]) -> list[tuple[object, object]]:
    """What a list or a draft email is known by: whatever else it has is passed on."""
    return [(one["ExternalID"], one["Name"]) for one in found]


def attached(api: SentoriApi, folder: Path) -> Told:
    try:
        attach(api, GROUP, "Spring")
    except SentoriError as error:
        return Told(error=error, draft=EITHER if error.ambiguous else UNTOUCHED)
    return Told(draft=DONE)


PEOPLE = [
    {"EmailAddress": NEW, "FirstName": "New"},
    {"EmailAddress": ANN, "FirstName": "Anna", "KnownAs": ""},
    {"EmailAddress": BEN, "FirstName": "Ben"},
    {"EmailAddress": "nobody", "FirstName": "No"},
]
ROWS = [
    {"EmailAddress": NEW, "FirstName": "New"},
    {"EmailAddress": ANN, "FirstName": "Anna"},
    {"EmailAddress": BEN, "FirstName": "Ben"},
    {"EmailAddress": OUT, "FirstName": "Out"},
]

OPERATIONS = (
    Operation("contact added", contact(NEW, given={"FirstName": "New", "LoyaltyPoints": 3})),
    Operation("contact updated", contact(ANN, given={"FirstName": "Anna", "KnownAs": ""})),
    Operation("contact renamed", contact(ANN, given={"FirstName": "Anna"}, new_email=OTHER), renames={ANN: OTHER}),
    Operation("contact deleted", contact(ANN, state="absent")),
    Operation("contacts in bulk", contacts(PEOPLE)),
    Operation("contacts deleted in bulk", contacts([{"EmailAddress": one} for one in (ANN, NEW)], state="absent")),
    Operation("contacts read", read(lambda api: look_up(api, [ANN, NOBODY], [16002], concurrency=1))),
    Operation("fields read", read(lambda api: api.contact_structure())),
    Operation("contact subscribed", subscription(CAT, "Monthly News")),
    Operation("new contact subscribed", subscription(NEW, NEWS, create_missing=True)),
    Operation("contact unsubscribed", subscription(ANN, NEWS, "unsubscribed")),
    Operation("subscribers added", subscribers([ANN, CAT, NEW, OUT], create_missing=True)),
    Operation("subscribers removed", subscribers([ANN, BEN, BAD], state="unsubscribed")),
    Operation("subscribers exactly", subscribers([ANN, CAT], exact=True, max_unsubscribes=1)),
    Operation("subscribers with a memory", subscribers([ANN, CAT], remembers=True), remembers=True),
    Operation("contact suppressed", subscription(ANN, state="suppressed")),
    Operation("unknown address suppressed", subscription(NOBODY, state="suppressed")),
    Operation("suppressions in bulk", suppressions([ANN, NOBODY, OUT])),
    Operation("people erased", suppressions([ANN, NOBODY], state="erased")),
    Operation("suppressions with a memory", suppressions([ANN, NOBODY], remembers=True), remembers=True),
    Operation("import", imported()),
    Operation("import without compare", imported(compare=False, scope="all")),
    Operation("import v1", imported(api_version="v1", gzip_level=6)),
    Operation("import with a memory", imported(remembers=True), remembers=True),
    Operation("import attached to a draft", imported(attach_to="Spring"), settles=False),
    Operation("upload group attached", attached),
    Operation("subscribers exported", exported("subscribers", mailing_list="Monthly News")),
    Operation("subscribers exported, fields", exported("subscribers", mailing_list=NEWS, fields=["FirstName"])),
    Operation("opt-outs exported", exported("contacts", ANN, OUT, NOBODY, fields=["IsSuppressed"])),
    Operation("mailing lists exported", exported("mailing_lists")),
    Operation("draft emails exported", exported("draft_emails")),
    Operation("mailing list read", read(lambda api: documented(describe(api, "Monthly News")))),
    Operation("draft emails read", read(lambda api: documented(api.draft_emails()))),
)
