# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The columns of an import: which fields its rows set, and to which values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from ..account import Account, Document, Value
from ..errors import SentoriError
from .rules import Row, Rules

_ABSENT = object()


class Columns:
    """The columns of a batch.

    Raises:
        SentoriError: 103 for an unknown field, 105 if there is no column of addresses.
    """

    def __init__(self, account: Account, rows: Sequence[Row], rules: Rules) -> None:
        self._account = account
        self._rules = rules
        self._stores_empty = account.assumptions.holds("empty-string", "stored")
        names = self._names(rows)
        fields = {name: self._field(name) for name in dict.fromkeys(chain.from_iterable(rows))}
        self.address = next((name for name in names if fields[name] == "EmailAddress"), None)
        if self.address is None and (rows or rules.empty == "error-105"):
            raise SentoriError(105)
        self._fields = [
            (name, field)
            for name in names
            if (field := fields[name]) is not None and field != "EmailAddress"
        ]

    def _names(self, rows: Sequence[Row]) -> list[str]:
        if self._rules.ragged == "error-103" and any(row.keys() != rows[0].keys() for row in rows):
            raise SentoriError(103)
        if self._rules.ragged == "widest-row":
            widest: Row = max(rows, key=len, default={})
            return list(widest)
        return list(dict.fromkeys(chain.from_iterable(rows)))

    def _field(self, name: str) -> str | None:
        try:
            return self._account.structure.resolve(name, self._account.assumptions)
        except SentoriError:
            if self._rules.unknown_field == "ignored":
                return None
            raise

    def address_of(self, row: Row) -> str:
        """Return the row's value for EmailAddress as text; empty if it has none."""
        value = row.get(self.address or "")
        if value in (None, "") and self._rules.missing_address == "error-105":
            raise SentoriError(105)
        return "" if value is None else str(value).strip()

    def values(self, row: Row) -> Document:
        """Return the fields that the row sets, with their new values."""
        account, rules = self._account, self._rules
        values: Document = {}
        for name, field in self._fields:
            value = row.get(name, _ABSENT)
            if value is _ABSENT:
                if rules.ragged != "row-by-row" and rules.blanks == "overwrite":
                    values[field] = self._blank(field)
            elif value is None:
                if rules.null == "blank" and rules.blanks == "overwrite":
                    values[field] = self._blank(field)
            elif value == "":
                if rules.blanks == "overwrite":
                    values[field] = self._blank(field)
            else:
                values[field] = account.structure.accept(field, value, account.assumptions)
        return values

    def _blank(self, field: str) -> Value:
        structure = self._account.structure
        is_text = isinstance(structure.examples[field], str)
        return "" if is_text and self._stores_empty else structure.blank(field)
