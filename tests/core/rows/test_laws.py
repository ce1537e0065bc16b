# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Laws of reading a table, whatever its content and its dialect."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from airflow_provider_sentori.core.addresses import checked_address
from airflow_provider_sentori.core.characters import BLANKS, WITHOUT_WIDTH, stripped
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.rows.sources import open_source
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stored import Stored

NAMES = ["EmailAddress", "First name", 'a "name", in\ntwo; lines']
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(st.sampled_from('",;\t|\r\n =#E+ \xa0\x0b\x85\u2028\u200b\ufeffé😀@a') | characters, max_size=8)
tables = st.lists(st.lists(texts, min_size=3, max_size=3).filter(any), max_size=6)
dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
        "quoting": st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    }
)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"])


def written(table: list[list[str]], dialect: dict[str, Any]) -> str:
    file = io.StringIO(newline="")
    # Python leaves a line end unquoted that is not its own.
    quoting = csv.QUOTE_ALL if dialect["lineterminator"] != "\r\n" else dialect["quoting"]
    csv.writer(file, **{**dialect, "quoting": quoting}).writerows([NAMES, *table])
    return file.getvalue()


def is_error(cell: str) -> bool:
    return cell.startswith("#")


@given(tables, dialects, encodings, st.sampled_from([1, 5, 64 * 1024]), st.booleans())
@example([["\ufeff", "", ""]], {"delimiter": ";", "lineterminator": "\n", "quoting": 1}, "utf-16", 1, False)
def test_any_table_in_any_dialect_comes_out_the_same(
    table: list[list[str]], dialect: dict[str, Any], encoding: str, step: int, strip: bool
) -> None:
    assume(not any(is_error(stripped(cell)) or cell.startswith('="') for row in table for cell in row))
    file = Stored("people.csv", written(table, dialect).encode(encoding), step)
    found = [list(row.fields.values()) for row in open_source(file, strip=strip)]
    assert found == ([row for one in table if any(row := [*map(stripped, one)])] if strip else table)


@given(st.lists(st.dictionaries(texts, texts | st.none() | st.integers() | st.booleans())), encodings, st.booleans())
def test_any_array_of_objects_comes_out_the_same(rows: list[dict[str, Any]], encoding: str, ascii_only: bool) -> None:
    rows = [{**{name: row[name] for name in row if name.strip()}, "EmailAddress": "a@b.de"} for row in rows]
    for indent, step in ((None, 3), (1, 64 * 1024)):
        data = json.dumps(rows, indent=indent, ensure_ascii=ascii_only).encode(encoding)
        assert [row.fields for row in open_source(Stored("people.json", data, step))] == rows


unseen = st.sampled_from(WITHOUT_WIDTH + BLANKS + "\u200c\u200d\u115f\u3164\u2800\ufe0f\U000e0101") | st.characters(
    categories=["Cc", "Cf", "Zs", "Zl", "Zp", "Co", "Cn"]
)


@given(st.integers(1, 14), unseen, st.sampled_from(["ann@example.com", "zoë@exämple.com"]))
def test_no_address_with_an_invisible_or_control_character_inside_is_an_address(
    at: int, character: str, address: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_address(address[:at] + character + address[at:], "email")
    assert f"U+{ord(character):04X}" in str(refused.value) or character == " "
    assert address not in str(refused.value)


normalised = st.sampled_from("\uff0f\uff20\ufe6b\u2100\u2101\uff05\uff1f\uff03\ufe5f\uff3c\ufe68\u2048")


@given(st.integers(0, 15), normalised, st.sampled_from(["ann@example.com", "zoë@exämple.com"]))
def test_no_address_with_a_character_that_becomes_part_of_a_path_is_an_address(
    at: int, character: str, address: str
) -> None:
    with pytest.raises(InvalidInput, match=rf"U\+{ord(character):04X} \("):
        checked_address(address[:at] + character + address[at:], "email")


@given(st.text(st.sampled_from(BLANKS + WITHOUT_WIDTH)), st.text(st.sampled_from(BLANKS + WITHOUT_WIDTH)))
def test_blanks_and_invisible_characters_around_an_address_do_not_matter(before: str, after: str) -> None:
    assert checked_address(before + "Ann@example.com" + after, "email") == "Ann@example.com"


DECORATED = {
    "mailto:ann@example.com": "this begins with mailto:. Give the address alone.",
    "SMTP:ann@example.com": "this begins with SMTP:. Give the address alone.",
    "E-Mail: ann@example.com": "this begins with E-Mail:. Give the address alone.",
    "Bob Ray <bob@example.com>": "this has a name beside the address.",
    '"Ray, Bob" <bob@example.com>': "this has a name beside the address.",
    "<bob@example.com>": "the address is in angle brackets.",
    "cid@example.com; cid@example.org": "these are several addresses.",
    "cid@example.com,cid@example.org": "these are several addresses.",
    "cid@example.com / cid@example.org": "these are several addresses.",
    "cid@example.com cid@example.org": "these are several addresses.",
    "ann@example.com (work)": "this has a comment beside the address.",
    "'ann@example.com'": "the address is in quotes.",
    '"ann@example.com"': "the address is in quotes.",
    "ann@example.com;": "this ends with ; after the address. Remove that.",
    "ann@example.com,": "this ends with , after the address. Remove that.",
    "ann@example.com.": "this ends with . after the address. Remove that.",
    "[ann@example.com](mailto:ann@example.com)": "this is a link.",
    "https://example.com/@ann": "this is a link, not an email address.",
    "ann(at)example.com": "this is not an email address",
    "ann@example": "this is not an email address",
}


@pytest.mark.parametrize("given_address", DECORATED)
def test_a_decorated_address_is_refused_with_its_own_reason(given_address: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_address(given_address, "line 2")
    assert str(refused.value).startswith(f"line 2: {DECORATED[given_address]}")
    assert "example" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    ["o'neil@example.com", "a+b@example.co.uk", "zoë@exämple.com", "a..b@example.com", "!#$%&*/=?^_`{|}~-@a.de"],
)
def test_an_address_that_is_only_unusual_is_accepted(address: str) -> None:
    assert checked_address(address, "email") == address
