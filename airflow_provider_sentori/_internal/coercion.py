# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Values from connections and templates, where everything may have become text."""

from __future__ import annotations

from ..core.errors import InvalidInput
from ..core.fields import FALSE_WORDS, TRUE_WORDS


def boolean(value: object, option: str) -> bool:
    """True or False, also from their words. Raises InvalidInput, naming ``option``."""
    word = str(value).strip().lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise InvalidInput(f"{value!r} is neither true nor false.", option=option)
    return word in TRUE_WORDS


def number(value: object, option: str) -> float:
    """A number, also from its digits. Raises InvalidInput, naming ``option``."""
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        try:
            return float(value)
        except ValueError:
            pass
    raise InvalidInput(f"{value!r} is not a number, such as 30 or 2.5.", option=option)


def integer(value: object, option: str) -> int:
    """A whole number, also from its digits. Raises InvalidInput, naming ``option``."""
    found = number(value, option)
    if not found.is_integer():
        raise InvalidInput(f"{value!r} is not a whole number, such as 8.", option=option)
    return int(found)


def string(value: object, option: str) -> str:
    """A text without the blanks around it. Raises InvalidInput, naming ``option``."""
    if not isinstance(value, str):
        raise InvalidInput(f"{value!r} is not a text.", option=option)
    return value.strip()
