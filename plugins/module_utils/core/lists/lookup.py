# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A mailing list by its ExternalID or exact name. Source: api-mailinglists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable, TypeVar

from ..api.client import SentoriApi, is_external_id
from ..api.named import MAILING_LIST, checked, find
from ..api.subscribers import Subscriber, read_addresses, read_subscribers
from ..errors import MailingListNotFound

T = TypeVar("T")


def describe(api: SentoriApi, given: str | None = None) -> list[dict[str, Any]]:
    """All lists, or the one with this ExternalID or name: ExternalID, Name, Description. Raises InvalidInput."""
    if given is not None and is_external_id(checked(given, MAILING_LIST)):
        try:
            return [api.mailing_list(given)]
        except MailingListNotFound:
            pass
    lists = api.mailing_lists()
    return lists if given is None else [find(lists, given, MAILING_LIST)]


class MailingList:
    """A mailing list as a user names it; a text that looks like an ExternalID is tried as one, which saves a read."""

    def __init__(self, api: SentoriApi, given: object) -> None:
        """Raises InvalidInput; sends nothing."""
        self._api = api
        self._given = checked(given, MAILING_LIST)
        self._external_id: str | None = None

    def find_id(self) -> str:
        """The ExternalID; the first call may read all lists. Raises InvalidInput for an unknown list."""
        if self._external_id is None:
            self._external_id = str(find(self._api.mailing_lists(), self._given, MAILING_LIST)["ExternalID"])
        return self._external_id

    def read_subscribers(self, consume: Callable[[Iterator[Subscriber]], T]) -> T:
        """What ``consume`` returns for the list's subscribers. Raises InvalidInput for an unknown list."""
        return self._read(lambda external_id: read_subscribers(self._api, external_id, consume))

    def read_addresses(self, consume: Callable[[Iterator[list[str]]], T]) -> T:
        """The same for their addresses, many at a time."""
        return self._read(lambda external_id: read_addresses(self._api, external_id, consume))

    def _read(self, read: Callable[[str], T]) -> T:
        if self._external_id is None and is_external_id(self._given):
            try:
                result = read(self._given)
            except MailingListNotFound:
                return read(self.find_id())
            self._external_id = self._given
            return result
        return read(self.find_id())
