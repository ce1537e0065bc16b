# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The table of assumptions: each open question, its possible answers and the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumption:
    """One open question and the answers that the sandbox can give.

    Args:
        name: of the switch.
        question: what the vendor's pages do not answer.
        values: value -> what the sandbox then does; the first is the default.
    """

    name: str
    question: str
    values: Mapping[str, str]

    @property
    def default(self) -> str:
        return next(iter(self.values))


TABLE: tuple[Assumption, ...] = (
    Assumption(
        "code-type",
        "Is the `Code` of an error a number (api-errors) or a string (api-automation)?",
        {"number": "`101`", "string": '`"101"`'},
    ),
    Assumption(
        "list-system-id",
        "Is `SystemID` of a list's subscriber a string (api-mailinglists) or a number, as in a "
        "contact?",
        {"string": "a string, as in the vendor's example", "number": "a number"},
    ),
    Assumption(
        "trailing-slash",
        "Does a missing or an additional trailing slash matter?",
        {
            "accept": "both forms work",
            "redirect": "301 to the documented form",
            "404": "404 with an HTML page",
        },
    ),
    Assumption(
        "empty-segments",
        "What happens to an empty, blank or dotted path segment?",
        {
            "merged": "it is removed, as IIS does: an unsubscribe with an empty list ID is global",
            "404": "404 with an HTML page",
        },
    ),
    Assumption(
        "path-escapes",
        "Does the server accept `%2B`, `%2F` and `%25` in a path? IIS often refuses them.",
        {"accept": "they are decoded once", "404": "404 with an HTML page"},
    ),
    Assumption(
        "undocumented-answers",
        "What do delete, subscribe, unsubscribe and attach return?",
        {
            "empty": "200 without a body",
            "no-content": "204",
            "object": "200 with `{}`",
            "null": "200 with `null`",
            "contact": "200 with the contact, or `{}` if there is no contact",
        },
    ),
    Assumption(
        "add-status",
        "Does a successful add return 200, or 201 as addorupdate does?",
        {"200": "200", "201": "201"},
    ),
    Assumption(
        "add-suppressed",
        "Does add (or an addorupdate that adds) refuse an address on the suppression list?",
        {"accepted": "a suppressed contact is added", "error-106": "refused with 106"},
    ),
    Assumption(
        "add-role-based",
        "Does add (or an addorupdate that adds) refuse a role-based address?",
        {"accepted": "the contact is added", "error-100": "refused with 100"},
    ),
    Assumption(
        "update-suppressed",
        "Does update (or an addorupdate that updates) refuse a suppressed contact?",
        {
            "accepted": "the contact is updated and stays suppressed",
            "error-106": "refused with 106",
        },
    ),
    Assumption(
        "update-bad",
        "Does update (or an addorupdate that updates) refuse a contact with a bad address?",
        {"accepted": "the contact is updated", "error-107": "refused with 107"},
    ),
    Assumption(
        "clear-bad",
        "Does `IsBadEmailAddress: false` in an update or import clear the bad-address mark?",
        {"clears": "the mark is cleared", "ignored": "the mark stays; the call succeeds"},
    ),
    Assumption(
        "clear-by-null",
        "What does `null` as a field's value do in add, update and addorupdate?",
        {
            "clears": "the field becomes blank",
            "ignored": "the field is unchanged",
            "error-103": "refused with 103",
        },
    ),
    Assumption(
        "empty-string",
        'What does `""` as a text field\'s value do in add, update and addorupdate?',
        {
            "stored-as-null": "the field becomes null",
            "stored": 'the field becomes `""`; blanks of an import are stored as `""` too',
            "ignored": "the field is unchanged",
            "error-103": "refused with 103",
        },
    ),
    Assumption(
        "field-names",
        "Are the names of contact fields case-sensitive?",
        {"exact": "`firstname` is unknown", "any-case": "`firstname` means `FirstName`"},
    ),
    Assumption(
        "field-values",
        "Does a field accept a value of another JSON type?",
        {
            "strict": "refused with 103",
            "lenient": '`"true"` becomes true, `1` becomes true or `"1"`, `"12"` becomes 12',
        },
    ),
    Assumption(
        "long-text",
        "What happens to a text of more than 255 characters?",
        {
            "stored": "it is stored whole",
            "truncated": "it is cut to 255 characters; the call succeeds",
            "error-103": "refused with 103",
        },
    ),
    Assumption(
        "read-only-fields",
        "What happens to a read-only field (`SystemID`, `IsSuppressed`, ...) in a body?",
        {"error-103": "refused with 103", "ignored": "it is ignored; the call succeeds"},
    ),
    Assumption(
        "rename-suppressed",
        "Does a rename move the suppression to the new address?",
        {
            "stays": "the old address stays suppressed",
            "moves": "the new address is suppressed instead",
        },
    ),
    Assumption(
        "delete-unknown",
        "What does deleting an unknown contact return?",
        {"error-101": "refused with 101", "accepted": "the response of a success"},
    ),
    Assumption(
        "subscribe-unknown",
        "What does subscribing an unknown contact do?",
        {"error-101": "refused with 101", "create": "the contact is added and subscribed"},
    ),
    Assumption(
        "subscribe-suppressed",
        "What does subscribing a suppressed contact do?",
        {
            "accepted": "subscribed, but not among the subscribers while suppressed",
            "ignored": "nothing; the call succeeds",
            "error-106": "refused with 106",
            "unsuppresses": "subscribed and removed from the suppression list",
        },
    ),
    Assumption(
        "subscribe-bad",
        "What does subscribing a contact with a bad address do?",
        {
            "accepted": "subscribed, but not among the subscribers while the address is bad",
            "ignored": "nothing; the call succeeds",
            "error-107": "refused with 107",
        },
    ),
    Assumption(
        "subscribe-again",
        "Does subscribe undo an earlier unsubscribe from the same list?",
        {"subscribes": "subscribed again", "ignored": "nothing; the call succeeds"},
    ),
    Assumption(
        "unsubscribe-unknown",
        "What does unsubscribing an unknown contact from a list do?",
        {"error-101": "refused with 101", "accepted": "nothing; the call succeeds"},
    ),
    Assumption(
        "unsubscribe-not-member",
        "What does unsubscribing a contact from a list that does not have it do?",
        {"accepted": "nothing; the call succeeds", "error-101": "refused with 101"},
    ),
    Assumption(
        "subscribers-unconfirmed",
        "Do a list's subscribers include unconfirmed contacts?",
        {"included": "yes", "excluded": "no"},
    ),
    Assumption(
        "attach-unknown-group",
        "Which error does attaching an unknown upload group return?",
        {"error-401": "401, whose text is not documented", "error-300": "300"},
    ),
    Assumption(
        "import-status",
        "Does a successful v2.0 import return 200, or 201 as v1 does?",
        {"200": "200", "201": "201"},
    ),
    Assumption(
        "import-ragged",
        "What does a v2.0 import do if its rows have different fields?",
        {
            "widest-row": "as v1: the row with the most fields decides the columns; a missing "
            "value is blank, an additional one is ignored",
            "all-columns": "the fields of all rows are columns; a missing value is blank",
            "row-by-row": "a field that a row does not have is unchanged",
            "error-103": "refused with 103",
        },
    ),
    Assumption(
        "import-blanks",
        "Do blanks in a v2.0 import overwrite stored values?",
        {"overwrite": "yes, as in v1", "keep": "no: the stored value stays"},
    ),
    Assumption(
        "import-null",
        "Is `null` in a v2.0 import a blank?",
        {"blank": 'yes, the same as `""`', "keep": "no: the stored value stays"},
    ),
    Assumption(
        "import-unknown-field",
        "What does a v2.0 import do with an unknown field?",
        {"error-103": "refused with 103", "ignored": "the column is ignored"},
    ),
    Assumption(
        "import-missing-address",
        "What does a v2.0 import do if a row has no address and others have one?",
        {"invalid": "the row is excluded as invalid", "error-105": "refused with 105"},
    ),
    Assumption(
        "import-empty",
        "What does a v2.0 import without rows return?",
        {"zeros": "counters of zero", "error-105": "refused with 105"},
    ),
    Assumption(
        "import-duplicates",
        "Which of two rows with the same address is imported?",
        {"first": "the first", "last": "the last"},
    ),
    Assumption(
        "import-check-order",
        "How is a row counted that is a duplicate and also invalid or role-based?",
        {"address-first": "as invalid or role-based", "duplicate-first": "as a duplicate"},
    ),
    Assumption(
        "import-role-based",
        "Which addresses does an import exclude as role-based?",
        {"common": "info@, admin@, sales@ and similar ones", "none": "none"},
    ),
    Assumption(
        "import-suppressed-new",
        "What does an import do with an address on the suppression list that has no contact?",
        {
            "suppressed-updated": "creates a contact, counts it as `SuppressedUpdated`",
            "emailable-created": "creates a contact, counts it as `EmailableRowsCreated`",
            "not-created": "creates no contact, counts the row as `SuppressedUpdated`",
        },
    ),
    Assumption(
        "import-while-running",
        "What does a v2.0 import do while another import runs? (v1 documents 409.)",
        {"409": "409 with Code -1", "wait": "it waits until the other import ends"},
    ),
    Assumption(
        "v1-error-text",
        "Where is the text of a v1 error?",
        {"reason": "in the HTTP reason phrase; the body is empty", "body": "in a text body"},
    ),
    Assumption(
        "v1-header-names",
        "Which header names do the counters of a v1 import have? (Renamed on 2017-03-07.)",
        {
            "new": "the eight of api-import-contacts",
            "old": "the six earlier ones: `Rows-To-Update` includes bad addresses, "
            "`Invalid-Emails` includes role-based ones",
        },
    ),
)
