# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The same dirty data through each bulk verb, in every world of assumptions: every row has one true outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.imports.run import import_rows
from airflow_provider_sentori.core.rows.sources import given_rows
from airflow_provider_sentori.core.runs.outcome import OF_IMPORTS, Outcome
from airflow_provider_sentori.core.runs.recorder import Recorder
from run_many import into, on_contacts, on_list, on_suppressions
from sentori_sandbox import Sandbox
from sentori_sandbox.assumptions import TABLE

# The assumptions that touch a verb begin with these words; no verb meets those about deletions, drafts, or API v1.
TOUCHED = {
    "contacts": ("code-", "path-", "undocumented-", "add-", "update-", "empty-string"),
    "subscribers": ("code-", "list-", "path-", "undocumented-", "add-", "subscribe"),
    "import": ("code-", "path-", "undocumented-", "import-"),
    "suppressions": ("code-", "path-", "undocumented-"),
}
WORLDS = [
    (verb, world)
    for verb, names in TOUCHED.items()
    for world in ({}, *({one.name: value} for one in TABLE if one.name.startswith(names) for value in one.values))
]
GOOD = [f"p{number}@example.com" for number in range(4)]
# Each kind of dirt once, among good rows.
EMAILS: list[Any] = [
    GOOD[0], None, "nobody", "a..b@example.com", GOOD[0].upper(), "suppressed@example.com", GOOD[1], "bad@example.com",
    "info@example.com", GOOD[2], " ", 7, "a@example.com/x", GOOD[3],
]  # fmt: skip
INVALID = {1, 2, 10, 11, 12}


def imported(api: SentoriApi, emails: list[Any], dry_run: bool) -> list[Outcome]:
    outcomes: list[Outcome] = []
    rows = [{"EmailAddress": email, "FirstName": "P"} for email in emails]
    recorder = Recorder(OF_IMPORTS, sink=into(outcomes))
    import_rows(api, lambda schema: given_rows(rows, schema=schema), ImportOptions(), recorder, dry_run=dry_run)
    return outcomes


VERBS: dict[str, Callable[[SentoriApi, list[Any], bool], list[Outcome]]] = {
    "contacts": lambda api, emails, dry_run: on_contacts(
        api, [{"EmailAddress": email, "FirstName": "P"} for email in emails], dry_run=dry_run
    ),
    "subscribers": lambda api, emails, dry_run: on_list(
        api, "NEWS", emails, max_rejected="100%", create_missing=True, dry_run=dry_run
    ),
    "import": imported,
    "suppressions": lambda api, emails, dry_run: on_suppressions(api, emails, max_suppressions="100%", dry_run=dry_run),
}
# What only Sentori decides: a prediction -> what it may be in the real run.
ONLY_SENTORI = {
    "created": {"rejected", "suppressed_updated", "unverifiable", "failed"},
    "updated": {"rejected"},
    "subscribed": {"not_mailable", "unverifiable", "rejected"},
}


@pytest.mark.parametrize(("verb", "world"), WORLDS, ids=str)
def test_dirty_rows_stop_nobody_and_every_outcome_is_true(
    api: SentoriApi, sentori_sandbox: Sandbox, verb: str, world: dict[str, str]
) -> None:
    sentori_sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    sentori_sandbox.assume(world)
    sentori_sandbox.put_contact(GOOD[0], FirstName="Old")
    sentori_sandbox.put_contact("suppressed@example.com", IsSuppressed=True)
    sentori_sandbox.put_contact("bad@example.com", IsBadEmailAddress=True)

    predicted = {one.place: one.action for one in VERBS[verb](api, EMAILS, True)}
    assert sentori_sandbox.writes() == []
    outcomes = VERBS[verb](api, EMAILS, False)

    assert len(outcomes) == len(predicted) == len(EMAILS)
    by_index = {int(one.place.partition("[")[2].rstrip("]")): one for one in outcomes}
    assert sorted(by_index) == list(range(len(EMAILS)))
    assert {at for at, one in by_index.items() if one.action == "invalid"} == INVALID
    assert by_index[4].action == "duplicate"
    for one in outcomes:
        before = predicted[one.place]
        assert one.action == before or one.action in ONLY_SENTORI.get(before, set()), one

    contacts = {contact["EmailAddress"]: contact for contact in sentori_sandbox.contacts()}
    listed = sentori_sandbox.subscribers("NEWS")
    stopped = set(sentori_sandbox.suppression_list())
    for one in outcomes:
        if one.action in ("created", "updated"):
            assert contacts[one.email]["FirstName"] == "P"
        elif one.action == "subscribed":
            assert one.email in listed and not contacts[one.email]["IsSuppressed"]
        elif one.action == "suppressed":
            assert one.email in stopped
        elif one.action == "not_mailable":
            assert one.email not in listed or one.email in stopped
    counts = Counter(one.action for one in outcomes)
    done = counts["created"] + counts["updated"] + counts["subscribed"] + counts["suppressed"] + counts["unverifiable"]
    assert done >= 4 and stopped >= {"suppressed@example.com"}
