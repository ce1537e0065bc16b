# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The value that each assumption has in one sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import SentoriError
from .table import TABLE

_BY_NAME = {assumption.name: assumption for assumption in TABLE}


class Assumptions:
    """One value for each assumption.

    Args:
        chosen: name -> value, for each assumption that does not have its default.

    Raises:
        ValueError: unknown name or value; the message lists the known ones.
    """

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        self.reset(chosen or {})

    def reset(self, chosen: Mapping[str, str]) -> None:
        """Restore the defaults, except for ``chosen``."""
        self._values = {assumption.name: assumption.default for assumption in TABLE}
        self.assume(chosen)

    def assume(self, chosen: Mapping[str, str]) -> None:
        """Switch all of ``chosen``; nothing changes if one name or value is unknown."""
        for name, value in chosen.items():
            _check(name, value)
        self._values.update(chosen)

    def as_dict(self) -> dict[str, str]:
        return dict(self._values)

    def holds(self, name: str, value: str) -> bool:
        """Tell whether ``name`` has ``value``, which must be one of its possible values."""
        _check(name, value)
        return self._values[name] == value

    def decide(self, name: str) -> str:
        """Return the value of ``name``; raise the error if the value is one, such as ``error-106``.

        Raises:
            SentoriError: the error that the value names.
        """
        value = self._values[name]
        if value.startswith("error-"):
            raise SentoriError(int(value.removeprefix("error-")))
        return value


def _check(name: str, value: str) -> None:
    if name not in _BY_NAME:
        raise ValueError(
            f"assume: no assumption is named {name!r}. The assumptions are: {_listed(_BY_NAME)}"
        )
    values = _BY_NAME[name].values
    if value not in values:
        raise ValueError(
            f"assume: {name!r} cannot have the value {value!r}. Its values are: {_listed(values)}"
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
