# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The contacts of an import's rows, as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, Union

from . import errors
from .api import SentoriApi
from .fan_out import fan_out
from .fields import Contact
from .import_plan import Candidate

# A contact, None where there is none, or the error that concerns this row alone.
Found = Union[Contact, errors.SentoriError, None]


class ContactReads:
    """Reads of contacts, up to ``concurrency`` at once."""

    def __init__(self, api: SentoriApi, concurrency: int) -> None:
        self._api = api
        self._concurrency = concurrency

    def of(self, candidates: Sequence[Candidate], done: Callable[[], None] = lambda: None) -> list[Found]:
        """What is found of each, in their order; ``done`` is called after each read, from its thread.

        Raises a SentoriError that concerns the whole run.
        """

        def read(one: Candidate) -> Found:
            found = self._found(one)
            done()
            return found

        return fan_out(read, candidates, self._concurrency)

    def _found(self, one: Candidate) -> Found:
        try:
            return self._api.get_contact(one.email)
        except errors.ContactNotFound:
            return None
        except errors.SentoriError as error:
            if error.concerns_run:
                raise
            return error
