# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What Airflow writes down as the host of a task: here the worker's name, for all workers are on one host."""

from __future__ import annotations

import os

VARIABLE = "SENTORI_DEMO_WORKER"


def worker_name() -> str:
    return os.environ.get(VARIABLE, "localhost")
