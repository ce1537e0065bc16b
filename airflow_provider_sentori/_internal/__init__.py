# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What the public packages share. Private: its names may change in any release.

- ``operator``: the base of all operators; ``bulk``: the bases of those that apply many rows;
- ``run``: a task's work with a hook, its outcomes, and its failure as an exception of Airflow;
- ``connection``, ``connection_form``: the fields of a connection, and the core's settings;
- ``coercion``: values of templates and forms; ``lazy_argument``: arguments that no template shows;
- ``files``: what a task reads and writes;
- ``condition``: what the sensor and its trigger wait for; ``lineage``: OpenLineage.
"""

from __future__ import annotations
