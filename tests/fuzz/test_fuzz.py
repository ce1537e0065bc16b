# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The short form of `make fuzz`: each target with its seeds, mutated, and with any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from targets import TARGETS, seeds


@st.composite
def mutated(draw: st.DrawFn, name: str) -> bytes:
    """A seed with some of its bytes replaced, repeated or gone."""
    data = bytearray(draw(st.sampled_from(seeds(name) or [b""])))
    for _ in range(draw(st.integers(0, 4))):
        at, end = sorted(draw(st.tuples(st.integers(0, len(data)), st.integers(0, len(data)))))
        end = min(end, at + 8)
        data[at:end] = draw(st.one_of(st.binary(max_size=4), st.just(bytes(data[at:end]) * 2)))
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_the_law_of_a_target(name: str) -> None:
    @given(st.one_of(mutated(name), st.binary(max_size=200)))
    def law(data: bytes) -> None:
        TARGETS[name](data)

    law()
