# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The state of one Sentori account, kept in SQLite.

``Account`` holds its contacts, mailing lists, emails, upload groups, fields and keys. This package
knows nothing of HTTP.
"""

from __future__ import annotations

from .account import Account
from .addresses import address_key, is_role_based, is_valid, valid_address
from .contacts import StoredContact
from .emails import Email
from .fields import Document, Structure, Value, from_text
from .mailing_lists import MailingList

__all__ = [
    "Account",
    "Document",
    "Email",
    "MailingList",
    "StoredContact",
    "Structure",
    "Value",
    "address_key",
    "from_text",
    "is_role_based",
    "is_valid",
    "valid_address",
]
