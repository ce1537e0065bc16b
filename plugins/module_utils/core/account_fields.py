# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The fields of an account, read when somebody has to know, and no sooner."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Callable

from .fields import READ_ONLY, Contact


class AccountFields:
    """Holds the names of the fields that a row may give; ``names`` are those that an earlier run has read.

    ``read``: gives an example of each field that can be imported into, as ``getstructure`` does.
    """

    def __init__(self, read: Callable[[], Contact], names: Collection[str] = ()) -> None:
        self._read = read
        self._names = frozenset(names)
        self._structure: Contact | None = None

    def __contains__(self, name: object) -> bool:
        return name in READ_ONLY or name in self._names or name in self.structure()

    def __iter__(self) -> Iterator[str]:
        return iter(self.structure())

    def __len__(self) -> int:
        return len(self.structure())

    @property
    def names(self) -> list[str] | None:
        """The names, if they were read by now."""
        return None if self._structure is None else list(self._structure)

    def structure(self) -> Contact:
        """Field name -> an example of its value; read at the first call. Raises a SentoriError."""
        if self._structure is None:
            self._structure = self._read()
            self._names = frozenset()
        return self._structure
