# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A mailing list by its ExternalID, or by its exact name if only one list has it. Source: api-mailinglists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Callable, TypeVar

from .. import redaction
from ..api.client import SentoriApi, Subscriber, is_external_id
from ..errors import InvalidInput, MailingListNotFound

T = TypeVar("T")

OPTION = "mailing_list"
MAX_SHOWN = 10

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def checked_list(given: object) -> str:
    """The ExternalID or name, unchanged. Raises InvalidInput for what can be neither, such as ``..`` or blanks."""
    if not isinstance(given, str) or _CONTROL.search(given) or not any(character.isalnum() for character in given):
        raise InvalidInput(f"{given!r} is not the ID or the name of a mailing list.", option=OPTION)
    return given


def find(lists: list[dict[str, Any]], given: str) -> dict[str, Any]:
    """The list with this ExternalID, else the list with this name. Raises InvalidInput, naming the existing lists."""
    by_id = [found for found in lists if found.get("ExternalID") == given]
    by_name = [found for found in lists if found.get("Name") == given]
    matches = by_id or by_name
    if len(matches) == 1:
        return matches[0]
    if matches:
        sentence = f"{len(matches)} mailing lists are named {given!r}. Give the ExternalID of one: {_shown(matches)}."
    elif lists:
        sentence = f"no mailing list has the ID or name {given!r}. There are: {_shown(lists)}."
    else:
        sentence = f"no mailing list has the ID or name {given!r}. This account has no mailing lists."
    raise InvalidInput(sentence, option=OPTION)


def describe(api: SentoriApi, given: str | None = None) -> list[dict[str, Any]]:
    """All lists, or the one with this ExternalID or name: ExternalID, Name, Description. Raises InvalidInput."""
    if given is not None and is_external_id(checked_list(given)):
        try:
            return [api.mailing_list(given)]
        except MailingListNotFound:
            pass
    lists = api.mailing_lists()
    return lists if given is None else [find(lists, given)]


def _shown(lists: list[dict[str, Any]]) -> str:
    shown = [f"{found['ExternalID']} ({redaction.text(str(found.get('Name')), 60)})" for found in lists[:MAX_SHOWN]]
    more = len(lists) - MAX_SHOWN
    return ", ".join(shown) + (f", and {more} more" if more > 0 else "")


class MailingList:
    """A mailing list as a user names it; a text that looks like an ExternalID is tried as one, which saves a read."""

    def __init__(self, api: SentoriApi, given: object) -> None:
        """Raises InvalidInput; sends nothing."""
        self._api = api
        self._given = checked_list(given)
        self._external_id: str | None = None

    def find_id(self) -> str:
        """The ExternalID; the first call may read all lists. Raises InvalidInput for an unknown list."""
        if self._external_id is None:
            self._external_id = str(find(self._api.mailing_lists(), self._given)["ExternalID"])
        return self._external_id

    def read(self, consume: Callable[[Iterator[Subscriber]], T]) -> T:
        """What ``consume`` returns for the list's subscribers. Raises InvalidInput for an unknown list."""
        if self._external_id is None and is_external_id(self._given):
            try:
                result = self._api.read_subscribers(self._given, consume)
            except MailingListNotFound:
                return self._api.read_subscribers(self.find_id(), consume)
            self._external_id = self._given
            return result
        return self._api.read_subscribers(self.find_id(), consume)
