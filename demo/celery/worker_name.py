# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The host name that Airflow stores for a task: the name of the worker, because all workers share a host."""

from __future__ import annotations

import os

VARIABLE = "SENTORI_DEMO_WORKER"


def worker_name() -> str:
    return os.environ.get(VARIABLE, "localhost")
