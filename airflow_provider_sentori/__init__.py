# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Contacts, mailing lists and imports of Sentori, in Apache Airflow."""

from __future__ import annotations

from typing import Any


def get_provider_info() -> dict[str, Any]:
    """The provider, as Airflow asks for it through the entry point ``apache_airflow_provider``."""
    from ._internal import connection_form
    from .core import VERSION

    return {
        "package-name": "airflow-provider-sentori",
        "name": "Sentori",
        "description": "Contacts, mailing lists and imports of `Sentori <https://sentoriapp.com/>`__.",
        "versions": [VERSION],
        "integrations": [
            {
                "integration-name": "Sentori",
                "external-doc-url": "https://docs.sentoriapp.com/",
                "tags": ["service"],
            }
        ],
        **{
            kind: [{"integration-name": "Sentori", "python-modules": [f"{__name__}.{kind}.sentori"]}]
            for kind in ("hooks", "operators", "sensors", "triggers")
        },
        "transfers": [
            {
                "source-integration-name": "SQL",
                "target-integration-name": "Sentori",
                "python-module": f"{__name__}.transfers.sql_to_sentori",
            },
            {
                "source-integration-name": "Sentori",
                "target-integration-name": "SQL",
                "python-module": f"{__name__}.transfers.sentori_to_sql",
            },
        ],
        "asset-uris": [{"schemes": ["sentori"], "handler": None}],
        "extra-links": [f"{__name__}.links.sentori.SentoriReportLink"],
        "connection-types": [
            {
                "connection-type": "sentori",
                "hook-name": "Sentori",
                "hook-class-name": f"{__name__}.hooks.sentori.SentoriHook",
                "conn-fields": connection_form.conn_fields(),
                "ui-field-behaviour": connection_form.ui_field_behaviour(),
            }
        ],
    }
