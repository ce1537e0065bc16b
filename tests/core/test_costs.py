# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What each operation costs: requests, and statements of SQL, which are exact. Imports: ``test_import_cost.py``.

Seven contacts are in Sentori, and three addresses are not. Each case is a list of runs, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from counting import CountingPlace, routes
from export_file import exported
from run_many import on_contacts, on_list, on_suppressions
from sentori_sandbox import Sandbox

NEWS = "NEWS2026"
PEOPLE = [f"p{number}@example.com" for number in range(7)]
ALL = [*PEOPLE, *(f"s{number}@example.com" for number in range(3))]
EXACT = {"exact": True, "max_unsubscribes": "100%"}


class Run(NamedTuple):
    """A run and what it costs; ``sql``: statements about what is remembered."""

    operation: Callable[..., object]
    requests: dict[str, int]
    sql: dict[str, int] | None = None


def contacts(first_name: str | None) -> Callable[..., object]:
    """All are present with this name; without one, absent."""
    fields, state = ({"FirstName": first_name}, "present") if first_name else ({}, "absent")
    rows: list[dict[str, Any]] = [{"EmailAddress": email, **fields} for email in ALL]
    return lambda api, place, folder: on_contacts(api, rows, state=state)


def subscribers(emails: list[str], remembers: bool = False, **options: Any) -> Callable[..., object]:
    return lambda api, place, folder: on_list(api, NEWS, emails, memory=place if remembers else None, **options)


def suppressions(remembers: bool = False, **options: Any) -> Callable[..., object]:
    return lambda api, place, folder: on_suppressions(
        api, ALL, max_suppressions="100%", memory=place if remembers else None, **options
    )


def export(what: str, **options: Any) -> Callable[..., object]:
    return lambda api, place, folder: exported(api, folder / "people.csv", what, **options)


CASES = {
    "contacts": [
        Run(contacts("Ann"), {"contact/get": 10, "contact/add": 3, "contact/getstructure": 1}),
        Run(contacts("Ann"), {"contact/get": 10}),
        Run(contacts("Bea"), {"contact/get": 10, "contact/update": 10}),
        Run(contacts(None), {"contact/get": 10, "contact/delete": 10}),
        Run(contacts(None), {"contact/get": 10}),
    ],
    "subscribers": [
        Run(subscribers(PEOPLE), {"mailinglists/subscribers": 2, "contact/get": 7, "contact/subscribe": 7}),
        Run(subscribers(PEOPLE), {"mailinglists/subscribers": 1}),
        Run(subscribers(PEOPLE[:4], **EXACT), {"mailinglists/subscribers": 2, "contact/unsubscribe": 3}),
        Run(subscribers(PEOPLE[:4], **EXACT), {"mailinglists/subscribers": 1}),
        Run(subscribers(PEOPLE[:4], state="unsubscribed"), {"mailinglists/subscribers": 2, "contact/unsubscribe": 4}),
    ],
    "subscribers that are remembered": [
        Run(
            subscribers(PEOPLE, remembers=True),
            {"mailinglists/all": 1, "mailinglists/subscribers": 2, "contact/get": 7, "contact/subscribe": 7},
            {"SELECT": 2, "INSERT": 2},
        ),
        Run(subscribers(PEOPLE, remembers=True), {"mailinglists/all": 1, "mailinglists/subscribers": 1}, {"INSERT": 1}),
        Run(
            subscribers(PEOPLE[:4], remembers=True, **EXACT),
            {"mailinglists/all": 1, "mailinglists/subscribers": 2, "contact/unsubscribe": 3},
            {"INSERT": 1, "DELETE": 1},
        ),
    ],
    "suppressions": [
        Run(suppressions(), {"contact/get": 17, "contact/unsubscribe/all": 10}),
        # Whether an address without a contact is suppressed, nobody can see.
        Run(suppressions(), {"contact/get": 10, "contact/unsubscribe/all": 3}),
        Run(suppressions(state="erased"), {"contact/get": 17, "contact/unsubscribe/all": 3, "contact/delete": 7}),
    ],
    "suppressions that are remembered": [
        Run(
            suppressions(remembers=True),
            {"contact/get": 17, "contact/unsubscribe/all": 10},
            {"SELECT": 2, "INSERT": 1},
        ),
        Run(suppressions(remembers=True), {}, {"SELECT": 2}),
    ],
    "subscribers to a file": [Run(export("subscribers", mailing_list=NEWS), {"mailinglists/subscribers": 1})] * 2,
    "contacts to a file": [Run(export("contacts", emails=ALL), {"contact/get": 10})] * 2,
}


@pytest.mark.parametrize("case", CASES)
def test_each_run_sends_and_executes_exactly_what_it_needs(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path: Path, case: str
) -> None:
    people = [{"EmailAddress": email, "FirstName": "Ann"} for email in PEOPLE]
    sentori_sandbox.reset(seed={"contacts": people, "mailing_lists": [{"ExternalID": NEWS, "Name": "News"}]})
    place = CountingPlace(tmp_path / "state")
    for run in CASES[case]:
        place.statements.clear()
        run.operation(api, place, tmp_path)
        assert routes(sentori_sandbox) == run.requests
        assert place.statements == (run.sql or {})
