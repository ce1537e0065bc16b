# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run an import and count the outcomes."""

from __future__ import annotations

from typing import Any

from ..account import Account
from .columns import Columns
from .rows import RowImport
from .rules import Batch, Rules

# Outcome of a row -> its counter in the response (page api-contacts, "Import Contacts").
COUNTERS = {
    "created": "EmailableRowsCreated",
    "updated": "EmailableRowsUpdated",
    "suppressed_updated": "SuppressedUpdated",
    "bad_email_updated": "BadEmailUpdated",
    "duplicate": "ExcludedDuplicates",
    "invalid": "ExcludedInvalidEmail",
    "role_based": "ExcludedRoleBased",
}


def run_import(account: Account, batch: Batch, rules: Rules) -> dict[str, Any]:
    """Import the batch and record the outcome of each row.

    Returns: the counters and UploadGroupExternalID, as v2.0 returns them.

    Raises:
        SentoriError: the batch is refused as a whole; nothing is stored.
    """
    columns = Columns(account, batch.rows, rules)
    row_import = RowImport(account)
    row_import.decide(batch.rows, columns)
    row_import.store()
    upload_group = None
    if row_import.imported:
        upload_group = account.upload_groups.new_id()
        account.upload_groups.add(upload_group, batch.name, batch.description)
    outcomes = [outcome for _, outcome, _ in row_import.outcomes]
    counters = {
        "TotalRows": len(batch.rows),
        **{counter: outcomes.count(outcome) for outcome, counter in COUNTERS.items()},
    }
    account.upload_groups.record_import(
        {"version": batch.version, "upload_group": upload_group, "counters": counters},
        row_import.outcomes,
    )
    return {**counters, "UploadGroupExternalID": upload_group}
