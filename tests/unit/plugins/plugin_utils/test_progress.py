# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress of a running import: each line that is read is shown."""

from __future__ import annotations

import threading

from ansible_collections.sentori.sentori.plugins.plugin_utils.progress import Watch

SOON = 0.001
LONG = 10


class Reads:
    """Return or raise the given values in order; ``over`` is set by the first read after the last of them."""

    def __init__(self, *given):
        self._given = list(given)
        self.over = threading.Event()

    def __call__(self):
        if not self._given:
            self.over.set()
            return ""
        one = self._given.pop(0)
        if isinstance(one, Exception):
            raise one
        return one


def watched(*given):
    """All lines that a watch shows for these reads."""
    lines, reads = [], Reads(*given)
    watch = Watch(reads, lines.append, SOON)
    assert reads.over.wait(LONG)
    watch.end()
    return lines


def test_each_line_is_shown():
    assert watched("10 rows", "20 rows") == ["10 rows", "20 rows"]


def test_a_missing_file_shows_nothing():
    assert watched("", "10 rows") == ["10 rows"]


def test_a_failed_read_does_not_end_the_watch():
    assert watched(OSError("the connection is gone"), "10 rows") == ["10 rows"]


def test_a_line_read_after_the_end_of_the_task_is_not_shown():
    lines, reading, ended = [], threading.Event(), threading.Event()

    def read():
        reading.set()
        assert ended.wait(LONG)
        return "late"

    before = set(threading.enumerate())
    watch = Watch(read, lines.append, SOON)
    (thread,) = set(threading.enumerate()) - before
    assert reading.wait(LONG)
    watch.end()
    ended.set()
    thread.join(LONG)
    assert lines == []
