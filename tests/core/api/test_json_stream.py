# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A long array is read object by object, in parts of any size."""

from __future__ import annotations

import itertools
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from airflow_provider_sentori.core.api._json_stream import BrokenArray, objects
from airflow_provider_sentori.core.api._strict_json import NotMeant, document
from hypothesis import example, given
from hypothesis import strategies as st

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(st.none() | st.booleans() | st.integers() | texts, lambda inner: st.lists(inner, max_size=3))
arrays = st.lists(st.dictionaries(texts, values, max_size=3), max_size=6)


def cut(document: bytes, size: int) -> Iterator[bytes]:
    return (document[at : at + size] for at in range(0, len(document), size))


@given(arrays, st.integers(1, 50), st.booleans(), st.sampled_from([None, 2]))
def test_an_array_is_read_in_parts_of_any_size(array: Any, size: int, ascii_only: bool, indent: Any) -> None:
    document = json.dumps(array, ensure_ascii=ascii_only, indent=indent).encode()
    assert list(objects(cut(document, size))) == array


@given(arrays.filter(len), st.integers(1, 50), st.data())
def test_an_array_that_ends_too_early_is_broken(array: Any, size: int, data: Any) -> None:
    document = json.dumps(array).encode()
    shorter = document[: data.draw(st.integers(0, len(document) - 1))]
    with pytest.raises(BrokenArray):
        list(objects(cut(shorter, size)))


pairs = st.tuples(
    st.sampled_from(["a", "b", 'c":', "d },"]), st.sampled_from(["1", '"x"', '"y\\u0022:"', "1e999", "NaN"])
)
objects_as_text = st.lists(st.tuples(st.lists(pairs, max_size=3), st.sampled_from([":", " :", ": "])), max_size=5)


@example([([("a", "1")] * 2, ":"), ([("b", "1")], " :"), ([("b", "1")], ":")], 400)
@given(objects_as_text, st.integers(1, 400))
def test_what_is_decoded_at_once_is_what_is_decoded_one_by_one(given: Any, size: int) -> None:
    shown = ["{" + ",".join(json.dumps(key) + colon + value for key, value in pairs) + "}" for pairs, colon in given]
    text = f"[{', '.join(shown)},]"
    try:
        expected = [document(one.encode()) for one in shown]
    except NotMeant:
        with pytest.raises(BrokenArray):
            list(objects(cut(text.encode(), size)))
    else:
        assert list(objects(cut(text.encode(), size))) == expected


def test_a_comma_before_the_closing_bracket_is_accepted() -> None:
    assert list(objects([b'\xef\xbb\xbf[{"a": 1}, {"a": 2},\n]\n'])) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    "document", [b"", b"{}", b"null", b"[1]", b"[[]]", b'["a"]', b"[{}] []", b"[{]", b"<html>", b'[{"a": "\xff"}]']
)
def test_a_document_that_is_not_an_array_of_objects_is_broken(document: bytes) -> None:
    with pytest.raises(BrokenArray):
        list(objects([document]))


def test_an_endless_object_is_refused() -> None:
    def endless() -> Iterator[bytes]:
        yield b'[{"a": "'
        while True:
            yield b"a" * 65536

    with pytest.raises(BrokenArray, match="too long"):
        next(objects(endless()))


def test_memory_does_not_grow_with_the_array() -> None:
    parts = itertools.chain(
        [b"["], itertools.repeat(b'{"SystemID": 1, "EmailAddress": "a@example.com"},' * 500, 200), [b"]"]
    )
    tracemalloc.start()
    try:
        assert sum(1 for _ in objects(parts)) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    finally:
        tracemalloc.stop()
