# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A state file is a mapping of keys, whichever of its entries are sorted in, and whenever a run is killed."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import pytest
from airflow_provider_sentori.core.memory import state_file
from airflow_provider_sentori.core.memory.state_file import FileStorage, StateFile
from airflow_provider_sentori.core.memory.storage import Proof
from hypothesis import given
from hypothesis import strategies as st

KEYS = range(-4, 5)
KINDS = (1, 2, 99)
keys = st.lists(st.sampled_from(KEYS), unique=True, max_size=6)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(KINDS), keys),
        st.tuples(st.just("remove"), st.sampled_from([(), (1,), (1, 2)]), keys),
        st.tuples(st.just("find"), st.sampled_from([(), (1,), KINDS]), keys),
        st.tuples(st.just("move"), st.sampled_from(KEYS), st.sampled_from(KEYS)),
        st.tuples(st.sampled_from(["end", "kill"]), st.booleans(), st.just(None)),
    ),
    max_size=20,
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries wait as soon as there are some, and not for long."""
    monkeypatch.setattr(state_file, "_MANY", 2)
    monkeypatch.setattr(state_file, "_MOST_WAITING", 7)


def opened(path: str, *, dry_run: bool = False) -> FileStorage:
    storage = StateFile(path).open(dry_run=dry_run)
    assert storage is not None
    return storage


def found(storage: FileStorage, kinds: Any, wanted: Any) -> dict[tuple[int, int], int]:
    return {(key, kind): value for key, kind, value, _seen in storage.find(kinds, wanted)}


def kill(storage: FileStorage) -> None:
    """What a killed process leaves: nothing is done at its end."""
    assert storage._database is not None
    storage._database.close()
    storage._database = None


@given(steps)
def test_a_state_file_is_a_mapping_whatever_is_waiting_in_it(steps: list[Any]) -> None:
    model: dict[tuple[int, int], int] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "state")
        storage = opened(path)
        storage.make(Proof(b"salt", b"proof"))
        for number, (step, first, second) in enumerate(steps):
            if step == "put":
                storage.put(first, {key: number for key in second})
                model.update({(key, first): number for key in second})
            elif step == "remove":
                storage.remove(first, second)
                model = {at: value for at, value in model.items() if not _is_meant(at, first, second)}
            elif step == "find":
                assert found(storage, first, second) == {
                    at: value for at, value in model.items() if _is_meant(at, first, second)
                }
            elif step == "move" and first != second:
                storage.move(first, second)
                moved = {kind: value for (key, kind), value in model.items() if key == first and kind == 99}
                model = {at: value for at, value in model.items() if at[0] != first or at[1] not in moved}
                model = {**{(second, kind): value for kind, value in moved.items()}, **model}
            elif step in ("end", "kill"):
                kill(storage) if step == "kill" else storage.close()
                if first:
                    before = os.stat(path).st_size
                    dry = opened(path, dry_run=True)
                    assert found(dry, (), KEYS) == model
                    dry.close()
                    assert os.stat(path).st_size == before
                storage = opened(path)
        assert found(storage, (), KEYS) == model
        storage.close()


def _is_meant(at: tuple[int, int], kinds: Any, wanted: Any) -> bool:
    return at[0] in wanted and (not kinds or at[1] in kinds)


def test_a_long_run_appends_its_chunks_and_sorts_them_in_at_its_end(tmp_path: Any) -> None:
    storage = opened(str(tmp_path / "state"))
    storage.put(1, {1: 1, 2: 2, 3: 3})
    assert waiting(storage) == 3
    storage.close()

    again = opened(str(tmp_path / "state"))
    assert waiting(again) == 0 and len(found(again, (), KEYS)) == 3
    again.close()


def waiting(storage: FileStorage) -> int:
    with storage.reading() as execute:
        return int(execute("SELECT count(*) FROM waiting")[0][0])
