# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run an export to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.exports.file import LocalFile, save_to_file
from airflow_provider_sentori.core.exports.file_form import form_of
from airflow_provider_sentori.core.exports.run import export
from airflow_provider_sentori.core.exports.selection import Selection
from airflow_provider_sentori.core.rows.sources import given_addresses
from airflow_provider_sentori.core.runs.outcome import OF_EXPORTS
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.runs.result import RunResult


def exported(
    api: SentoriApi,
    dest: Path,
    what: str,
    *,
    emails: Sequence[Any] | None = None,
    dry_run: bool = False,
    safe: bool = False,
    **selected: Any,
) -> RunResult:
    """Export to ``dest``; ``selected``: mailing_list and fields."""
    form = form_of(str(dest), safe_for_spreadsheets=safe)
    file = LocalFile(str(dest))
    return export(
        api,
        Selection(what, **selected),
        None if emails is None else (lambda: given_addresses(emails)),
        Recorder(OF_EXPORTS),
        lambda snapshot: save_to_file(snapshot, file, form, dry_run=dry_run),
    )
