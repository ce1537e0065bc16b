# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The shared core: Sentori's HTTP API, and how a desired state is applied to an account.

Ansible ships this package to the target as it is; the Airflow provider contains it as
``airflow_provider_sentori.core``. It needs Python 3.9 and ``requests``, and imports neither Ansible nor Airflow.

The packages, from the lowest to the highest. Each imports only from those before it, and from the modules beside this
file (``errors``, ``addresses``, ``fields``, ``redaction``, ``concurrency``):

- ``rows``: files, lists and queries become rows of contact fields;
- ``runs``: what every bulk run has: outcomes, thresholds, report, progress;
- ``http``: requests to one host: settings, retries, deadlines;
- ``api``: Sentori's endpoints;
- ``contacts``: contacts are read, compared, added, updated, deleted;
- ``suppressions``: people who are never mailed again: suppressed, or erased;
- ``lists``: mailing lists;
- ``imports``: the bulk import;
- ``exports``: what Sentori knows, in a file or a table.

Modules whose name begins with an underscore are private to their package.
"""

from __future__ import annotations

VERSION = "0.1.0"
