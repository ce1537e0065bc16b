# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""E-mail addresses: their syntax, what makes two of them the same, and who is no person."""

from __future__ import annotations

import re

# Role-based is a counter of the import that no vendor page defines: the usual suspects.
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
    """Whether ``address`` (without surrounding blanks) is well-formed; non-ASCII is."""
    return len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None


def key_of(address: str) -> str:
    """What is equal for the same address: without case and surrounding blanks."""
    return address.strip().lower()


def is_role_based(key: str) -> bool:
    """Whether the address of this key belongs to a role rather than a person."""
    return key.partition("@")[0] in ROLE_BASED_LOCAL_PARTS
