# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The fields of an account, loaded by an explicit call. Source: API Contact Endpoints, Get Contact Structure."""

from __future__ import annotations

from collections.abc import Collection

from ..api.client import SentoriApi
from ..fields import Contact


class Schema:
    """The importable fields of one account.

    ``remembered``: names that an earlier run has loaded; they need no request until ``load`` is called.
    """

    def __init__(self, api: SentoriApi, remembered: Collection[str] = ()) -> None:
        self._api = api
        self.remembered = frozenset(remembered)
        self.loaded: Contact | None = None

    def load(self) -> Contact:
        """Field name -> an example of its value. The first call sends ``getstructure``. Raises a SentoriError."""
        if self.loaded is None:
            self.loaded = self._api.contact_structure()
            self.remembered = frozenset(self.loaded)
        return self.loaded
