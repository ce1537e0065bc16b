# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcomes become the results of tasks of Ansible."""

from __future__ import annotations

from ansible_collections.sentori.sentori.plugins.module_utils import _results
from ansible_collections.sentori.sentori.plugins.module_utils.core import errors
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs import outcome as actions
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.outcome import Outcome

REFUSED = errors.SentoriError("A field is unknown.", operation="contact/update", status=400, code=103)


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


def test_the_diff_of_an_added_but_not_subscribed_contact_shows_only_the_addition():
    outcome = Outcome("a@example.com", actions.FAILED, error=REFUSED, added=True)
    result = _results.subscription_result(outcome, "NEWS")
    assert result["changed"] and result["failed"]
    assert result["diff"] == {"before": {"a contact": False}, "after": {"a contact": True}}


def test_the_result_of_a_suppression_contains_no_list():
    result = _results.subscription_result(Outcome("a@example.com", actions.SUPPRESSED))
    assert result["diff"] == {"before": {"suppressed": False}, "after": {"suppressed": True}}
    assert "mailing_list" not in result
