# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The operator that writes what Sentori knows to a file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ClassVar

from .._internal.bulk.addresses import OF_SOURCE, AddressesOperator
from .._internal.exports.operator import ExportOperator
from .._internal.files import url_of
from ..core.exports.selection import CONTACTS
from ..core.runs.options import check_only_with

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context, ObjectStoragePath

    from ..core.exports.file_form import FileForm
    from ..core.exports.snapshot import Snapshot
    from ..core.rows.row import Rows
    from ..hooks.sentori import SentoriHook

# Columns that a result names, which must stay below 4 KiB in all.
MAX_SHOWN = 50


class SentoriExportOperator(AddressesOperator, ExportOperator):
    """Write the subscribers of a mailing list, or people as Sentori has them, to a file.

    The file is replaced as a whole, and only if its content differs; if anything fails, it stays as it was. The rows
    are sorted by SystemID, so that the same content is the same file. Memory does not grow with the rows. The task
    fails as SentoriImportOperator does, and pushes its result to the XCom key ``sentori_result`` then; it also fails,
    and writes nothing, if somebody could not be read.

    Sentori's API can list neither all contacts nor the Suppression List.

    Returns ``changed``, ``complete``, ``summary`` (``total exported missing duplicate invalid rejected failed``),
    ``dest`` (its URL), ``rows``, ``fields`` (the first 50 columns), ``columns`` (as SentoriImportOperator),
    ``warnings``, ``report`` and ``rejects`` (their URLs, or None), ``api`` and ``plan_only``.

    :param what: ``subscribers`` of ``mailing_list``; ``contacts`` of ``emails`` or ``source``, a row for each, with
        ``email`` as it was given and ``exists``; ``mailing_lists``; ``draft_emails``.
    :param dest: the file: a path or URL as ObjectStoragePath takes it. Its name says the format: CSV (``.csv``) or JSON
        Lines (``.jsonl``), both also compressed (``.gz``). A local file can be read by its owner only.
    :param mailing_list: the mailing list, by its ExternalID, or by its exact name if only one has it. Sentori shows
        only subscribers that can be mailed, no contact that is suppressed or has a bad address.
    :param emails: for ``contacts``, the addresses, as in SentoriSubscribersOperator.
    :param source: for ``contacts``, a file with addresses, as in SentoriSubscribersOperator.
    :param columns: as in SentoriSubscribersOperator.
    :param delimiter: as in SentoriSubscribersOperator.
    :param encoding: as in SentoriSubscribersOperator.
    :param source_format: as in SentoriImportOperator.
    :param strip: as in SentoriImportOperator.
    :param fields: the contact fields to read, or ``all``. If they are not given, all are read of contacts, and of
        subscribers only SystemID and EmailAddress, which takes one request.
    :param safe_for_spreadsheets: put a ``'`` before each cell of CSV that a spreadsheet would run as a formula.
    :param report: as in SentoriImportOperator.
    :param report_addresses: as in SentoriImportOperator.
    :param rejects: as in SentoriImportOperator.
    :param max_rejected: how many addresses may be invalid or rejected: a number, or a percentage such as ``1%``.
    :param plan_only: only read, and return whether the file would be written.
    :param sentori_conn_id: the connection, of type ``sentori``; its ``concurrency`` is the number of reads at once.
    """

    template_fields: Sequence[str] = (
        "dest",
        "safe_for_spreadsheets",
        "what",
        "mailing_list",
        "fields",
        *AddressesOperator.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"columns": "json"}

    def __init__(
        self, *, dest: str | ObjectStoragePath, safe_for_spreadsheets: bool | str = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.dest = dest
        self.safe_for_spreadsheets = safe_for_spreadsheets

    def _files(self) -> dict[str, str | None]:
        return {**super()._files(), "dest": url_of(self.dest, "dest")}

    def _open_people(self, context: Context) -> AbstractContextManager[Rows] | None:
        from .._internal.exports.stored_file import destination

        self._form()
        self._destination = destination(self.dest)
        given = [option for option in ("emails", "source", *OF_SOURCE) if getattr(self, option) not in (None, True)]
        check_only_with(self.what == CONTACTS, "what: contacts", **dict.fromkeys(given, True))
        return self._open_rows(context) if self.what == CONTACTS else None

    def _form(self) -> FileForm:
        from ..core.exports.file_form import form_of

        return form_of(str(self.dest), safe_for_spreadsheets=self._boolean("safe_for_spreadsheets"))

    def _save(self, snapshot: Snapshot, hook: SentoriHook) -> bool:
        from ..core.exports.file import save_to_file

        fields = snapshot.columns[:MAX_SHOWN]
        self._saved = {"dest": url_of(self.dest, "dest"), "rows": len(snapshot), "fields": fields}
        return save_to_file(snapshot, self._destination, self._form(), dry_run=self.is_dry_run)
