# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcomes of contacts in Ansible's words: result, diff, failure."""

from __future__ import annotations

from .core import plan, redact

MOST_FAILURES = 5


def contact_result(outcome):
    """The result of a task about one contact."""
    if outcome.error is not None:
        raise outcome.error
    result = {"changed": outcome.changed, "action": outcome.action, "warnings": outcome.warnings}
    if outcome.contact is not None:
        result["contact"] = outcome.contact
    if outcome.changed:
        result["diff"] = {"before": outcome.before or {}, "after": outcome.after or {}}
    return result


def contacts_result(outcomes):
    """The result of a task about many: one entry an item, in their order, and a failure if one failed."""
    changes = [outcome for outcome in outcomes if outcome.changed]
    result = {
        "changed": bool(changes),
        "results": [_entry(outcome) for outcome in outcomes],
        "summary": plan.summary(outcomes),
        "warnings": [f"{redact.address(one.email)}: {warning}" for one in outcomes for warning in one.warnings],
    }
    if changes:
        result["diff"] = {
            "before": {outcome.email: outcome.before for outcome in changes if outcome.before is not None},
            "after": {outcome.email: outcome.after for outcome in changes if outcome.after is not None},
        }
    failures = [(position, outcome) for position, outcome in enumerate(outcomes) if outcome.error is not None]
    if failures:
        result.update(failed=True, msg=_failure_sentence(failures, len(outcomes)))
    return result


def _entry(outcome):
    entry = {
        "email": outcome.email,
        "action": outcome.action,
        "changed": outcome.changed,
        "fields": outcome.changed_fields,
    }
    if outcome.error is not None:
        entry["msg"] = str(outcome.error)
        if outcome.error.code is not None:
            entry["code"] = outcome.error.code
    return entry


def _failure_sentence(failures, total):
    shown = [
        f"contacts[{position}] ({redact.address(outcome.email)}): {outcome.error}"
        for position, outcome in failures[:MOST_FAILURES]
    ]
    if len(failures) > MOST_FAILURES:
        shown.append(f"and {len(failures) - MOST_FAILURES} more, see results.")
    return f"{len(failures)} of {total} contacts failed. " + " ".join(shown)
