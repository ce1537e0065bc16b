# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The bulk import: one outcome per row, no field blanked by accident, no write in a second run."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.imports import attribution
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.rows.duplicates import SeenAddresses
from airflow_provider_sentori.core.rows.row import Row
from airflow_provider_sentori.core.runs.outcome import Outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run_import import STRUCTURE, import_from, imports, people, run
from run_many import into
from sentori_sandbox import Sandbox
from sentori_sandbox.assumptions import TABLE

TESTED = {
    "code-type", "import-status", "import-ragged", "import-blanks", "import-null", "import-unknown-field",
    "import-duplicates", "import-role-based", "import-suppressed-new", "import-check-order", "import-while-running",
    "empty-string",
}  # fmt: skip
ASSUMPTIONS = [{one.name: value} for one in TABLE if one.name in TESTED for value in one.values]


@pytest.fixture(autouse=True)
def structure(sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed={"structure": STRUCTURE})


@pytest.mark.parametrize("assumptions", ASSUMPTIONS, ids=str)
def test_an_import_is_predicted_applied_and_then_sends_no_write(
    api: SentoriApi, sentori_sandbox: Sandbox, assumptions: dict[str, str]
) -> None:
    sentori_sandbox.assume(assumptions)
    sentori_sandbox.put_contact("p0@example.com", FirstName="P", LastName="Kept")
    sentori_sandbox.put_contact("p1@example.com", FirstName="Old", LastName="Kept")
    sentori_sandbox.put_contact("p2@example.com", IsSuppressed=True)
    sentori_sandbox.put_contact("p3@example.com", IsBadEmailAddress=True)
    rows = [*people(5, FirstName="P", LoyaltyPoints="7"), {"EmailAddress": "P4@Example.com"}, {"EmailAddress": "none"}]
    expected = ["updated", "updated", "suppressed_updated", "bad_email_updated", "created", "duplicate", "invalid"]
    predicted = run(api, rows, dry_run=True)
    assert (predicted.actions, sentori_sandbox.writes()) == (expected, [])
    done = run(api, rows)
    assert done.actions == expected and not done.result.warnings
    assert (len(imports(sentori_sandbox)), len(done.result.upload_groups)) == (1, 1)
    assert [contact["LastName"] for contact in sentori_sandbox.contacts()[:2]] == ["Kept", "Kept"]
    sentori_sandbox.clear_requests()
    again = run(api, rows)
    assert again.actions == ["unchanged"] * 5 + ["duplicate", "invalid"]
    assert not again.result.changed and sentori_sandbox.writes() == []


