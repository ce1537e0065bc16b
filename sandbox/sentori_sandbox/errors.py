# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The vendor's error codes (page api-errors) and the exception that carries one."""

from __future__ import annotations

# Code -> HTTP status, Message.
ERRORS: dict[int, tuple[int, str]] = {
    -1: (400, "Bad request"),
    1: (403, "API Key not valid"),
    2: (403, "Failed to set account"),
    3: (403, "Account not found"),
    100: (400, "Email Address not valid"),
    101: (404, "Contact not found"),
    102: (400, "Email Address already in use"),
    103: (400, "Contact Fields not valid"),
    104: (400, "Email Addresses not valid"),
    105: (400, "No Email Address found in Contacts"),
    106: (400, "Email Address is Suppressed"),
    107: (400, "Email Address marked as Bad"),
    200: (404, "Mailing List not found"),
    300: (404, "Document not found"),
    301: (400, "Document is not of expected type"),
    400: (400, "Email is not a draft"),
    # The page lists 401, but its text could not be read: status and Message are a guess.
    401: (400, "Upload Group not found"),
}


class SentoriError(Exception):
    """A refusal by Sentori, with the vendor's Code.

    Args:
        code: a key of ``ERRORS``.
        message: replaces the table's text; api-automation shows that it may differ.
        status: replaces the table's HTTP status.
    """

    def __init__(self, code: int, message: str | None = None, status: int | None = None) -> None:
        table_status, table_message = ERRORS[code]
        self.code = code
        self.status = status or table_status
        self.message = message or table_message
        super().__init__(f"{self.code} {self.message}")


class ImportRunning(SentoriError):
    """Another import is running. v1 documents the 409; for v2.0 it is an assumption."""

    def __init__(self) -> None:
        super().__init__(-1, "A Contact Import Is Already In Progress", 409)
