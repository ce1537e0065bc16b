# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows out of the cells of CSV: many at a time, and by the cell only where a look at the whole text finds a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, compress
from operator import itemgetter

from ..characters import BLANKS, WITHOUT_WIDTH, stripped
from ..errors import InvalidInput
from ..fields import ADDRESS
from ._header import Header
from .row import ColumnUse, Table

# What spreadsheets write instead of a value that they could not compute, in English, German, French and Spanish.
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"}
    | {"#GETTING_DATA", "#ERROR!", "#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#VALEUR!", "#NOM?", "#NOMBRE!", "#¡VALOR!"}
)
_ALL_HASHES = re.compile(r"#{4,}")
_SCIENTIFIC = re.compile(r"\A[+-]?[0-9](?:[.,][0-9]+)?E\+[0-9]{2,3}\Z")
# UTF-8 that was read as Windows-1252, and what a program writes for bytes that it could not read.
_DAMAGED = re.compile(
    "\ufffd|[\xc3\xc2][\x80-\xbf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018"
    "\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
)
_DAMAGED_SIGNS = "\ufffd\xc3\xc2"
_ODD_ASCII = "\x0b\x0c\x1c\x1d\x1e\x1f"
_ODD = re.compile(f"[{''.join(one for one in BLANKS if not one.isascii())}{WITHOUT_WIDTH}]")
_FORMULA = re.compile(r'="([^"]*)"')
_AS_TEXT = "Export the column as text."
_POSTCODE = re.compile(r"(?i)zip|post.?(?:al)?.?code|\bplz\b")
_FIRST = itemgetter(0)


class Cells:
    """Makes the rows of one file, and notes in ``use`` which columns have values that a spreadsheet has changed."""

    def __init__(self, header: Header, delimiter: str, use: ColumnUse) -> None:
        self._header = header
        self._use = use
        self._delimiter = delimiter
        # Begins with a blank, which is found fast.
        outside = f'[{re.escape(delimiter)}"\r\n]'
        self._edge = re.compile(f" (?:(?={outside}|$)|(?<={outside} ))")
        self._warned: set[tuple[str, str]] = set()
        self._postcodes = {name: Counter[int]() for name in use.mapped.values() if _POSTCODE.search(name)}

    def rows(self, lines: Sequence[int], records: list[list[str]], text: str) -> Table:
        """The rows of some records, each with the number of its first line; ``text`` contains all of their text."""
        header = self._header
        cells = records
        if header.strip:
            if not text.isascii() and _has_odd(text):
                cells = [list(map(stripped, record)) for record in records]
            elif self._may_have_edges(text, lines):
                # A comma and a blank within quotes look like the edge of a cell.
                flat = list(chain.from_iterable(records))
                if list(map(str.strip, flat)) != flat:
                    cells = [list(map(str.strip, record)) for record in records]
            if "=" in text and '="' in text:
                cells = [list(map(_unwrapped, record)) for record in cells]
        if not all(map(_FIRST, cells)) and not all(map(any, cells)):
            keep = [any(record) for record in cells]
            lines = list(compress(lines, keep))
            records, cells = list(compress(records, keep)), list(compress(cells, keep))
        errors: dict[int, InvalidInput] = {}
        if header.unnamed or set(map(len, cells)) != {header.width}:
            for at, (line, record) in enumerate(zip(lines, cells)):
                refusal = header.refusal(record, f"line {line}")
                if refusal is not None:
                    errors[at] = refusal
            blank = [""] * header.width
            cells = [blank if at in errors else (record + blank)[: header.width] for at, record in enumerate(cells)]
        table = Table(header.fields, header.cells_of(cells), records, "line", lines, errors)
        self._note(table, text)
        return table

    def _may_have_edges(self, text: str, lines: Sequence[int]) -> bool:
        """Whether a cell may begin or end with a blank of ASCII; a cell of several lines may end with a line end."""
        return (
            not isinstance(lines, range)
            or text.startswith(" ")
            or ("\t" in text and (self._delimiter != "\t" or '"\t' in text or '\t"' in text))
            or any(one in text for one in _ODD_ASCII)
            or self._edge.search(text) is not None
        )

    def end(self) -> None:
        """Note what only the whole file shows: postcodes that have lost a zero at their beginning."""
        for name, lengths in self._postcodes.items():
            if lengths[5] > lengths[4] > 0 and set(lengths) == {4, 5}:
                sentence = "has postcodes of four digits among those of five: a spreadsheet may have cut their zeros"
                self._use.warn(f"Column {self._use.column_of(name)} {sentence}. {_AS_TEXT}")

    def _note(self, table: Table, text: str) -> None:
        """Warn about columns; a row with what a spreadsheet writes instead of a value gets an error."""
        if "+" in text and "E+" in text:
            self._look(table, _SCIENTIFIC, f"is in scientific notation, which has cut digits. {_AS_TEXT}")
        if not text.isascii() and any(sign in text for sign in _DAMAGED_SIGNS):
            self._look(table, _DAMAGED, "has damaged letters: an earlier program read another encoding.")
        for name, lengths in self._postcodes.items():
            cell = itemgetter(table.fields.index(name))
            digits = [value for value in map(cell, table.cells) if value]
            if all(value.isdecimal() and value[0] != "0" for value in digits):
                lengths.update(map(len, digits))
            else:
                lengths[0] += 1
        if "#" in text:
            for at, record in enumerate(table.cells):
                for name, value in zip(table.fields, record):
                    if at not in table.errors and (value in _ERRORS or _ALL_HASHES.fullmatch(value)):
                        message = f"{value} is what a spreadsheet writes where it has no value. Correct the cell."
                        table.errors[at] = InvalidInput(message, option=f"{table.places[at]}.{name}")

    def _look(self, table: Table, pattern: re.Pattern[str], sentence: str) -> None:
        """Warn once for each column in which a value has this pattern."""
        for name in table.fields:
            if name == ADDRESS or (name, sentence) in self._warned:
                continue
            cell = itemgetter(table.fields.index(name))
            for at, value in enumerate(map(cell, table.cells)):
                if pattern.search(value):
                    self._warned.add((name, sentence))
                    place = f"the value in {table.places[at]}"
                    self._use.warn(f"Column {self._use.column_of(name)}: {place} {sentence}")
                    break


def _has_odd(text: str) -> bool:
    """Whether a text has a blank or an invisible character that is not of ASCII."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return _ODD.search(text) is not None
    return "\xa0" in text or "\xad" in text or "\x85" in text


def _unwrapped(cell: str) -> str:
    """What the formula ``="00123"`` shows, by which programs keep zeros at the beginning in a spreadsheet."""
    found = _FORMULA.fullmatch(cell)
    return found[1] if found else cell
