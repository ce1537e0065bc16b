# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write each task's result to the file that RECORD_RESULTS names, as one line of JSON."""

from __future__ import annotations

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record_results
type: aggregate
short_description: Record the results of tasks as JSON Lines
description: For tests that check results.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "record_results"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._playbook = -1

    def v2_playbook_on_start(self, playbook):
        self._playbook += 1

    def v2_runner_on_ok(self, result):
        self._record(result, result._result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._record(result, {**result._result, "failed": True})

    def _record(self, result, shown):
        line = {"playbook": self._playbook, "task": result._task.get_name(), "result": shown}
        with open(os.environ["RECORD_RESULTS"], "a") as record:
            record.write(json.dumps(line, default=str) + "\n")
