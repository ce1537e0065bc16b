# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which column of a source holds which contact field."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import compress
from operator import itemgetter
from typing import Any, Callable, NamedTuple, Protocol

from ..errors import InvalidInput
from ..fields import ADDRESS, READ_ONLY, Contact, FieldValue, hint
from .row import ColumnUse, Row

# A table of one shape needs one entry; rows with ever other names must not fill the memory.
_MAX_SHAPES = 1000
_MAX_NAMES = 20
# The column that rejects add (runs.rejects): their file is a source like any other.
REASON = "_reason"
Records = Sequence[Sequence[Any]]
_ADDRESS_NAMES = frozenset({"email", "emailaddress", "emailadresse", "mail", "mailaddress", "mailadresse"})


class FieldNames(Protocol):
    """The names of an account's fields: those that are known already, and all after one request."""

    @property
    def remembered(self) -> Collection[str]:
        """Names that need no request."""

    def load(self) -> Collection[str]:
        """All names; the first call sends a request."""


class Fit(NamedTuple):
    """The field of each imported column, and which columns are imported (None: all)."""

    fields: list[str]
    taken: list[bool] | None


class Columns:
    """``columns`` as a user gave them: column name -> field name.

    A column that is not mapped is the field of its own name, if the account has it (``schema``; None: any name is a
    field). Other columns are refused, or left out with ``ignore_unmapped``. The column ``_reason`` is always left out.
    """

    def __init__(
        self,
        columns: Mapping[str, str] | None = None,
        ignore_unmapped: bool = False,
        schema: FieldNames | None = None,
        *,
        addresses_only: bool = False,
    ) -> None:
        """Raises InvalidInput if ``columns`` does not map names to names of existing fields."""
        self._columns = _checked(columns or {})
        self._ignore_unmapped = ignore_unmapped
        self._schema = schema
        self._addresses_only = addresses_only
        self.use = ColumnUse()
        self._fits: dict[tuple[object, ...], Fit] = {}
        for column, field in self._columns.items():
            if not self._is_known(field):
                message = f"this account has no field named {field}.{self._hints([field])}"
                raise InvalidInput(message, option=f"columns.{column}")

    @property
    def takes_all(self) -> bool:
        """Whether each column must hold a field."""
        return not self._ignore_unmapped and not self._addresses_only

    def is_address(self, name: str) -> bool:
        """Whether the column of this name holds the addresses."""
        return self._columns.get(name, name) == ADDRESS

    def table(self, names: Sequence[str], option: str) -> tuple[list[str], Callable[[Records], Records]]:
        """The fields of a table with these columns, and a function that picks their cells out of its records.

        A column without a name holds no field. Raises InvalidInput, also if ``columns`` names a column that is missing.
        """
        missing = [column for column in self._columns if column not in names]
        if missing:
            message = f"the source has no column {listed(missing)}. Its columns: {listed(names)}."
            raise InvalidInput(message, option="columns")
        named = [at for at, name in enumerate(names) if name != ""]
        fields, taken = self._fit([names[at] for at in named], option)
        if taken is None and len(named) == len(names):
            return fields, lambda records: records
        pick = named if taken is None else list(compress(named, taken))
        if len(pick) == 1:
            return fields, lambda records: [(record[pick[0]],) for record in records]
        values = itemgetter(*pick)
        return fields, lambda records: list(map(values, records))

    def row(self, place: str, given: Mapping[str, FieldValue]) -> Row:
        """A row that names its own columns, with an ``error`` if they do not fit."""
        try:
            return Row(place, self._fields_of(given, place), given)
        except InvalidInput as refusal:
            return Row(place, {}, given, refusal)

    def _fields_of(self, row: Mapping[str, FieldValue], place: str) -> Contact:
        """The fields of a row; a column that it lacks is a field left out. Raises InvalidInput, naming ``place``."""
        shape = tuple(row)
        fit = self._fits.get(shape)
        if fit is None:
            fit = self._fit(shape, place)
            if len(self._fits) >= _MAX_SHAPES:
                self._fits.clear()
            self._fits[shape] = fit
        values: Iterable[FieldValue] = row.values()
        return dict(zip(fit.fields, values if fit.taken is None else compress(values, fit.taken)))

    def _is_known(self, field: str) -> bool:
        schema = self._schema
        if schema is None or field == ADDRESS or field in READ_ONLY:
            return True
        return field in schema.remembered or field in schema.load()

    def _hints(self, names: Sequence[str], taken: Sequence[str] = ()) -> str:
        free = [] if self._schema is None else [field for field in self._schema.load() if field not in taken]
        return "".join(dict.fromkeys(hint(name, free) for name in names[:_MAX_NAMES]))

    def _fit(self, names: Sequence[str], option: str) -> Fit:
        if any(not isinstance(name, str) or not name.strip() for name in names):
            raise InvalidInput("the name of a column is empty, or not a text.", option=option)
        fields = [self._columns.get(name, name) for name in names]
        if ADDRESS not in fields:
            raise InvalidInput(f"no column holds {ADDRESS}. {_address_advice(names)}", option=option)
        taken = [name != REASON and self._is_taken(field) for name, field in zip(names, fields)]
        unmapped = [name for name, is_taken in zip(names, taken) if not is_taken and name != REASON]
        if unmapped and self.takes_all:
            raise InvalidInput(
                f"this account has no field named {listed(unmapped)}.{self._hints(unmapped, fields)}"
                " Map the columns to import with columns, and leave out the rest with ignore_unmapped: true.",
                option=option,
            )
        fields = list(compress(fields, taken))
        for field in fields:
            if fields.count(field) > 1:
                sources = [name for name in names if self._columns.get(name, name) == field]
                raise InvalidInput(f"several columns are mapped to field {field}: {listed(sources)}.", option=option)
        self._note(zip(compress(names, taken), fields), unmapped, fields)
        return Fit(fields, None if all(taken) else taken)

    def _is_taken(self, field: str) -> bool:
        return field == ADDRESS if self._addresses_only else self._is_known(field)

    def _note(self, mapped: Iterable[tuple[str, str]], ignored: Sequence[str], fields: Collection[str]) -> None:
        """Note what becomes of columns; an ignored one whose name is nearly that of a field is probably misspelt."""
        for name in self.use.add(mapped, ignored):
            free = [] if self._schema is None or self._addresses_only else self._schema.load()
            field = _near_miss(name, [field for field in free if field not in fields and field not in READ_ONLY])
            if field is not None:
                column = listed([name])
                example = f"columns: {{{_yaml(name)}: {field}}}"
                self.use.warn(f"Column {column} is ignored. Did you mean the field {field}? Map it: {example}.")


