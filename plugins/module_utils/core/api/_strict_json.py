# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""JSON without what Sentori cannot mean, and Python would accept.

Refused: NaN and infinite numbers, numbers of absurd length, a key that appears twice, half of a character (a lone
surrogate). Contacts hold single values only, and a SystemID is a positive whole number.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

MAX_DIGITS = 400

_BLANK = " \t\r\n\ufeff"
_SYSTEM_ID = re.compile(r"0*[1-9][0-9]{0,17}")
# Only an escape can stand for half of a character: UTF-8 has none.
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
# Of values that are not numbers with a fraction or an exponent, which may be infinite.
_SINGLE = {str, int, bool, type(None)}
_LONG_NUMBER = re.compile(f"[0-9]{{{MAX_DIGITS}}}")
_LATE_COLON = re.compile(r'"\s+:')


class NotMeant(ValueError):
    """Sentori cannot mean this; the text says what is wrong, without any value."""


def document(body: bytes) -> Any:
    """What a JSON document in UTF-8 holds. Raises NotMeant."""
    try:
        text = body.decode().strip(_BLANK)
        found, end = decoded(text, 0)
    except NotMeant:
        raise
    except UnicodeDecodeError:
        raise NotMeant("it is not UTF-8") from None
    except RecursionError:
        raise NotMeant("it is nested too deeply") from None
    except ValueError:
        raise NotMeant("it is malformed") from None
    if end != len(text):
        raise NotMeant("something follows it")
    return found


def decoded(text: str, start: int) -> tuple[Any, int]:
    """The value at ``start``, and where it ends. Raises NotMeant, or another ValueError if it is malformed or cut."""
    found, end = _DECODER.raw_decode(text, start)
    if _SURROGATE_ESCAPE.search(text, start, end):
        try:
            json.dumps(found, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise NotMeant("a text contains half of a character") from None
    return found, end


def decoded_objects(text: str) -> list[dict[str, Any]]:
    """The objects of an array. Raises as ``decoded``; ValueError if it holds anything else.

    The plain decoder takes a third of the time. What it found is kept if it can hold nothing that is refused.
    """
    found, end = _PLAIN_DECODER.raw_decode(text)
    if end != len(text) or not {*map(type, found)} <= {dict}:
        raise ValueError("it holds something other than objects")
    if not _is_innocent(text, found):
        found = decoded(text, 0)[0]
    return list(found)


def _is_innocent(text: str, found: Sequence[dict[str, Any]]) -> bool:
    """Whether all values are texts or short numbers, and no key can be missing since it came twice.

    Each key has a colon, so that there are as many colons as keys, or more, which texts contain. Most colons that are
    not a key's do not follow a quote.
    """
    types = {*map(type, chain.from_iterable(map(dict.values, found)))}
    if not types <= _SINGLE or (int in types and _LONG_NUMBER.search(text)) or "\\u" in text:
        return False
    keys = sum(map(len, found))
    return keys == text.count(":") or (keys == text.count('":') and not _LATE_COLON.search(text))


def with_single_values(found: dict[str, Any]) -> dict[str, Any]:
    """A contact or a subscriber: single values only, its SystemID as a number. Raises NotMeant.

    SystemID is a string in the vendor's examples of lists, and a number elsewhere.
    """
    for value in found.values():
        if isinstance(value, (dict, list)):
            raise NotMeant("a field holds several values")
    given = found.get("SystemID")
    if (isinstance(given, int) and not isinstance(given, bool) and 0 < given < 10**18) or "SystemID" not in found:
        return found
    if isinstance(given, bool) or not isinstance(given, (int, str)) or not _SYSTEM_ID.fullmatch(str(given)):
        raise NotMeant("its SystemID is not a positive whole number")
    return {**found, "SystemID": int(given)}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotMeant("a key appears twice")
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise NotMeant("a number is too long")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotMeant("a number is not finite")
    return number


def _constant(_name: str) -> float:
    raise NotMeant("a number is not finite")


_PLAIN_DECODER = json.JSONDecoder()
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole_number, parse_float=_number, parse_constant=_constant
)
