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
from typing import Any

MAX_DIGITS = 400

_BLANK = " \t\r\n\ufeff"
_SYSTEM_ID = re.compile(r"0*[1-9][0-9]{0,17}")
# Only an escape can stand for half of a character: UTF-8 has none.
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
# A number that may be infinite.
_EXPONENT = re.compile(r":\s*-?[0-9][0-9.]*[eE]")
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

    Where nothing looks suspicious, the plain decoder is used: it takes a third of the time. It would keep the last of
    two equal keys; then the text has more colons after quotes than the objects have keys.
    """
    found, end = decoded(text, 0) if _is_suspicious(text) else _PLAIN_DECODER.raw_decode(text)
    if end != len(text) or not all(isinstance(one, dict) for one in found):
        raise ValueError("it holds something other than objects")
    if sum(map(len, found)) != text.count('":'):
        found = decoded(text, 0)[0]
    return list(found)


def _is_suspicious(text: str) -> bool:
    """Whether a text may hold what is refused, other than equal keys; or a colon that is not right after a quote."""
    if "\\u" in text or "NaN" in text or "Infinity" in text:
        return True
    return _EXPONENT.search(text) is not None or _LATE_COLON.search(text) is not None


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
