# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcomes as the results of Ansible's tasks."""

from __future__ import annotations

from .core.runs import outcome as actions


def failure(error):
    """The result of a failed task: the message, and facts for a playbook that branches on them."""
    facts = {"operation": error.operation, "status": error.status, "code": error.code}
    known = {name: fact for name, fact in facts.items() if fact is not None}
    return {"failed": True, "changed": False, "msg": str(error), **known}


def contact_result(outcome):
    """The result of a task about one contact."""
    result = _one(outcome)
    if outcome.contact is not None:
        result["contact"] = outcome.contact
    if outcome.changed or outcome.action == actions.IN_DOUBT:
        result["diff"] = {"before": outcome.before or {}, "after": outcome.after or {}}
    return result


def subscription_result(outcome, mailing_list=None):
    """The result of a task about one address on one mailing list, or without a list about its suppression."""
    result = _one(outcome)
    if mailing_list is not None:
        result.update(mailing_list=mailing_list, added=outcome.added)
    if outcome.changed:
        after = {"a contact": True} if outcome.added else {}
        if outcome.action in actions.CHANGES:
            state = "suppressed" if mailing_list is None else f"subscribed to {mailing_list}"
            after[state] = outcome.action != actions.UNSUBSCRIBED
        result["diff"] = {"before": {state: not now for state, now in after.items()}, "after": after}
    return result


def problem(outcome):
    """A row that is not as asked, as a result shows it."""
    facts = ("place", "email", "code", "reason", "certainty")
    shown = {fact: getattr(outcome, fact) for fact in facts if getattr(outcome, fact) is not None}
    return {"outcome": outcome.action, **shown}


def _one(outcome):
    result = {} if outcome.error is None else failure(outcome.error)
    return {**result, "changed": outcome.changed, "action": outcome.action, "warnings": outcome.warnings}
