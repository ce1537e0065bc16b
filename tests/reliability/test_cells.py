# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A sample of the cells: each fault and each operation at least once. ``make faults`` judges all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from faults import FAULTS, Fault
from matrix import Bench, cell_named
from operations import OPERATIONS, Operation

# Cells that once broke the law.
ONCE_BROKEN = (
    "contact updated / empty 304, acted / request 2",
    "contact added / a JSON object of another shape / request 2",
    "contact suppressed / a key that is withdrawn / request 3",
    "import attached to a draft / no first byte, acted / request 7",
)
SAMPLE = [(OPERATIONS[at % len(OPERATIONS)], fault) for at, fault in enumerate(FAULTS)]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench() as bench:
        yield bench


@pytest.mark.parametrize(
    ("operation", "fault"), SAMPLE, ids=[f"{operation.name} / {fault.id}" for operation, fault in SAMPLE]
)
def test_sentori_is_as_was_told_and_the_message_names_the_fault(
    bench: Bench, operation: Operation, fault: Fault
) -> None:
    cells = [cell for cell in bench.cells(operation) if cell.fault is fault]
    cell = cells[FAULTS.index(fault) % len(cells)]
    assert bench.judge(cell) == [], f'alone: make faults CELL="{cell.id}"'


@pytest.mark.parametrize("name", ONCE_BROKEN)
def test_what_once_broke_the_law_keeps_it(bench: Bench, name: str) -> None:
    assert bench.judge(cell_named(name)) == []
