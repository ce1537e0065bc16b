# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many contacts: the rows of a list, a file or a query, each applied by requests of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from .. import addresses, fields
from ..api.client import SentoriApi
from ..errors import InvalidInput
from ..fields import ADDRESS
from ..memory.account import opened
from ..memory.storage import Place
from ..rows.row import Row, Rows
from ..runs.options import check_choice
from ..runs.outcome import Outcome
from ..runs.pages import in_pages
from ..runs.progress import Progress
from ..runs.recorder import Recorder
from ..runs.result import RunResult
from .apply import Contacts
from .desired import STATES, DesiredContact
from .schema import Schema

ON_BLANK = ("keep", "clear", "error")


def apply_contacts(
    api: SentoriApi,
    open_rows: Callable[[Schema], Rows],
    recorder: Recorder,
    *,
    state: str = "present",
    on_blank: str = "clear",
    memory: Place | None = None,
    concurrency: int = 8,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> RunResult:
    """Have the contacts of these rows present with these fields, or absent; a page of rows is read, then written.

    ``open_rows`` gets the account's schema, and returns the rows; ``on_blank`` is for ``desired_row``;
    ``memory`` remembers how many rows there were, for the recorder's ``source_size``.
    Raises InvalidInput, naming the option, before any request; what would stop every request, if it is met before any
    row has an outcome.
    """
    with recorder:
        check_choice(state, STATES, "state")
        check_choice(on_blank, ON_BLANK, "on_blank")
        contacts = Contacts(api, concurrency)
        watch = progress or Progress()

        def apply(items: Sequence[DesiredContact]) -> Sequence[Outcome]:
            outcomes = contacts.run(items, dry_run=dry_run)
            watch.done(len(items))
            return outcomes

        with opened(memory, api.transport.account, dry_run=dry_run) as known:
            rows = recorder.begin(open_rows(Schema(api)), known)
            for part in in_pages(rows, lambda row: desired_row(row, state, on_blank), apply, watch):
                part.stopped_by = part.stopped_by or contacts.stopped_by
                recorder.take(part)
                if part.stopped_by is not None:
                    break
            recorder.end(known)
    return recorder.result


def desired_row(row: Row, state: str = "present", on_blank: str = "clear") -> DesiredContact:
    """One contact of many, from a flat row: EmailAddress, and the fields beside it.

    With ``absent`` the other fields of a row are ignored, so that the rows of a read can be given unchanged.
    ``on_blank``: a blank leaves its field unchanged (``keep``), clears it (``clear``), or is an error (``error``).
    Raises InvalidInput, naming the row's place; sends nothing.
    """
    given = fields.checked_fields(row.fields, row.place)
    email = addresses.checked_address(given.pop(ADDRESS, None), f"{row.place}.{ADDRESS}")
    if state == "absent":
        return DesiredContact(email, present=False, option=row.place)
    blank = [] if on_blank == "clear" else [name for name, value in given.items() if fields.is_empty(value)]
    if blank and on_blank == "error":
        raise InvalidInput("this value is empty, and on_blank is error.", option=f"{row.place}.{blank[0]}")
    kept = {name: value for name, value in given.items() if name not in blank}
    return DesiredContact(email, fields=kept, option=row.place)
