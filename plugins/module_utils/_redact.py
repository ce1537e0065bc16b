# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results without whole addresses and without values of fields, for logs of jobs that are kept."""

from __future__ import annotations

from collections import Counter

from .core import redaction
from .core.fields import ADDRESS

HIDDEN = "***"
# The return values, and the options, that are contacts or fields of one.
CONTACTS = ("contact", "contacts", "subscribers", "fields")
# A diff shows only lines that differ.
SIDES = {"before": f"{HIDDEN} (before)", "after": f"{HIDDEN} (after)"}


def redacted(values):
    """The values of a result or of options, by their names."""
    shown = {}
    for name, value in values.items():
        if name == "diff":
            shown[name] = {side: _side(given, SIDES.get(side)) for side, given in value.items()}
        elif name in CONTACTS:
            shown[name] = _contacts(value, HIDDEN)
        else:
            shown[name] = _masked(value)
    return shown


def _masked(value):
    if isinstance(value, str):
        return redaction.addresses(value)
    if isinstance(value, (list, tuple)):
        return [_masked(item) for item in value]
    return redacted(value) if isinstance(value, dict) else value


def _contacts(value, hidden):
    """A contact, or several; names of fields stay as they are."""
    if isinstance(value, dict):
        return {name: _masked(one) if name == ADDRESS else hidden for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_contacts(one, hidden) if isinstance(one, dict) else _masked(one) for one in value]
    return _masked(value)


def _side(given, hidden):
    """One side of a diff: text, the fields of one contact, or those of several by their addresses."""
    if not isinstance(given, dict):
        return _masked(given)
    shown = {}
    same = Counter()
    for name, value in given.items():
        if not isinstance(value, dict):
            shown[name] = value if name == "..." else hidden
            continue
        masked = _masked(name)
        same[masked] += 1
        shown[masked if same[masked] == 1 else f"{masked} ({same[masked]})"] = _contacts(value, hidden)
    return shown