def listed(names: Iterable[object]) -> str:
    """Names of columns for a message: not too many, not too long, with visible blanks around them."""
    shown = [str(name)[:60] for name in names]
    plain = [name if name.isprintable() and name == name.strip() else repr(name) for name in shown]
    more = f" and {len(plain) - _MAX_NAMES} more" if len(plain) > _MAX_NAMES else ""
    return ", ".join(plain[:_MAX_NAMES]) + more


def check_names(names: Sequence[str], option: str) -> None:
    """Raise InvalidInput, naming ``option``, if two columns have the same name."""
    repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if repeated:
        message = (
            f"column {listed(repeated)} appears twice."
            if len(repeated) == 1
            else (f"columns {listed(repeated)} appear more often than once.")
        )
        raise InvalidInput(message, option=option)


def may_be_address(name: str) -> bool:
    """Whether a column of this name probably holds addresses."""
    return re.sub("[^a-z]", "", name.lower()) in _ADDRESS_NAMES


def _near_miss(name: str, fields: Collection[str]) -> str | None:
    """The field whose name differs from this one only by case, blanks and signs, or by a typing error."""
    import difflib

    plain = {_letters(field): field for field in fields}
    near = difflib.get_close_matches(_letters(name), plain, n=1, cutoff=0.8)
    return plain[near[0]] if near else None


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def _yaml(name: str) -> str:
    """A name as it is written in YAML."""
    return name if re.fullmatch(r"[^\W\d_][\w-]*(?: [\w-]+)*", name) else json.dumps(name, ensure_ascii=False)


def _checked(columns: object) -> dict[str, str]:
    if not isinstance(columns, Mapping):
        raise InvalidInput("this is not a mapping of column names to field names.", option="columns")
    for column, field in columns.items():
        if not isinstance(column, str) or not isinstance(field, str) or not field.strip():
            raise InvalidInput("the name of the field is missing.", option=f"columns.{column}")
    return dict(columns)


def _address_advice(names: Sequence[str]) -> str:
    if re.match(r"[\[{]", "".join(names)):
        return "This looks like JSON: set source_format: json."
    likely = [name for name in names if may_be_address(name)]
    if likely:
        return f"Map it: columns: {{{_yaml(likely[0])}: {ADDRESS}}}."
    return f"Map the column with the addresses to it with columns. The columns: {listed(names)}."
