# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""All errors of this project: one class for each code of Sentori's, and one for each way to get no response.

An error names the operation (``contact/get``), never the address or the key. All errors can be pickled.
Codes: api-errors.
"""

from __future__ import annotations

import copy
from typing import TypeVar

E = TypeVar("E", bound="SentoriError")


class SentoriError(Exception):
    """Base of all errors of this project.

    Attributes: ``message`` (a sentence), ``operation`` (such as ``contact/get``, or None before any
    request), ``status`` (HTTP, or None), ``code`` (Sentori's, or None), ``retry_after`` (seconds, or None).

    The class says what follows from the error:

    - ``retryable``: the same request may succeed a little later;
    - ``ambiguous``: Sentori may have acted on the request;
    - ``overloaded``: Sentori has not acted, and accepts the request after a pause;
    - ``concerns_run``: every other request of this run would fail in the same way.
    """

    retryable = False
    ambiguous = False
    overloaded = False
    concerns_run = False

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        status: int | None = None,
        code: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.status = status
        self.code = code
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.operation}: {self.message}" if self.operation else self.message

    def followed_by(self: E, sentence: str) -> E:
        """The same error, with one more sentence at the end of its message."""
        longer = copy.copy(self)
        longer.message = f"{self.message} {sentence}"
        longer.args = (longer.message,)
        return longer


class InvalidInput(SentoriError):
    """Refused by us before any write; ``option`` names what is wrong (``contacts[3].EmailAddress``)."""

    def __init__(self, message: str, *, option: str | None = None) -> None:
        super().__init__(message)
        self.option = option

    def __str__(self) -> str:
        return f"{self.option}: {self.message}" if self.option else self.message


class MissingSource(InvalidInput):
    """A source of rows cannot be opened now; it may exist later."""

    retryable = True


class MemoryUnavailable(InvalidInput):
    """The memory of earlier runs is in use by another run, or cannot be reached; it may be free later."""

    retryable = True


class NoConnection(SentoriError):
    """The host was not reached: the request cannot have arrived."""

    retryable = True
    concerns_run = True


class CertificateRefused(SentoriError):
    """The TLS certificate of the host is not trusted; nothing was sent."""

    concerns_run = True


class NoResponse(SentoriError):
    """The request may have arrived, but no complete response came back (timeout, reset)."""

    retryable = True
    ambiguous = True


class NotSentori(SentoriError):
    """The server that responded does not speak Sentori's API, and nothing suggests that Sentori saw the request."""


class Intercepted(NotSentori):
    """A redirect, or a refusal (401, 403, 407) that is not Sentori's own: every request would meet it."""

    concerns_run = True


class UnreadableResponse(SentoriError):
    """A success that is not a response of Sentori (HTML, half a JSON document): Sentori may have acted all the same."""

    retryable = True
    ambiguous = True


class ServerError(SentoriError):
    """A 5xx that does not tell whether Sentori acted (500, 502, 504, or 503 without Retry-After)."""

    retryable = True
    ambiguous = True


class Overloaded(SentoriError):
    """429, or 503 with Retry-After: Sentori has not acted, and asks for a pause."""

    retryable = True
    overloaded = True


class NoEffect(SentoriError):
    """Sentori answered with a success, and a read shows that nothing has changed."""


class SourceInterrupted(SentoriError):
    """A source of rows failed in the middle; it may be complete later."""

    retryable = True


class Stopped(SentoriError):
    """The run was stopped from outside, such as by SIGTERM, before this request."""

    retryable = True
    concerns_run = True


class ImportInProgress(SentoriError):
    """409: another import is running (api-import-contacts); this one has not begun."""

    retryable = True
    overloaded = True


class ApiError(SentoriError):
    """Sentori's own ``{"Code", "Message"}``; an unknown code is a plain ApiError."""

    advice: str | None = None

    @property
    def is_about_a_person(self) -> bool:
        """Whether Sentori refused one address or row, and would accept others."""
        return self.code in ABOUT_A_PERSON


class BadRequest(ApiError):
    """-1: Sentori could not read the request."""


class _AccountError(ApiError):
    concerns_run = True


class ApiKeyNotValid(_AccountError):
    """1: the key opens no account."""

    advice = "Sentori does not know this API key: compare api_key with the key under Settings, API."


class AccountNotAccessible(_AccountError):
    """2: the key looks right, but its account cannot be accessed."""

    advice = "The account of this API key cannot be opened at the moment: ask Sentori's support."


class AccountNotFound(_AccountError):
    """3: the key looks right, but its account does not exist."""

    advice = "The account of this API key does not exist any more: use a key of an existing account."


class EmailAddressNotValid(ApiError):
    """100: the syntax of the address."""


class ContactNotFound(ApiError):
    """101: no contact has this address."""


class EmailAddressInUse(ApiError):
    """102: another contact has the address."""


class ContactFieldsNotValid(ApiError):
    """103: field names or values are not valid for this account."""


class EmailAddressesDiffer(ApiError):
    """104: the addresses of URI and body must match."""


class NoEmailAddressField(ApiError):
    """105: the import could not find the address field."""


class EmailAddressSuppressed(ApiError):
    """106: the address is on the account's Suppression List."""


class EmailAddressBad(ApiError):
    """107: the contact is marked as a bad address."""


class MailingListNotFound(ApiError):
    """200: no mailing list has this ID."""

    concerns_run = True


class DocumentNotFound(ApiError):
    """300: no document has this ID."""


class DocumentTypeNotExpected(ApiError):
    """301: for example an SMS where an email is expected."""


class NotADraft(ApiError):
    """400: the email is not a draft."""


BY_CODE: dict[int, type[ApiError]] = {
    -1: BadRequest,
    1: ApiKeyNotValid,
    2: AccountNotAccessible,
    3: AccountNotFound,
    100: EmailAddressNotValid,
    101: ContactNotFound,
    102: EmailAddressInUse,
    103: ContactFieldsNotValid,
    104: EmailAddressesDiffer,
    105: NoEmailAddressField,
    106: EmailAddressSuppressed,
    107: EmailAddressBad,
    200: MailingListNotFound,
    300: DocumentNotFound,
    301: DocumentTypeNotExpected,
    400: NotADraft,
}


# Verdicts about one person: the address (100, 104, 105), whether a contact has it (101, 102), the fields (103), and
# whether it can be mailed (106, 107). All other codes concern the key, a list, a draft, or the request as such.
ABOUT_A_PERSON = frozenset({100, 101, 102, 103, 104, 105, 106, 107})


def api_error(operation: str, status: int, code: int, message: str) -> ApiError:
    """The error for a response with one of Sentori's codes; ``message`` is Sentori's text, already redacted."""
    kind = BY_CODE.get(code, ApiError)
    verdict = f"Sentori said: {message} (code {code}, HTTP {status})."
    sentence = f"{kind.advice} {verdict}" if kind.advice else verdict
    return kind(sentence, operation=operation, status=status, code=code)
