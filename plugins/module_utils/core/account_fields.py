# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The fields of an account, read when somebody has to know, and no sooner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable

from .fields import READ_ONLY, Contact


class AccountFields:
    """Holds the names of the fields that a row may give; ``names`` are those that are known from an earlier run.

    ``read``: gives an example of each field that can be imported into, as ``getstructure`` does; called at most once.
    """

    def __init__(self, read: Callable[[], Contact], names: Mapping[str, bool]) -> None:
        self._read = read
        self._structure: Contact | None = None
        self.names = dict(names)

    def __contains__(self, name: object) -> bool:
        if name in READ_ONLY:
            return True
        if name not in self.names:
            self.names[str(name)] = name in self.structure()
        return self.names[str(name)]

    @property
    def were_read(self) -> bool:
        return self._structure is not None

    def structure(self) -> Contact:
        """Field name -> an example of its value. Raises a SentoriError."""
        if self._structure is None:
            self._structure = self._read()
            self.names = {**dict.fromkeys(self.names, False), **dict.fromkeys(self._structure, True)}
        return self._structure
