# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A Mailing List by its ExternalID, or by its exact name if that is unique. Source: api-mailinglists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Callable, TypeVar

from . import errors, redact
from .api import EXTERNAL_ID, SentoriApi, Subscriber

T = TypeVar("T")

OPTION = "mailing_list"
MOST_SHOWN = 10

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def checked(given: object) -> str:
    """The ExternalID or name as it was given. Raises InvalidInput for what can be neither, such as ``..`` or blanks."""
    if not isinstance(given, str) or _CONTROL.search(given) or not any(character.isalnum() for character in given):
        raise errors.InvalidInput("the ExternalID or the name of a Mailing List is needed.", option=OPTION)
    return given


def find(lists: list[dict[str, Any]], given: str) -> dict[str, Any]:
    """The list of this ExternalID, else of this name. Raises InvalidInput with the lists that there are."""
    by_id = [found for found in lists if found.get("ExternalID") == given]
    by_name = [found for found in lists if found.get("Name") == given]
    matches = by_id or by_name
    if len(matches) == 1:
        return matches[0]
    if matches:
        sentence = f"{len(matches)} Mailing Lists have this name. Give the ExternalID of one: {_shown(matches)}."
    elif lists:
        sentence = f"there is no Mailing List with this ExternalID or name. There are: {_shown(lists)}."
    else:
        sentence = "there is no Mailing List with this ExternalID or name: the account has none."
    raise errors.InvalidInput(sentence, option=OPTION)


def describe(api: SentoriApi, given: str | None = None) -> list[dict[str, Any]]:
    """All lists, or the one of this ExternalID or name: ExternalID, Name, Description. Raises InvalidInput."""
    if given is not None and EXTERNAL_ID.fullmatch(checked(given)):
        try:
            return [api.mailing_list(given)]
        except errors.MailingListNotFound:
            pass
    lists = api.mailing_lists()
    return lists if given is None else [find(lists, given)]


def _shown(lists: list[dict[str, Any]]) -> str:
    shown = [f"{found['ExternalID']} ({redact.text(str(found.get('Name')), 60)})" for found in lists[:MOST_SHOWN]]
    more = len(lists) - MOST_SHOWN
    return ", ".join(shown) + (f", and {more} more" if more > 0 else "")


class GivenList:
    """A Mailing List as a user names it; what looks like an ExternalID is tried as one, which saves a read."""

    def __init__(self, api: SentoriApi, given: object) -> None:
        """Raises InvalidInput; sends nothing."""
        self._api = api
        self._given = checked(given)
        self._external_id: str | None = None

    @property
    def external_id(self) -> str:
        """Found out by the first call; raises InvalidInput for an unknown list."""
        if self._external_id is None:
            self._external_id = str(find(self._api.mailing_lists(), self._given)["ExternalID"])
        return self._external_id

    def read(self, consume: Callable[[Iterator[Subscriber]], T]) -> T:
        """What ``consume`` makes of the list's subscribers. Raises InvalidInput for an unknown list."""
        if self._external_id is None and EXTERNAL_ID.fullmatch(self._given):
            try:
                result = self._api.read_subscribers(self._given, consume)
            except errors.MailingListNotFound:
                return self._api.read_subscribers(self.external_id, consume)
            self._external_id = self._given
            return result
        return self._api.read_subscribers(self.external_id, consume)
