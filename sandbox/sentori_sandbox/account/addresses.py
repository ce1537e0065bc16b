# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Email addresses: validation, comparison, and the role-based ones."""

from __future__ import annotations

import re

from ..errors import SentoriError

# No vendor page defines role-based: this is a selection of common role names.
ROLE_BASED_LOCAL_PARTS = frozenset(
    (
        *("abuse", "accounts", "admin", "administrator", "billing", "contact", "enquiries"),
        *("help", "helpdesk", "hostmaster", "hr", "info", "jobs", "mail", "marketing"),
        *("newsletter", "no-reply", "noc", "noreply", "office", "postmaster", "press", "root"),
        *("sales", "security", "service", "spam", "subscribe", "support", "sysadmin", "team"),
        *("unsubscribe", "usenet", "webmaster"),
    )
)

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
_LONGEST_ADDRESS = 254


def is_valid(address: str) -> bool:
    """Tell whether ``address`` (without surrounding blanks) is well-formed."""
    return len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None


def valid_address(text: str) -> str:
    """Return ``text`` without surrounding blanks. Raises: SentoriError: 100, if it is invalid."""
    address = text.strip()
    if not is_valid(address):
        raise SentoriError(100)
    return address


def address_key(address: str) -> str:
    """Return the form by which addresses are compared: lower case, no surrounding blanks."""
    return address.strip().lower()


def is_role_based(key: str) -> bool:
    """Tell whether the address with this key belongs to a role, not a person."""
    return key.partition("@")[0] in ROLE_BASED_LOCAL_PARTS
