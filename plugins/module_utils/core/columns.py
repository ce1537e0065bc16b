# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which column of a source holds which Contact Field, and what to say where none does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from .errors import InvalidInput
from .fields import ADDRESS, Contact, FieldValue, hint

# A table of one shape needs one entry; rows with ever other names must not fill the memory.
_SHAPES_REMEMBERED = 1000
_NAMES_SHOWN = 20
_ADDRESS_NAMES = frozenset({"email", "emailaddress", "emailadresse", "mail", "mailaddress", "mailadresse"})


class Fit(NamedTuple):
    """The field of each column taken, and which columns are (None: all)."""

    fields: list[str]
    taken: list[bool] | None


class Columns:
    """``columns`` as a user gave them: column name -> field name.

    A column that they do not name is the field of its own name, if ``known_fields`` holds that (None: it holds any
    name). Other columns are refused, or left out if ``ignore_unmapped``.
    """

    def __init__(
        self,
        columns: Mapping[str, str] | None = None,
        ignore_unmapped: bool = False,
        known_fields: Collection[str] | None = None,
    ) -> None:
        """Raises InvalidInput where ``columns`` is no mapping of names to names of fields that there are."""
        self._columns = _checked(columns or {})
        self._ignore_unmapped = ignore_unmapped
        self._known = known_fields
        self._fits: dict[tuple[object, ...], Fit] = {}
        for column, field in self._columns.items():
            if not self._is_known(field):
                raise InvalidInput(
                    f"this account has no field {field}.{self._hints([field])}", option=f"columns.{column}"
                )

    def fit_header(self, names: Sequence[str], option: str) -> Fit:
        """What the columns of a table hold. Raises InvalidInput also where ``columns`` names one that is missing."""
        missing = [column for column in self._columns if column not in names]
        if missing:
            raise InvalidInput(f"there is no column {listed(missing)}. There are {listed(names)}.", option="columns")
        return self._fit(names, option, "")

    def fields_of(self, row: Mapping[str, FieldValue], option: str, place: str = "") -> Contact:
        """A row that names its own columns, by fields; one that it lacks is a field left out.

        Raises InvalidInput, naming ``option`` and then ``place``.
        """
        shape = tuple(row)
        fit = self._fits.get(shape)
        if fit is None:
            fit = self._fit(shape, option, f"{place}: " if place else "")
            if len(self._fits) >= _SHAPES_REMEMBERED:
                self._fits.clear()
            self._fits[shape] = fit
        values: Iterable[FieldValue] = row.values()
        return dict(zip(fit.fields, values if fit.taken is None else compress(values, fit.taken)))

    def _is_known(self, field: str) -> bool:
        return self._known is None or field == ADDRESS or field in self._known

    def _hints(self, names: Sequence[str], taken: Sequence[str] = ()) -> str:
        free = [field for field in self._known or () if field not in taken]
        return "".join(dict.fromkeys(hint(name, free) for name in names[:_NAMES_SHOWN]))

    def _fit(self, names: Sequence[str], option: str, before: str) -> Fit:
        if any(not isinstance(name, str) or not name.strip() for name in names):
            raise InvalidInput(f"{before}the name of a column is empty, or is no text.", option=option)
        fields = [self._columns.get(name, name) for name in names]
        if ADDRESS not in fields:
            raise InvalidInput(f"{before}no column is {ADDRESS}. {_address_advice(names)}", option=option)
        taken = [self._is_known(field) for field in fields]
        unmapped = [name for name, is_taken in zip(names, taken) if not is_taken]
        if unmapped and not self._ignore_unmapped:
            advice = "Map by columns what is to be imported, and set ignore_unmapped: true to leave out the rest."
            raise InvalidInput(
                f"{before}no field of this account goes by the name of {listed(unmapped)}."
                f"{self._hints(unmapped, fields)} {advice}",
                option=option,
            )
        fields = list(compress(fields, taken))
        for field in fields:
            if fields.count(field) > 1:
                sources = [name for name in names if self._columns.get(name, name) == field]
                raise InvalidInput(f"{before}the field {field} has several columns: {listed(sources)}.", option=option)
        return Fit(fields, taken if unmapped else None)


def listed(names: Iterable[object]) -> str:
    """Names of columns for a message: not too many, not too long, and blanks around them to be seen."""
    shown = [str(name)[:60] for name in names]
    plain = [name if name.isprintable() and name == name.strip() else repr(name) for name in shown]
    more = f" and {len(plain) - _NAMES_SHOWN} more" if len(plain) > _NAMES_SHOWN else ""
    return ", ".join(plain[:_NAMES_SHOWN]) + more


def _checked(columns: object) -> dict[str, str]:
    if not isinstance(columns, Mapping):
        raise InvalidInput("a mapping of column names to field names is needed.", option="columns")
    for column, field in columns.items():
        if not isinstance(column, str) or not isinstance(field, str) or not field.strip():
            raise InvalidInput("the name of a field is needed.", option=f"columns.{column}")
    return dict(columns)


def _address_advice(names: Sequence[str]) -> str:
    likely = [name for name in names if re.sub("[^a-z]", "", name.lower()) in _ADDRESS_NAMES]
    if likely:
        return f"Map it: columns: {{{likely[0]}: {ADDRESS}}}."
    if len(names) == 1 and re.search("[;\t|,]", names[0]):
        return "All names stand in one column: give the character between them as delimiter."
    return f"Map the column that holds the addresses to it by columns. There are {listed(names)}."
