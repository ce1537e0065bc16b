# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcomes become the results of tasks of Ansible."""

from __future__ import annotations

from ansible_collections.sentori.sentori.plugins.module_utils import _results
from ansible_collections.sentori.sentori.plugins.module_utils.core import errors
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs import outcome as actions
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.outcome import Outcome

REFUSED = errors.SentoriError("A field is unknown.", operation="contact/update", status=400, code=103)


def failed(number):
    return Outcome(f"person{number}@example.com", actions.UNCHANGED).failed(REFUSED)


def test_a_failure_contains_only_known_facts():
    before_any_request = _results.failure(errors.SentoriError("An address is needed."))
    assert before_any_request == {"failed": True, "changed": False, "msg": "An address is needed."}
    facts = {"operation": "contact/update", "status": 400, "code": 103}
    assert facts.items() <= _results.failure(REFUSED).items()


def test_an_unchanged_contact_has_no_diff():
    result = _results.contact_result(Outcome("a@example.com", actions.UNCHANGED, contact={"FirstName": "Ada"}))
    assert result == {"changed": False, "action": "unchanged", "contact": {"FirstName": "Ada"}, "warnings": ()}


def test_the_diff_of_an_outcome_in_doubt_is_the_attempted_change():
    result = _results.contact_result(
        Outcome(
            "a@example.com", actions.IN_DOUBT, before={"FirstName": "Ada"}, after={"FirstName": "A."}, error=REFUSED
        )
    )
    assert result["failed"] and not result["changed"]
    assert result["diff"] == {"before": {"FirstName": "Ada"}, "after": {"FirstName": "A."}}


def test_the_diff_of_many_contacts_contains_only_changed_ones():
    result = _results.contacts_result(
        [
            Outcome("new@example.com", actions.CREATED, after={"FirstName": "New"}),
            Outcome("same@example.com", actions.UNCHANGED),
            Outcome("old@example.com", actions.DELETED, before={"FirstName": "Old"}),
        ]
    )
    assert result["diff"] == {
        "before": {"old@example.com": {"FirstName": "Old"}},
        "after": {"new@example.com": {"FirstName": "New"}},
    }
    assert [entry["fields"] for entry in result["results"]] == [["FirstName"], [], []]


def test_a_failed_contact_fails_the_task_and_all_results_are_returned():
    result = _results.contacts_result([Outcome("a@example.com", actions.UNCHANGED), failed(1)])
    assert result["failed"]
    assert result["msg"].startswith("1 of 2 contacts failed. contacts[1] (p***@example.com): ")
    assert [entry["action"] for entry in result["results"]] == ["unchanged", "failed"]


def test_a_long_list_of_failures_is_truncated_with_a_count():
    message = _results.contacts_result([failed(number) for number in range(7)])["msg"]
    assert message.count("contact/update") == _results.MAX_FAILURES
    assert message.endswith("And 2 more, see results.")


def test_the_diff_of_an_added_but_not_subscribed_contact_shows_only_the_addition():
    outcome = Outcome("a@example.com", actions.FAILED, error=REFUSED, added=True)
    result = _results.subscription_result(outcome, "NEWS")
    assert result["changed"] and result["failed"]
    assert result["diff"] == {"before": {"a contact": False}, "after": {"a contact": True}}


def test_the_result_of_a_suppression_contains_no_list():
    result = _results.subscription_result(Outcome("a@example.com", actions.SUPPRESSED))
    assert result["diff"] == {"before": {"suppressed": False}, "after": {"suppressed": True}}
    assert "mailing_list" not in result


def test_the_diff_of_a_list_is_sorted_and_truncated_with_a_count():
    outcomes = [Outcome(f"{name}@example.com", actions.SUBSCRIBED) for name in ("c", "B", "a")]
    result = _results.subscribers_result(outcomes, "NEWS", diff_limit=2)
    assert result["diff"] == {"before": "", "after": "a@example.com\nB@example.com\n... and 1 more\n"}
