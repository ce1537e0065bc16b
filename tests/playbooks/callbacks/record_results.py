# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes each task's result to the file that RECORD_RESULTS names, one JSON line each."""

from __future__ import annotations

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record_results
type: aggregate
short_description: Record the results of tasks as JSON Lines
description: For tests that look at results.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "record_results"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result):
        self._record(result._result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._record({**result._result, "failed": True})

    def _record(self, result):
        with open(os.environ["RECORD_RESULTS"], "a") as record:
            record.write(json.dumps(result, default=str) + "\n")