def test_rows_with_different_fields_are_completed_and_sent_in_one_request(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.put_contact("p0@example.com", LastName="Kept", IsMember=True)
    rows = [{"EmailAddress": "p0@example.com", "FirstName": "A"}, {"EmailAddress": "p1@example.com", "LastName": "B"}]
    rows.append({"EmailAddress": "p2@example.com", "IsMember": "yes"})
    run(api, rows)
    (sent,) = imports(sentori_sandbox)
    assert {frozenset(row) for row in sent} == {frozenset({"EmailAddress", "FirstName", "LastName", "IsMember"})}
    kept = sentori_sandbox.contact("p0@example.com")
    assert kept is not None and (kept["FirstName"], kept["LastName"], kept["IsMember"]) == ("A", "Kept", True)


def test_without_compare_rows_with_different_fields_are_sent_separately(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    sentori_sandbox.put_contact("p0@example.com", LastName="Kept")
    rows = [{"EmailAddress": "p0@example.com", "FirstName": "A"}, {"EmailAddress": "p1@example.com", "LastName": "B"}]
    ran = run(api, rows, compare=False)
    assert [len(sent) for sent in imports(sentori_sandbox)] == [1, 1]
    assert ran.actions == ["updated", "created"]
    kept = sentori_sandbox.contact("p0@example.com")
    assert kept is not None and kept["LastName"] == "Kept"
    assert not [entry for entry in sentori_sandbox.requests() if entry.route == "contact/get"]


@pytest.mark.parametrize(
    ("on_blank", "action", "stored"),
    [("keep", "unchanged", "Joe"), ("clear", "updated", None), ("error", "invalid", "Joe")],
)
def test_on_blank_decides_what_an_empty_cell_does(
    api: SentoriApi, sentori_sandbox: Sandbox, on_blank: str, action: str, stored: str | None
) -> None:
    sentori_sandbox.put_contact("p0@example.com", FirstName="Joe")
    assert run(api, [{"EmailAddress": "p0@example.com", "FirstName": ""}], on_blank=on_blank).actions == [action]
    contact = sentori_sandbox.contact("p0@example.com")
    assert contact is not None and contact["FirstName"] == stored


def test_scope_all_sends_every_row_and_creates_one_upload_group(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    run(api, people(3, FirstName="P"))
    again = run(api, people(3, FirstName="P"), scope="all")
    assert again.actions == ["updated"] * 3 and len(again.result.upload_groups) == 1 and again.result.changed


def test_role_based_addresses_are_found_by_reading_and_are_no_change(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    rows = [*people(2), {"EmailAddress": "info@example.com"}]
    ran = run(api, rows)
    assert ran.actions == ["created", "created", "rejected"]
    assert {outcome.certainty for outcome in ran.outcomes} == {"inferred"}
    again = run(api, rows)
    assert again.actions == ["unchanged", "unchanged", "rejected"] and not again.result.changed


def test_a_long_source_is_sent_in_chunks(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    ran = run(api, people(25, FirstName="P"), chunk_size=10)
    assert [len(sent) for sent in imports(sentori_sandbox)] == [10, 10, 5]
    assert ran.result.summary["created"] == ran.result.summary["total"] == 25
    assert len(ran.result.upload_groups) == 3


def test_one_rejected_row_among_many_is_found_with_few_reads(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    ran = run(api, [*people(700), {"EmailAddress": "Sales@example.com"}, *people(300, FirstName="P")])
    assert ran.actions == [*["created"] * 700, "rejected", *["duplicate"] * 300]
    reads = [entry for entry in sentori_sandbox.requests() if entry.route == "contact/get"]
    assert len(reads) == 701 + 100
    assert {outcome.certainty for outcome in ran.outcomes if outcome.action == "rejected"} == {"inferred"}


def test_a_rejection_that_reads_cannot_explain_has_an_unknown_row(
    api: SentoriApi, sentori_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attribution, "MAX_READS", 2)
    body = {"TotalRows": 4, "EmailableRowsCreated": 3, "EmailableRowsUpdated": 0, "SuppressedUpdated": 0}
    body |= {"BadEmailUpdated": 0, "ExcludedDuplicates": 0, "ExcludedInvalidEmail": 0, "ExcludedRoleBased": 1}
    headers = {"Content-Type": "application/json"}
    sentori_sandbox.fault("contact/import", kind="status", status=200, body=json.dumps(body), headers=headers)
    ran = run(api, people(4))
    assert Counter(outcome.action for outcome in ran.outcomes) == {"created": 3, "rejected": 1}
    assert {(outcome.certainty, outcome.email) for outcome in ran.outcomes} == {("unknown", "")}
    assert {outcome.place for outcome in ran.outcomes} == {"one of row 1 to row 4"}


def test_a_row_is_not_named_if_sentori_counts_several_outcomes(api: SentoriApi) -> None:
    ran = run(api, [{"EmailAddress": "info@example.com"}, {"EmailAddress": "mary@example.com"}], compare=False)
    created, rejected = ran.outcomes
    assert (created.action, rejected.action) == ("created", "rejected")
    assert (rejected.email, rejected.place) == ("", "one of row 1 to row 2")
    assert rejected.reason == "Excluded as role-based (Sentori's counter). Which row that is, is not known."
    assert ran.result.counters["ExcludedRoleBased"] == 1


def test_rows_are_named_if_sentori_counts_one_outcome_for_all(api: SentoriApi) -> None:
    (rejected,) = run(api, [{"EmailAddress": "info@example.com"}], compare=False).outcomes
    assert (rejected.email, rejected.place, rejected.certainty) == ("info@example.com", "row 1", "exact")
    assert rejected.reason == "Excluded as role-based (Sentori's counter)."


@pytest.mark.parametrize("names", ["new", "old"])
def test_v1_has_the_same_outcomes_with_old_and_new_header_names(
    api: SentoriApi, sentori_sandbox: Sandbox, names: str
) -> None:
    sentori_sandbox.assume({"v1-header-names": names})
    sentori_sandbox.put_contact("p0@example.com", LastName="Kept", IsMember=True)
    sentori_sandbox.put_contact("p1@example.com", IsSuppressed=True)
    sentori_sandbox.put_contact("p2@example.com", IsBadEmailAddress=True)
    rows = [*people(4, FirstName="P & Q"), {"EmailAddress": "info@example.com"}]
    placed = [Row(f"row {number}", fields) for number, fields in enumerate(rows, 1)]
    outcomes: list[Outcome] = []
    for _run in range(2):
        done = import_from(
            api, lambda schema: placed, ImportOptions(api_version="v1", gzip_level=9), sink=into(outcomes)
        )
    assert [outcome.action for outcome in outcomes[:5]] == [
        "updated", "suppressed_updated", "bad_email_updated", "created", "rejected",
    ]  # fmt: skip
    assert not done.changed and done.summary["unchanged"] == 4
    kept = sentori_sandbox.contact("p0@example.com")
    assert kept is not None and (kept["FirstName"], kept["LastName"], kept["IsMember"]) == ("P & Q", "Kept", True)


def test_the_bounce_mark_is_sent_only_for_rows_that_name_it(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    rows = [*people(2, FirstName="P"), {"EmailAddress": "named@example.com", "IsBadEmailAddress": True}]
    run(api, rows)
    shapes = {frozenset(row) for sent in imports(sentori_sandbox) for row in sent}
    assert shapes == {frozenset({"EmailAddress", "FirstName"}), frozenset({"EmailAddress", "IsBadEmailAddress"})}


@pytest.mark.parametrize("on_blank", ["keep", "clear"])
def test_an_empty_cell_does_not_clear_the_bounce_mark(api: SentoriApi, sentori_sandbox: Sandbox, on_blank: str) -> None:
    sentori_sandbox.put_contact("p0@example.com", IsBadEmailAddress=True)
    run(api, people(1, FirstName="P", IsBadEmailAddress=" "), on_blank=on_blank)
    kept = sentori_sandbox.contact("p0@example.com")
    assert kept is not None and kept["IsBadEmailAddress"] is True and kept["FirstName"] == "P"


def test_a_cleared_boolean_is_false_and_then_unchanged(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.put_contact("p0@example.com", IsMember=True)
    rows = people(1, IsMember="", FirstName="   ")
    assert run(api, rows, on_blank="clear").actions == ["updated"]
    assert run(api, rows, on_blank="clear").actions == ["unchanged"]


CONTACT = {"SystemID": 1, "EmailAddress": "p0@example.com", "FirstName": "Old", "IsSuppressed": False}


@pytest.mark.parametrize("last_name", [{}, {"LastName": "Half \ud83d"}], ids=["missing", "half a character"])
def test_a_stored_value_that_cannot_be_sent_back_is_not_sent(
    api: SentoriApi, sentori_sandbox: Sandbox, last_name: dict[str, str]
) -> None:
    sentori_sandbox.put_contact("p0@example.com", FirstName="Old", LastName="Kept")
    body = json.dumps({**CONTACT, "IsBadEmailAddress": False, **last_name})
    headers = {"Content-Type": "application/json"}
    sentori_sandbox.fault("contact/get", kind="status", match="p0@", status=200, body=body, headers=headers)
    rows = [*people(1, FirstName="New"), {"EmailAddress": "p1@example.com", "LastName": "B"}]
    assert run(api, rows).actions == ["updated", "created"]
    kept = sentori_sandbox.contact("p0@example.com")
    assert kept is not None and (kept["FirstName"], kept["LastName"]) == ("New", "Kept")


@pytest.mark.parametrize("where", ["address", "filler"])
def test_a_value_that_xml_cannot_carry_affects_its_row_only(
    api: SentoriApi, sentori_sandbox: Sandbox, where: str
) -> None:
    sentori_sandbox.put_contact("p0@example.com", LastName="A\x01" if where == "filler" else "A")
    rows = [*people(3, FirstName="P"), {"EmailAddress": "p3@example.com", "LastName": "B"}]
    if where == "address":
        rows[0]["EmailAddress"] = "p\ufffe@example.com"
    placed = [Row(f"row {number}", fields) for number, fields in enumerate(rows, 1)]
    outcomes: list[Outcome] = []
    import_from(api, lambda schema: placed, ImportOptions(api_version="v1"), sink=into(outcomes))
    actions = {outcome.place: outcome.action for outcome in outcomes}
    assert actions.pop("row 1") == ("invalid" if where == "address" else "updated")
    assert set(actions.values()) == {"created"}


TRUTH = {
    "created": {"created"},
    "updated": {"updated"},
    "suppressed_updated": {"suppressed_updated"},
    "bad_email_updated": {"bad_email_updated"},
    "unverifiable": {"suppressed_updated"},
    "rejected": {"duplicate", "invalid", "role_based"},
}
ODD = ["P1@EXAMPLE.com", "info@example.com", "none", "", None, "never@example.com"]
cells = st.sampled_from(["", "A", "B", " ", "ä", "<&>", None])
random_rows = st.lists(
    st.fixed_dictionaries(
        {"EmailAddress": st.sampled_from([*(f"p{n}@example.com" for n in range(8)), *ODD])},
        optional={"FirstName": cells, "LastName": cells, "IsMember": st.sampled_from(["yes", "no", "", "perhaps"])},
    ),
    min_size=2,
    max_size=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=random_rows, assumptions=st.sampled_from(ASSUMPTIONS), compare=st.booleans(), chunk=st.integers(1, 6))
def test_every_row_has_one_outcome_and_no_other_field_is_blanked(
    api: SentoriApi, sentori_sandbox: Sandbox, rows: Any, assumptions: dict[str, str], compare: bool, chunk: int
) -> None:
    sentori_sandbox.reset(seed={"structure": STRUCTURE})
    sentori_sandbox.assume(assumptions)
    for number, mark in enumerate(({}, {"IsSuppressed": True}, {"IsBadEmailAddress": True}, {})):
        sentori_sandbox.put_contact(f"p{number}@example.com", FirstName="Stored", LastName="Stored", **mark)
    sentori_sandbox.suppress("never@example.com")
    before = {contact["EmailAddress"]: contact for contact in sentori_sandbox.contacts()}

    ran = run(api, rows, compare=compare, chunk_size=chunk)
    named = [outcome.place for outcome in ran.outcomes if not outcome.place.startswith("one of ")]
    assert len(ran.outcomes) == len(rows) and len({*named}) == len(named)
    summary = ran.result.summary
    assert summary.pop("total") == sum(summary.values()) == len(rows)
    truth = {row["address"].lower(): row["outcome"] for one in sentori_sandbox.truth() for row in one["rows"]}
    for outcome in ran.outcomes:
        if outcome.email and outcome.action not in ("unchanged", "duplicate", "invalid"):
            assert TRUTH[outcome.action] >= {truth[outcome.email.lower()]}

    for email, contact in before.items():
        now = sentori_sandbox.contact(email) or {}
        given_for = [row for row in rows if (row["EmailAddress"] or "").lower() == email]
        for name in ("FirstName", "LastName", "IsMember"):
            if not any(row.get(name) for row in given_for):
                assert now[name] == contact[name]

    if compare:
        again = run(api, rows, compare=compare, chunk_size=chunk)
        assert not again.result.changed
        assert again.result.summary["created"] == 0


@given(st.lists(st.emails(), max_size=50))
def test_seen_addresses_ignore_case_and_surrounding_blanks(emails: list[str]) -> None:
    seen, reference = SeenAddresses(), set[str]()
    for email in emails:
        assert seen.add(f" {email.upper()} ") == (email.upper().lower() not in reference)
        reference.add(email.upper().lower())


def test_a_hundred_thousand_seen_addresses_take_a_few_megabytes() -> None:
    import tracemalloc

    tracemalloc.start()
    try:
        seen = SeenAddresses()
        assert all(seen.add(f"p{number}@example.com") for number in range(100_000))
        assert not seen.add("P99999@example.com")
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()
