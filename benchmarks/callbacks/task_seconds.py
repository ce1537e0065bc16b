# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the seconds of each task to the file that TASK_SECONDS names, one line for each."""

from __future__ import annotations

import os
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: task_seconds
type: aggregate
short_description: Record the seconds of tasks
description: For benchmarks.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_seconds"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._started = time.perf_counter()

    def v2_runner_on_ok(self, result):
        with open(os.environ["TASK_SECONDS"], "a") as seconds:
            seconds.write(f"{time.perf_counter() - self._started}\n")
