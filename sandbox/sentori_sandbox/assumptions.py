# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What the vendor leaves open, as named switches: the one table that code, docs and tests read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .errors import SentoriError


@dataclass(frozen=True, slots=True)
class Assumption:
    """One open question, and the answers this sandbox can live by.

    Args:
        name: how the switch is called.
        question: what no vendor page answers.
        values: value -> what then happens; the first is the default.
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
        "Is an error's `Code` a number (api-errors) or a string (api-automation)?",
        {"number": "`101`", "string": '`"101"`'},
    ),
    Assumption(
        "list-system-id",
        "Is `SystemID` in a list's subscribers a string (api-mailinglists) or a number, as in a "
        "contact?",
        {"string": "a string, as in the example", "number": "a number"},
    ),
    Assumption(
        "trailing-slash",
        "Does a trailing slash matter, where the path has none and the page shows one, or the "
        "other way round?",
        {
            "accept": "both forms are the same",
            "redirect": "301 to the page's form",
            "404": "an HTML page with 404",
        },
    ),
    Assumption(
        "empty-segments",
        "What becomes of an empty, blank or dotted path segment?",
        {
            "merged": "it vanishes, as in IIS: an unsubscribe with an empty list id is global",
            "404": "an HTML page with 404",
        },
    ),
    Assumption(
        "path-escapes",
        "Does the server take `%2B`, `%2F` and `%25` in a path? IIS often refuses them.",
        {"accept": "they are decoded once", "404": "an HTML page with 404"},
    ),
    Assumption(
        "undocumented-answers",
        "What do delete, subscribe, unsubscribe and attach answer?",
        {
            "empty": "200, no body",
            "no-content": "204",
            "object": "200, `{}`",
            "null": "200, `null`",
            "contact": "200, the contact; `{}` where there is none",
        },
    ),
    Assumption(
        "add-status",
        "Is the status of a successful add 200, or 201 as in addorupdate?",
        {"200": "200", "201": "201"},
    ),
    Assumption(
        "add-suppressed",
        "Does add (or addorupdate, adding) refuse an address on the Suppression List?",
        {"accepted": "a suppressed contact is added", "error-106": "refused with 106"},
    ),
    Assumption(
        "add-role-based",
        "Does add (or addorupdate, adding) refuse a role-based address?",
        {"accepted": "it is added", "error-100": "refused with 100"},
    ),
    Assumption(
        "update-suppressed",
        "Does update (or addorupdate, updating) refuse a suppressed contact?",
        {"accepted": "it is updated and stays suppressed", "error-106": "refused with 106"},
    ),
    Assumption(
        "update-bad",
        "Does update (or addorupdate, updating) refuse a bad-address contact?",
        {"accepted": "it is updated", "error-107": "refused with 107"},
    ),
    Assumption(
        "clear-bad",
        "Can `IsBadEmailAddress: false` by update or import revive an address?",
        {"clears": "the mark goes", "ignored": "the mark stays, without a word"},
    ),
    Assumption(
        "clear-by-null",
        "What does `null` for a field mean in add, update and addorupdate?",
        {
            "clears": "the field becomes blank",
            "ignored": "the field is left alone",
            "error-103": "refused with 103",
        },
    ),
    Assumption(
        "empty-string",
        'What does `""` for a text field mean in add, update and addorupdate?',
        {
            "stored-as-null": "the field becomes null",
            "stored": 'the field becomes `""`; so do blanks of an import',
            "ignored": "the field is left alone",
            "error-103": "refused with 103",
        },
    ),
    Assumption(
        "field-names",
        "Are the names of Contact Fields case-sensitive?",
        {"exact": "`firstname` is unknown", "any-case": "`firstname` is `FirstName`"},
    ),
    Assumption(
        "field-values",
        "Are values of another JSON type taken?",
        {
            "strict": "refused with 103",
            "lenient": '`"true"`, `1` and `"12"` are taken for true, true or `"1"`, and 12',
        },
    ),
    Assumption(
        "long-text",
        "What becomes of a text of more than 255 characters?",
        {
            "stored": "it is stored whole",
            "truncated": "it is cut to 255 characters, without a word",
            "error-103": "refused with 103",
        },
    ),
    Assumption(
        "read-only-fields",
        "What becomes of a read-only field (`SystemID`, `IsSuppressed`, ...) in a body?",
        {"error-103": "refused with 103", "ignored": "it is left out, without a word"},
    ),
    Assumption(
        "rename-suppressed",
        "Does a rename carry a suppression to the new address?",
        {"stays": "the old address stays suppressed", "moves": "the new one is instead"},
    ),
    Assumption(
        "delete-unknown",
        "What does deleting an unknown contact answer?",
        {"error-101": "refused with 101", "accepted": "as if it had been there"},
    ),
    Assumption(
        "subscribe-unknown",
        "What does subscribing an unknown contact do?",
        {"error-101": "refused with 101", "create": "the contact is added, and subscribed"},
    ),
    Assumption(
        "subscribe-suppressed",
        "What does subscribing a suppressed contact do?",
        {
            "accepted": "subscribed, but no subscriber while suppressed",
            "ignored": "nothing, with the answer of a success",
            "error-106": "refused with 106",
            "unsuppresses": "subscribed, and taken off the Suppression List",
        },
    ),
    Assumption(
        "subscribe-bad",
        "What does subscribing a bad-address contact do?",
        {
            "accepted": "subscribed, but no subscriber while bad",
            "ignored": "nothing, with the answer of a success",
            "error-107": "refused with 107",
        },
    ),
    Assumption(
        "subscribe-again",
        "Does subscribe lift an earlier unsubscribe from the same list?",
        {"subscribes": "subscribed again", "ignored": "nothing, with the answer of a success"},
    ),
    Assumption(
        "unsubscribe-unknown",
        "What does taking an unknown contact off a list do?",
        {"error-101": "refused with 101", "accepted": "nothing, with the answer of a success"},
    ),
    Assumption(
        "unsubscribe-not-member",
        "What does taking a contact off a list that it is not on do?",
        {"accepted": "nothing, with the answer of a success", "error-101": "refused with 101"},
    ),
    Assumption(
        "subscribers-unconfirmed",
        "Are unconfirmed contacts among a list's subscribers?",
        {"included": "they are", "excluded": "they are not"},
    ),
    Assumption(
        "attach-unknown-group",
        "Which error does attaching an unknown Upload Group give?",
        {"error-401": "401, whose text no page shows", "error-300": "300"},
    ),
    Assumption(
        "import-status",
        "Is the status of a successful v2.0 import 200, or 201 as in v1?",
        {"200": "200", "201": "201"},
    ),
    Assumption(
        "import-ragged",
        "What does a v2.0 import do with rows of different shapes?",
        {
            "widest-row": "as v1: the widest row decides the columns, what others lack is blank, "
            "what only others have is lost",
            "all-columns": "all columns count, what a row lacks is blank",
            "row-by-row": "what a row lacks is left alone",
            "error-103": "refused with 103",
        },
    ),
    Assumption(
        "import-blanks",
        "Do blanks in a v2.0 import overwrite stored values?",
        {"overwrite": "as v1: they do", "keep": "the stored value stays"},
    ),
    Assumption(
        "import-null",
        "Is `null` in a v2.0 import a blank?",
        {"blank": 'the same as `""`', "keep": "the stored value stays"},
    ),
    Assumption(
        "import-unknown-field",
        "What does a v2.0 import do with an unknown field?",
        {"error-103": "refused with 103", "ignored": "the column is left out"},
    ),
    Assumption(
        "import-missing-address",
        "What does a v2.0 import do with a row without an address, where others have one?",
        {"invalid": "the row is excluded as invalid", "error-105": "refused with 105"},
    ),
    Assumption(
        "import-empty",
        "What does a v2.0 import of no rows at all answer?",
        {"zeros": "counters of zero", "error-105": "refused with 105"},
    ),
    Assumption(
        "import-duplicates",
        "Which of two rows with the same address wins?",
        {"first": "the first", "last": "the last"},
    ),
    Assumption(
        "import-check-order",
        "What is a row that is a duplicate, and invalid or role-based as well?",
        {"address-first": "invalid or role-based", "duplicate-first": "a duplicate"},
    ),
    Assumption(
        "import-role-based",
        "Which addresses are role-based for an import?",
        {"common": "info@, admin@, sales@ and their like", "none": "none"},
    ),
    Assumption(
        "import-suppressed-new",
        "What does an import do with an address on the Suppression List that has no contact?",
        {
            "suppressed-updated": "a contact is created, counted as `SuppressedUpdated`",
            "emailable-created": "a contact is created, counted as `EmailableRowsCreated`",
            "not-created": "no contact, counted as `SuppressedUpdated`",
        },
    ),
    Assumption(
        "import-while-running",
        "What does a v2.0 import do while another one runs? (v1 documents 409.)",
        {"409": "409 with Code -1", "wait": "it waits for its turn"},
    ),
    Assumption(
        "v1-error-text",
        "Where does a v1 error carry its text?",
        {"reason": "in the HTTP reason phrase, over an empty body", "body": "in a text body"},
    ),
    Assumption(
        "v1-header-names",
        "Which names do the counters of a v1 import have? (They were renamed on 2017-03-07.)",
        {
            "new": "the eight of api-import-contacts",
            "old": "the six before: people with a bad address are in `Rows-To-Update`, role-based "
            "addresses in `Invalid-Emails`",
        },
    ),
)

_BY_NAME = {assumption.name: assumption for assumption in TABLE}


class Assumptions:
    """The world a sandbox lives in: one value for each assumption.

    Args:
        chosen: name -> value, where it is not the default.

    Raises:
        ValueError: a name or value that does not exist; the message names those that do.
    """

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        self.reset(chosen or {})

    def reset(self, chosen: Mapping[str, str]) -> None:
        """Defaults, but for ``chosen``."""
        self._values = {assumption.name: assumption.default for assumption in TABLE}
        self.assume(chosen)

    def assume(self, chosen: Mapping[str, str]) -> None:
        """Switch; all of ``chosen``, or nothing when one of it is wrong."""
        for name, value in chosen.items():
            _check(name, value)
        self._values.update(chosen)

    def as_dict(self) -> dict[str, str]:
        return dict(self._values)

    def holds(self, name: str, value: str) -> bool:
        """Whether ``name`` has ``value``, which must be one it can have."""
        _check(name, value)
        return self._values[name] == value

    def decide(self, name: str) -> str:
        """The value of ``name``; one such as ``error-106`` is raised as that error."""
        value = self._values[name]
        if value.startswith("error-"):
            raise SentoriError(int(value.removeprefix("error-")))
        return value


def _check(name: str, value: str) -> None:
    if name not in _BY_NAME:
        raise ValueError(f"no assumption {name!r}; there are: {_listed(_BY_NAME)}")
    values = _BY_NAME[name].values
    if value not in values:
        raise ValueError(f"assumption {name!r} cannot be {value!r}; it can be: {_listed(values)}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
