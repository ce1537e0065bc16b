# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What every storage of a memory does: a file of SQLite, and a table of PostgreSQL and of SQLite."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori._internal.memory.state_table import StateTable
from airflow_provider_sentori.core.errors import InvalidInput, MemoryUnavailable
from airflow_provider_sentori.core.memory.account import AccountMemory
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.memory.storage import ROWS, SUPPRESSED, Place
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

LIST = 77
PEOPLE = ["ann@example.com", "ben@example.com", "cem@example.com"]


def account(salt: bytes) -> bytes:
    return (salt * 2)[:32]


def another_account(salt: bytes) -> bytes:
    return (salt[::-1] * 2)[:32]


def opened(place: Place, **options: Any) -> AccountMemory:
    return AccountMemory(place, account, **options)


def found(memory: AccountMemory, kind: int, keys: list[int]) -> dict[int, int]:
    return {key: value for key, _kind, value, _seen in memory.find((kind,), keys)}


def test_the_next_run_finds_what_was_written_and_nothing_that_was_removed(place: Place) -> None:
    keys = [*range(-(2**63), -(2**63) + 6000), *range(6000), 2**63 - 1]
    with opened(place) as memory:
        memory.put(ROWS, {key: key // 2 for key in keys})
        memory.put(ROWS, {keys[0]: 5})
        memory.put(LIST, {keys[0]: 0})
        memory.remove((ROWS,), keys[1:10])
    with opened(place) as memory:
        expected = {keys[0]: 5, **{key: key // 2 for key in keys[10:]}}
        assert found(memory, ROWS, [*keys, 12345678]) == expected
        assert found(memory, LIST, keys) == {keys[0]: 0}
        assert len(memory.find((ROWS, LIST), keys[:1])) == 2


def test_an_entry_has_the_time_of_its_run(place: Place) -> None:
    with opened(place) as memory:
        memory.put(ROWS, {1: 1})
        assert memory.find((ROWS,), [1])[0][3] == memory.now > 1_700_000_000


def test_an_erased_person_is_forgotten_but_for_the_erasure(place: Place) -> None:
    with opened(place) as memory:
        ann, ben = memory.addresses(PEOPLE[:2])
        for kind in (ROWS, LIST):
            memory.put(kind, {ann: 1, ben: 1})
        memory.erase(PEOPLE[:1])
        assert [found(memory, kind, [ann, ben]) for kind in (ROWS, LIST)] == [{ben: 1}, {ben: 1}]
        assert found(memory, SUPPRESSED, [ann, ben]) == {ann: 1}


def test_a_rename_moves_mailing_lists_and_nothing_else(place: Place) -> None:
    with opened(place) as memory:
        ann, ben, cem = memory.addresses(PEOPLE)
        for kind in (ROWS, SUPPRESSED, LIST, LIST + 1):
            memory.put(kind, {ann: 1})
        memory.put(LIST, {ben: 1, cem: 1})
        memory.rename(PEOPLE[0], PEOPLE[1].upper())
        assert [found(memory, kind, [ann]) for kind in (ROWS, SUPPRESSED, LIST)] == [{ann: 1}, {ann: 1}, {}]
        assert found(memory, LIST, [ann, ben, cem]) == {ben: 1, cem: 1}
        assert found(memory, LIST + 1, [ann, ben]) == {ben: 1}


def test_each_source_has_the_number_of_rows_that_was_last_remembered(place: Place) -> None:
    for rows in (200_000, 0):
        with opened(place) as memory:
            assert memory.source_rows("people.csv") == (None if rows else 200_000)
            memory.remember_source_rows("people.csv", rows)
    with opened(place) as memory:
        assert (memory.source_rows("people.csv"), memory.source_rows("others.csv")) == (0, None)


def test_the_names_of_the_fields_are_kept(place: Place) -> None:
    names = ["First Name", "Größe", 'a"b', "50%", ":x", "it's"]
    with opened(place) as memory:
        assert memory.field_names() == ([], 0)
        memory.remember_field_names(names)
    with opened(place) as memory:
        kept, read = memory.field_names()
        assert kept == names and 0 <= memory.now - read < 60


def test_a_prediction_reads_the_memory_and_neither_makes_nor_changes_it(place: Place) -> None:
    with opened(place, dry_run=True) as memory:
        assert not memory.exists and memory.find((ROWS,), [1]) == [] and memory.source_rows("people.csv") is None
        memory.put(ROWS, {1: 1})
    with opened(place) as memory:
        memory.put(ROWS, {1: 1})
    with opened(place, dry_run=True) as memory:
        memory.put(ROWS, {1: 2, 2: 2})
        memory.remove((ROWS,), [1])
        memory.check()
        assert found(memory, ROWS, [1, 2]) == {1: 1}


def test_another_account_is_refused(place: Place) -> None:
    opened(place).close()
    for dry_run in (True, False):
        with pytest.raises(InvalidInput, match="belongs to another account") as refusal:
            AccountMemory(place, another_account, dry_run=dry_run)
        assert refusal.value.option == place.option and not refusal.value.retryable
    opened(place).close()


def test_two_runs_at_once_are_refused_and_may_be_retried(place: Place) -> None:
    with opened(place) as memory:
        with pytest.raises(MemoryUnavailable, match="in use") as refusal:
            opened(place)
        assert refusal.value.option == place.option and refusal.value.retryable
        memory.put(ROWS, {1: 1})
    opened(place).close()


KEYS = st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 2)
KINDS = st.sampled_from([ROWS, SUPPRESSED, LIST, -(2**63)])
STEPS = st.lists(
    st.tuples(st.just("put"), KINDS, st.dictionaries(KEYS, KEYS))
    | st.tuples(st.just("remove"), KINDS, st.lists(KEYS)),
    max_size=8,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, asked=st.lists(KEYS))
def test_a_storage_behaves_like_a_dictionary(place: Place, tmp_path: Path, steps: Any, asked: list[int]) -> None:
    name = uuid.uuid4().hex
    new = replace(place, key=name) if isinstance(place, StateTable) else StateFile(str(tmp_path / name))
    expected: dict[tuple[int, int], int] = {}
    with opened(new) as memory:
        for step, kind, given in steps:
            if step == "put":
                memory.put(kind, given)
                expected.update({(kind, key): value for key, value in given.items()})
            else:
                memory.remove((kind,), given)
                expected = {at: value for at, value in expected.items() if at[0] != kind or at[1] not in given}
        keys = [*{key for _, key in expected}, *asked]
        kinds = (ROWS, SUPPRESSED, LIST, -(2**63))
        assert {(kind, key): value for key, kind, value, _seen in memory.find(kinds, keys)} == expected
