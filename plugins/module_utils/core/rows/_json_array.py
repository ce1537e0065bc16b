# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows of a JSON array of objects, one object at a time: an array of any length takes the memory of a few objects."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable
from typing import Any

from ..errors import InvalidInput
from ._json_lines import OBJECTS, refuse_constant, without_repeats
from ._text_lines import BrokenText, Unreadable
from .columns import Columns
from .row import BrokenSource, Row

MAX_OBJECT = 1024 * 1024

_BLANKS = re.compile(r"[ \t\r\n]*")
_LINE_END = re.compile(r"\r\n|\r|\n")
_DECODER = json.JSONDecoder(object_pairs_hook=without_repeats, parse_constant=refuse_constant)
# Finds the end of an element that the other one refuses.
_LENIENT = json.JSONDecoder()
# The end of a text may be the beginning of ``-Infinity`` or of ``\\ud83d\\ude00``.
_UNFINISHED = 12
_NOT_AN_ARRAY = "An array of objects, or one object a line, is needed."


def array_rows(texts: Iterable[str], columns: Columns) -> Generator[Row, None, None]:
    """The rows of a JSON array, by their number: ``object 3``.

    A row has an ``error`` if its names do not fit, or if it is not an object, names a key twice, or contains NaN or
    Infinity. Raises BrokenSource, naming the line, where the array is broken; BrokenText where the file is.
    """
    text = _GrowingText(texts)
    text.take("[", _NOT_AN_ARRAY)
    number = 0
    while not (number == 0 and text.character() == "]"):
        number += 1
        place = f"object {number}"
        try:
            found = text.element(number)
        except _Refused as reason:
            message = f"this is not a JSON object ({reason}). {OBJECTS}"
            yield Row(place, {}, reason.given, InvalidInput(message, option=place))
        else:
            yield columns.row(place, found)
        if text.character() == "]":
            break
        text.take(",", f"A comma, or ] at the end of the array, is needed after object {number}.")
    text.take("]", "")
    if text.character():
        raise text.broken("Nothing may follow the array.")


class _Refused(Exception):
    """Why an element is not a row; ``given``: the element, as far as JSON can carry it."""

    def __init__(self, reason: str, given: Any) -> None:
        super().__init__(reason)
        self.given = given


class _GrowingText:
    """The text that is not consumed yet, from ``_at`` on, and the number of the line in which it begins."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = iter(texts)
        self._text = ""
        self._at = 0
        self._line = 1

    def character(self) -> str:
        """The next character that is not a blank; empty at the end."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._grow():
                return ""

    def take(self, expected: str, advice: str) -> None:
        """Consume this character. Raises BrokenSource for another one."""
        if self.character() != expected:
            raise self.broken(advice)
        self._at += 1

    def element(self, number: int) -> dict[str, Any]:
        """Consume an object. Raises _Refused for another element, and BrokenSource for what is not JSON."""
        self.character()
        try:
            found, end = self._decoded(_DECODER, number)
        except _NotARow as reason:
            found, self._at = self._decoded(_LENIENT, number)
            raise _Refused(str(reason), found) from None
        self._at = end
        if not isinstance(found, dict):
            raise _Refused("it is of another type", found)
        return found

    def _decoded(self, decoder: json.JSONDecoder, number: int) -> tuple[Any, int]:
        while True:
            try:
                found, end = decoder.raw_decode(self._text, self._at)
                # The digits of a number may go on.
                if end < len(self._text) or isinstance(found, (dict, list, str)) or not self._grow():
                    return found, end
            except json.JSONDecodeError as error:
                may_go_on = error.msg.startswith("Unterminated") or error.pos > len(self._text) - _UNFINISHED
                if len(self._text) - self._at > MAX_OBJECT:
                    raise self.broken(f"Object {number} is longer than {MAX_OBJECT:,} characters.") from None
                if not may_go_on or not self._grow():
                    at = len(self._text) if error.msg.startswith("Unterminated") else error.pos
                    raise self.broken(f"Object {number} is not JSON: {error.msg}.", at) from None
            except ValueError as error:
                raise _NotARow(str(error)) from None
            except RecursionError:
                raise self.broken(f"Object {number} is nested too deeply.") from None

    def broken(self, advice: str, at: int | None = None) -> BrokenSource:
        """The error for what is at this position, or for the end of the text."""
        at = self._at if at is None else at
        if at >= len(self._text):
            reason = "the array ends too early: the file is cut off."
            return BrokenSource(f"line {self._line_at(len(self._text))}: {reason}", option="src")
        column = at - max(self._text.rfind("\n", 0, at), self._text.rfind("\r", 0, at))
        where = f"line {self._line_at(at)}, character {column}"
        return BrokenSource(f"{where}: this is not a JSON array of objects. {advice}", option="src")

    def _line_at(self, at: int) -> int:
        return self._line + len(_LINE_END.findall(self._text, 0, at))

    def _grow(self) -> bool:
        try:
            more = next(self._texts, None)
        except Unreadable as reason:
            raise BrokenText(f"line {self._line_at(len(self._text))} {reason}") from None
        if more is not None:
            self._line = self._line_at(self._at)
            self._text, self._at = self._text[self._at :] + more, 0
        return more is not None


class _NotARow(Exception):
    """Valid JSON that is not a row."""
