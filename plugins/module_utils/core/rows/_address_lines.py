# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows of a text file with one address a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..characters import stripped
from ..errors import InvalidInput
from ..fields import ADDRESS
from ._header import DELIMITERS
from .columns import may_be_address
from .row import Row


def address_rows(lines: Iterable[str]) -> Iterator[Row]:
    """One address a line; blank lines, comments after ``# ``, and a first line such as ``Email`` are not rows.

    Raises InvalidInput if the first line is the header of several columns.
    """
    is_first = True
    for number, line in enumerate(lines, 1):
        text = stripped(line)
        if not text or text.startswith("# "):
            continue
        if is_first:
            is_first = False
            if may_be_address(text):
                continue
            for delimiter in DELIMITERS:
                if any(map(may_be_address, text.split(delimiter))):
                    message = "the first line has the names of several columns. Set source_format: csv."
                    raise InvalidInput(message, option="src")
        yield Row(f"line {number}", {ADDRESS: text}, text)
