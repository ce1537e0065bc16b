# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcomes as the results of Ansible's tasks."""

from __future__ import annotations

from .core import redaction
from .core.runs import outcome as actions
from .core.runs.result import summary_of

MAX_FAILURES = 5


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


def contacts_result(outcomes):
    """The result of a task about many contacts: one entry an item, in order; failed if an item failed."""
    result = _many(outcomes, actions.OF_CONTACTS, "contacts")
    for entry, outcome in zip(result["results"], outcomes):
        entry["fields"] = outcome.changed_fields
    changes = [outcome for outcome in outcomes if outcome.changed]
    if changes:
        result["diff"] = {
            "before": {outcome.email: outcome.before for outcome in changes if outcome.before is not None},
            "after": {outcome.email: outcome.after for outcome in changes if outcome.after is not None},
        }
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


def subscribers_result(outcomes, mailing_list, diff_limit):
    """The result of a task about many addresses on one mailing list."""
    result = _many(outcomes, actions.OF_SUBSCRIPTIONS, "emails")
    for entry, outcome in zip(result["results"], outcomes):
        entry["added"] = outcome.added
    if result["changed"]:
        sides = {"before": actions.UNSUBSCRIBED, "after": actions.SUBSCRIBED}
        result["diff"] = {
            side: _lines([outcome.email for outcome in outcomes if outcome.action == action], diff_limit)
            for side, action in sides.items()
        }
    return {**result, "mailing_list": mailing_list}


def problem(outcome):
    """A row that is not as asked, as a result shows it."""
    facts = ("place", "email", "code", "reason", "certainty")
    shown = {fact: getattr(outcome, fact) for fact in facts if getattr(outcome, fact) is not None}
    return {"outcome": outcome.action, **shown}


def _one(outcome):
    result = {} if outcome.error is None else failure(outcome.error)
    return {**result, "changed": outcome.changed, "action": outcome.action, "warnings": outcome.warnings}


def _many(outcomes, of_verb, option):
    result = {
        "changed": any(outcome.changed for outcome in outcomes),
        "results": [_entry(outcome) for outcome in outcomes],
        "summary": summary_of(outcomes, of_verb),
        "warnings": [f"{redaction.address(one.email)}: {warning}" for one in outcomes for warning in one.warnings],
    }
    failures = [(position, outcome) for position, outcome in enumerate(outcomes) if outcome.error is not None]
    if failures:
        result.update(failed=True, msg=_failure_sentence(failures, len(outcomes), option))
    return result


def _entry(outcome):
    entry = {"email": outcome.email, "action": outcome.action, "changed": outcome.changed}
    if outcome.error is not None:
        entry["msg"] = outcome.reason
        if outcome.code is not None:
            entry["code"] = outcome.code
    return entry


def _failure_sentence(failures, total, option):
    shown = [
        f"{option}[{position}] ({redaction.address(outcome.email)}): {outcome.reason}"
        for position, outcome in failures[:MAX_FAILURES]
    ]
    if len(failures) > MAX_FAILURES:
        shown.append(f"And {len(failures) - MAX_FAILURES} more, see results.")
    doubt = " or are in doubt" if any(outcome.action == actions.IN_DOUBT for position, outcome in failures) else ""
    return f"{len(failures)} of {total} {option} failed{doubt}. " + " ".join(shown)


def _lines(emails, limit):
    """Sorted, one a line; addresses beyond the limit are counted."""
    lines = sorted(emails, key=str.lower)
    more = [f"... and {len(lines) - limit} more"] if len(lines) > limit else []
    return "".join(f"{line}\n" for line in lines[:limit] + more)
