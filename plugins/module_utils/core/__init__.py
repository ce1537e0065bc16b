# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What both faces of this project share: Sentori's HTTP API, and how a declared state becomes true.

Ansible ships this package to a target as it stands; the Airflow provider carries it as
``airflow_provider_sentori.core``. It needs Python 3.9 and ``requests``, and knows neither of the two.
"""

from __future__ import annotations

VERSION = "0.1.0"
