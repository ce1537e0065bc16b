# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a result shows of the rows of a task: a diff with a limit, and an entry for each item of a short list."""

from __future__ import annotations

from .core.runs import outcome as actions


class RowDiff:
    """The first changes, a line each."""

    def __init__(self, limit):
        self._limit = limit
        self._lines = []
        self._changes = 0

    def take(self, part):
        self._changes += part.count(actions.CHANGES)
        room = self._limit - len(self._lines)
        if room > 0:
            changed = part.listed(actions.CHANGES)[:room]
            self._lines += (f"{outcome.email or outcome.place}: {outcome.action}" for outcome in changed)

    def diff(self):
        return {"before": "", "after": _text(self._lines, self._changes - len(self._lines))}


class ListDiff:
    """The first addresses that leave a mailing list, and the first that join it."""

    def __init__(self, limit):
        self._limit = limit
        self._lines = {actions.UNSUBSCRIBED: [], actions.SUBSCRIBED: []}
        self._changes = dict.fromkeys(self._lines, 0)

    def take(self, part):
        for action, lines in self._lines.items():
            self._changes[action] += part.count([action])
            room = self._limit - len(lines)
            if room > 0:
                lines += (outcome.email for outcome in part.listed([action])[:room])

    def diff(self):
        left, joined = (_text(lines, self._changes[action] - len(lines)) for action, lines in self._lines.items())
        return {"before": left, "after": joined}


class ContactDiff:
    """The fields of the first contacts that change, before and after."""

    def __init__(self, limit):
        self._limit = limit
        self._before = {}
        self._after = {}
        self._changes = 0

    def take(self, part):
        for outcome in part.listed(actions.CHANGES):
            self._changes += 1
            if self._changes > self._limit:
                continue
            if outcome.before is not None:
                self._before[outcome.email] = outcome.before
            if outcome.after is not None:
                self._after[outcome.email] = outcome.after

    def diff(self):
        more = self._changes - self._limit
        after = {**self._after, "...": f"and {more} more"} if more > 0 else self._after
        return {"before": self._before, "after": after}


class FileDiff:
    """The lines that a file loses and gains; ``sides``: the file before and after, once they are compared."""

    def __init__(self, path):
        self._path = path
        self.sides = None

    def take(self, part):
        """Outcomes say nothing about the file."""

    def diff(self):
        if self.sides is None:
            return {}
        shown = {}
        for name, verb, side in zip(("before", "after"), ("removed", "added"), self.sides):
            shown[name] = _text(side.only_here, side.more, f"more lines {verb}")
            shown[f"{name}_header"] = f"{self._path} ({side.lines} lines)"
        return shown


class Items:
    """A diff, and ``results``: an entry for each item of a list in the playbook, in order. Without ``entry``, none."""

    def __init__(self, diff, entry):
        self._diff = diff
        self._entry = entry
        self._results = []

    def take(self, part):
        self._diff.take(part)
        if self._entry is not None:
            self._results += ((_position(outcome.place), self._entry(outcome)) for outcome in part.listed())

    def diff(self):
        return self._diff.diff()

    def result(self):
        if self._entry is None:
            return {}
        return {"results": [shown for position, shown in sorted(self._results, key=lambda pair: pair[0])]}


def contact_entry(outcome):
    """An item of ``contacts``, with the names of the fields that were set."""
    return {**entry(outcome), "fields": outcome.changed_fields}


def subscriber_entry(outcome):
    """An item of ``emails``, with whether a contact was added first."""
    return {**entry(outcome), "added": outcome.added}


def entry(outcome):
    """An item of any list."""
    shown = {"email": outcome.email, "action": outcome.action, "changed": outcome.changed}
    if outcome.reason:
        shown["msg"] = outcome.reason
    if outcome.code is not None:
        shown["code"] = outcome.code
    return shown


def _position(place):
    """The position in the list, from ``emails[3]``; whatever is not in the list comes last."""
    position = place.rpartition("[")[2].rstrip("]")
    return int(position) if position.isdecimal() else float("inf")


def _text(lines, more, noun="more"):
    return "".join(f"{line}\n" for line in [*lines, *([f"... and {more} {noun}"] if more else [])])
