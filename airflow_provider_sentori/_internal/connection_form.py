# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The form of a Sentori connection, as one table for all versions of Airflow.

Airflow 3.2 and later read the form from the provider info, earlier versions ask the hook. The defaults are those of
the core's Settings.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

from ..core.http.settings import DEFAULT_URL, Settings

_DEFAULTS = {field.name: field.default for field in fields(Settings)}


@dataclass(frozen=True)
class ExtraField:
    """One extra of the connection; ``name`` is an option of Settings, ``kind`` a type of JSON Schema."""

    name: str
    kind: Literal["number", "integer", "boolean", "string"]
    label: str
    description: str
    minimum: float | None = None

    @property
    def default(self) -> Any:
        return _DEFAULTS[self.name]


EXTRA_FIELDS = (
    ExtraField(
        "timeout",
        "number",
        "Timeout (seconds)",
        "Seconds to wait for a connection, and again for a response's headers; ten times that for all of it.",
        minimum=0,
    ),
    ExtraField(
        "max_wait",
        "number",
        "Longest wait (seconds)",
        "Seconds that a whole task may wait for Sentori, when it is overloaded or cannot be reached for a moment.",
        minimum=0,
    ),
    ExtraField(
        "requests_per_second",
        "number",
        "Requests per second",
        "The maximum number of requests that a task starts in a second. Empty: no limit.",
        minimum=0,
    ),
    ExtraField(
        "concurrency",
        "integer",
        "Requests at once",
        "The maximum number of requests of a task at once.",
        minimum=1,
    ),
    ExtraField(
        "validate_certs",
        "boolean",
        "Verify the TLS certificate",
        "Whether the TLS certificate of the URL is verified.",
    ),
    ExtraField(
        "ca_path",
        "string",
        "CA certificates",
        "A file or folder on the workers with the certificates to trust instead of the system's.",
    ),
    ExtraField(
        "allow_http",
        "boolean",
        "Allow http://",
        "Whether the API key may be sent unencrypted to a host other than the worker itself.",
    ),
)

# Not the port: Airflow 3.3.1 and 3.3.2 test no stored connection that has none (apache/airflow#73298).
_HIDDEN = ["schema", "login", "extra"]
_RELABELING = {"host": "Sentori URL", "password": "API key"}
_PLACEHOLDERS = {
    "host": DEFAULT_URL,
    "password": "A GUID. Find it in Sentori under Settings, API.",
    "port": "443, if the URL does not name another",
    "requests_per_second": "no limit",
    "ca_path": "/etc/ssl/certs/our-authority.pem",
}


def conn_fields() -> dict[str, Any]:
    """The extras, for the provider info."""
    return {
        field.name: {
            "label": field.label,
            "description": field.description,
            "schema": _schema(field),
        }
        for field in EXTRA_FIELDS
    }


def ui_field_behaviour() -> dict[str, Any]:
    """How Airflow's own fields are shown, for the provider info."""
    return {"hidden-fields": _HIDDEN, "relabeling": _RELABELING, "placeholders": _PLACEHOLDERS}


def hook_field_behaviour() -> dict[str, Any]:
    """The same, for the hook in Airflow before 3.2."""
    return {"hidden_fields": _HIDDEN, "relabeling": _RELABELING, "placeholders": _PLACEHOLDERS}


def hook_widgets() -> dict[str, Any]:
    """The extras, for the hook in Airflow before 3.2, which has no widget for numbers with a fraction but text."""
    from flask_appbuilder.fieldwidgets import BS3TextFieldWidget
    from wtforms import BooleanField, IntegerField, StringField
    from wtforms.validators import Optional

    def widget(field: ExtraField) -> Any:
        if field.kind == "boolean":
            return BooleanField(label=field.label, description=field.description, default=field.default)
        is_integer = field.kind == "integer"
        default = field.default if is_integer or field.default is None else f"{field.default:g}"
        return (IntegerField if is_integer else StringField)(
            label=field.label,
            validators=[Optional()],
            description=field.description,
            default=default,
            widget=BS3TextFieldWidget(),
        )

    return {field.name: widget(field) for field in EXTRA_FIELDS}


def _schema(field: ExtraField) -> dict[str, Any]:
    schema = {"type": [field.kind, "null"], "default": field.default}
    return schema if field.minimum is None else {**schema, "minimum": field.minimum}
