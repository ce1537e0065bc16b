# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An entry of an account, such as a mailing list, by its ExternalID, or by its exact name if only one has it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from .. import redaction
from ..errors import InvalidInput

E = TypeVar("E", bound=Mapping[str, Any])

MAX_SHOWN = 10

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Kind(NamedTuple):
    """What is looked for (``mailing list``), and the option that names it."""

    noun: str
    option: str


MAILING_LIST = Kind("mailing list", "mailing_list")
DRAFT_EMAIL = Kind("draft email", "draft_email")


def checked(given: object, kind: Kind) -> str:
    """The ExternalID or name, unchanged. Raises InvalidInput for what can be neither, such as ``..`` or blanks."""
    if not isinstance(given, str) or _CONTROL.search(given) or not any(character.isalnum() for character in given):
        raise InvalidInput(f"{given!r} is not the ID or the name of a {kind.noun}.", option=kind.option)
    return given


def find(entries: Sequence[E], given: str, kind: Kind) -> E:
    """The entry with this ExternalID, else the one with this Name. Raises InvalidInput, naming the existing ones."""
    by_id = [found for found in entries if found.get("ExternalID") == given]
    by_name = [found for found in entries if found.get("Name") == given]
    matches = by_id or by_name
    if len(matches) == 1:
        return matches[0]
    if matches:
        sentence = f"{len(matches)} {kind.noun}s are named {given!r}. Give the ExternalID of one: {_shown(matches)}."
    elif entries:
        sentence = f"no {kind.noun} has the ID or name {given!r}. There are: {_shown(entries)}."
    else:
        sentence = f"no {kind.noun} has the ID or name {given!r}. This account has no {kind.noun}s."
    raise InvalidInput(sentence, option=kind.option)


def _shown(entries: Sequence[Mapping[str, Any]]) -> str:
    first = entries[:MAX_SHOWN]
    shown = [f"{found.get('ExternalID')} ({redaction.text(str(found.get('Name')), 60)})" for found in first]
    more = len(entries) - MAX_SHOWN
    return ", ".join(shown) + (f", and {more} more" if more > 0 else "")
