# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that apply the addresses of a list or a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, closing
from typing import TYPE_CHECKING, Any

from ...core.errors import InvalidInput
from ..files import StoredFile
from ..lazy_argument import Emails
from .operator import BulkOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context, ObjectStoragePath, XComArg

    from ...core.rows.row import Rows

OF_SOURCE = ("columns", "delimiter", "encoding", "source_format", "strip")


class AddressesOperator(BulkOperator):
    """An operator with ``emails`` or ``source``; SentoriSubscribersOperator explains the arguments."""

    template_fields: Sequence[str] = ("emails", "source", *OF_SOURCE, *BulkOperator.template_fields)

    def __init__(
        self,
        *,
        emails: Sequence[str] | XComArg | str | None = None,
        source: str | ObjectStoragePath | None = None,
        columns: Mapping[str, str] | None = None,
        delimiter: str | None = None,
        encoding: str | None = None,
        source_format: str | None = None,
        strip: bool | str = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.emails = None if emails is None else Emails(emails)
        self.source = source
        self.columns = columns
        self.delimiter = delimiter
        self.encoding = encoding
        self.source_format = source_format
        self.strip = strip

    def _source_file(self) -> str | None:
        return None if self.source is None else str(self.source)

    def _open_rows(self, context: Context) -> AbstractContextManager[Rows]:
        return closing(self._rows(context))

    def _rows(self, context: Context) -> Rows:
        from ...core.rows import sources

        if (self.emails is None) == (self.source is None):
            raise InvalidInput("give either emails or source.", option="emails")
        reading = {
            option: getattr(self, option)
            for option in ("columns", "delimiter", "encoding", "source_format")
            if getattr(self, option) is not None
        }
        if self.emails is None:
            return sources.open_source(
                StoredFile(self.source or ""), strip=self._boolean("strip"), addresses_only=True, **reading
            )
        if reading or not self._boolean("strip"):
            raise InvalidInput("can only be used with source.", option=next(iter(reading), "strip"))
        return sources.given_addresses(self.emails.value(self, context))
