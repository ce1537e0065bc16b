# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The one law of all cells: Sentori is as was told, nothing took effect twice, and a message names what happened."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from operations import Operation
from proxy import Write
from sentori_sandbox import Sandbox
from told import DONE, EITHER, UNTOUCHED, Told

# (address or ID, part) -> what Sentori has.
World = Mapping[tuple[str, str], object]

DRAFT = "draft"

LOST, TWICE, LEAKED, UNNAMED, CRASHED = "lost", "twice", "leaked", "unnamed", "crashed"
HELD, UNMET = "held", "unmet"


class Breach(NamedTuple):
    """What is wrong with a cell: its kind, and a sentence."""

    kind: str
    sentence: str


# What differs each time.
_OF_THE_MOMENT = {"SystemID", "IsSuppressed"}
_ADDRESS = re.compile(r"[\w.+-]+\.person(?:@|%40)example\.com")


def world(sandbox: Sandbox) -> World:
    """Everything in Sentori that an operation can change, in parts that change at once."""
    state = sandbox.state()
    found: dict[tuple[str, str], object] = {}
    for contact in state["contacts"]:
        kept = {name: value for name, value in contact.items() if name not in _OF_THE_MOMENT}
        fields = {name: value for name, value in kept.items() if not name.startswith(("Created", "Modified"))}
        found[contact["EmailAddress"], "contact"] = fields
    for email in state["suppression_list"]:
        found[email, "suppressed"] = True
    for one in state["mailing_lists"]:
        found.update({(email, one["ExternalID"]): True for email in one["subscribers"]})
    for email in state["emails"]:
        found[DRAFT, email["ExternalID"]] = len(email["upload_groups"])
    return found


def everything(sandbox: Sandbox) -> object:
    """The same with upload groups, whose number grows with each import."""
    return world(sandbox), len(sandbox.state()["upload_groups"]), len(sandbox.truth())


def breaches(
    operation: Operation,
    told: Told,
    goal: Told,
    worlds: tuple[World, World, World],
    writes: Sequence[Write],
    says: str,
    key: str,
) -> Iterator[Breach]:
    """What is wrong with a cell.

    ``goal``: what was told without a fault. ``worlds``: before the run, after it, and after a run without a fault.
    """
    if told.crash is not None:
        yield Breach(CRASHED, f"it raised {type(told.crash).__name__}: {told.crash}")
    yield from _told_otherwise(operation, told, *worlds)
    yield from _wrong_value(told, goal)
    yield from _twice(writes)
    yield from _unnamed(told, goal, says)
    yield from leaks(told.texts, key)


def _told_otherwise(operation: Operation, told: Told, before: World, after: World, goal: World) -> Iterator[Breach]:
    earlier = {new: old for old, new in operation.renames.items()}
    for key in sorted({*before, *after, *goal}):
        name, part = key
        verdict = told.draft if name == DRAFT else told.verdict(earlier.get(name, name))
        was, now, wanted = (one.get(key) for one in (before, after, goal))
        allowed: dict[str, list[Any]] = {DONE: [wanted], UNTOUCHED: [was], EITHER: [was, wanted]}
        if now not in allowed[verdict] and told.crash is None:
            sentence = f"{part} of {name} is told to be {verdict}: it was {was}, is {now}, and should become {wanted}"
            yield Breach(LOST, sentence)


def _wrong_value(told: Told, goal: Told) -> Iterator[Breach]:
    if told.value == goal.value:
        return
    if not told.failures:
        yield Breach(LOST, f"nothing failed, and the value is {told.value!r} instead of {goal.value!r}")
    elif told.value:
        yield Breach(LOST, f"it failed, and left {told.value!r}")


def _twice(writes: Sequence[Write]) -> Iterator[Breach]:
    effective = Counter((one.target, one.body) for one in writes if one.took_effect)
    for (target, _), times in effective.items():
        if times > 1:
            yield Breach(TWICE, f"POST {target} took effect {times} times")


def _unnamed(told: Told, goal: Told, says: str) -> Iterator[Breach]:
    expected = {reason for reason in goal.failures}
    for message in told.failures:
        if message not in expected and not re.search(says, message):
            yield Breach(UNNAMED, f"the message does not name the fault ({says}): {message!r}")


def leaks(texts: Sequence[str], key: str) -> Iterator[Breach]:
    """Texts with the key or a full address."""
    for text in texts:
        if key in text or _ADDRESS.search(text):
            yield Breach(LEAKED, f"a message holds the key or an address: {text!r}")
