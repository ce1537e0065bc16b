# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many contacts while requests fail: the short form of the load of ``make faults``."""

from __future__ import annotations

import load


def test_each_contact_of_a_long_run_is_in_sentori_or_named_while_requests_fail() -> None:
    done = load.run(2000, share=0.05)
    assert done.problems == []
    assert done.failures > 50
    assert done.created + done.named >= 2000
