# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The bases of operators that apply many rows.

- ``operator``: the files, thresholds, progress and result of all of them;
- ``imports``, ``subscribers``, ``suppressions``: the arguments of each verb;
- ``addresses``: addresses of a list or a file; ``queries``: rows of a query.
"""
