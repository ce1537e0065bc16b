# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The operators: a desired state is applied to Sentori, with the fewest possible writes."""

from __future__ import annotations

from .contacts import SentoriContactOperator
from .exports import SentoriExportOperator
from .imports import SentoriImportOperator, SentoriUploadGroupOperator
from .mailing_lists import SentoriSubscribersOperator, SentoriSubscriptionOperator
from .suppressions import SentoriSuppressionsOperator

__all__ = [
    "SentoriContactOperator",
    "SentoriExportOperator",
    "SentoriImportOperator",
    "SentoriSubscribersOperator",
    "SentoriSubscriptionOperator",
    "SentoriSuppressionsOperator",
    "SentoriUploadGroupOperator",
]
