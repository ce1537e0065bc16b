# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Options of a run, checked before anything is read."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import InvalidInput


def check_choice(given: object, choices: Sequence[str], option: str) -> None:
    """Raise InvalidInput, naming ``option``, for anything but one of the choices."""
    if given not in choices:
        raise InvalidInput(f"{given!r} is not one of {', '.join(choices)}.", option=option)


def check_only_with(holds: bool, condition: str, **given: bool) -> None:
    """Raise InvalidInput for an option that is given although the condition does not hold."""
    for option, is_given in given.items():
        if is_given and not holds:
            raise InvalidInput(f"can only be used with {condition}.", option=option)
