# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What an export reads, as a user names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..api.named import MAILING_LIST, checked
from ..errors import InvalidInput
from ..fields import ADDRESS
from ..runs.options import check_choice

SUBSCRIBERS, CONTACTS, MAILING_LISTS, DRAFT_EMAILS = "subscribers", "contacts", "mailing_lists", "draft_emails"
WHAT = (SUBSCRIBERS, CONTACTS, MAILING_LISTS, DRAFT_EMAILS)
ALL = "all"

SYSTEM_ID = "SystemID"
EXTERNAL_ID = "ExternalID"
# Of an export of contacts: the address as it was asked for, and whether there is a contact.
ASKED, EXISTS = "email", "exists"

# The fields that a record always has, in the order in which they come.
FIRST_FIELDS = {
    SUBSCRIBERS: (SYSTEM_ID, ADDRESS),
    CONTACTS: (ASKED, EXISTS, SYSTEM_ID, ADDRESS),
    MAILING_LISTS: (EXTERNAL_ID, "Name", "Description"),
    DRAFT_EMAILS: (EXTERNAL_ID, "Name", "Description", "Created", "CreatedBy", "Modified", "ModifiedBy"),
}


@dataclass(frozen=True)
class Selection:
    """One of WHAT; ``mailing_list``: an ExternalID or a name, for ``subscribers``.

    ``fields``: names of contact fields, ``("all",)`` for all of them, or None: of contacts all, of subscribers none but
    SystemID and EmailAddress, for which no contact is read.
    Raises InvalidInput for what does not belong together.
    """

    what: str
    mailing_list: str | None = None
    fields: Sequence[str] | None = None

    def __post_init__(self) -> None:
        check_choice(self.what, WHAT, "what")
        if self.what == SUBSCRIBERS:
            if self.mailing_list is None:
                raise InvalidInput("name the list whose subscribers are read.", option="mailing_list")
            checked(self.mailing_list, MAILING_LIST)
        elif self.mailing_list is not None:
            raise InvalidInput("can only be used with what: subscribers.", option="mailing_list")
        if self.fields is None:
            return
        if self.what not in (SUBSCRIBERS, CONTACTS):
            raise InvalidInput("can only be used with what: subscribers or contacts.", option="fields")
        if not self.fields or not all(isinstance(name, str) and name.strip() for name in self.fields):
            raise InvalidInput("name at least one field, or all.", option="fields")
        if ALL in self.fields and len(self.fields) > 1:
            raise InvalidInput("give either all or names of fields, not both.", option="fields")

    @property
    def reads_contacts(self) -> bool:
        """Whether each person's contact is read."""
        return self.what == CONTACTS or self.fields is not None

    @property
    def has_all_fields(self) -> bool:
        """Whether the fields are those that Sentori returns; otherwise they are known in advance."""
        return (self.what == CONTACTS and self.fields is None) or self.fields == (ALL,) or self.fields == [ALL]

    @property
    def columns(self) -> list[str]:
        """The names of a record's values that are known in advance, without repetition."""
        named = () if self.fields is None or self.has_all_fields else self.fields
        return list(dict.fromkeys((*FIRST_FIELDS[self.what], *named)))
