# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The fields of an Airflow connection as the core's settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..core.errors import InvalidInput
from ..core.fields import hint
from ..core.http.settings import DEFAULT_URL, Settings
from . import coercion
from .connection_form import EXTRA_FIELDS

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Connection

_COERCE = {
    "number": coercion.number,
    "integer": coercion.integer,
    "boolean": coercion.boolean,
    "string": coercion.string,
}
_FIELD_OF = {"api_key": "password", "url": "host", **{field.name: f"extra {field.name}" for field in EXTRA_FIELDS}}


def settings_of(connection: Connection) -> Settings:
    """The settings in a connection. Raises InvalidInput, naming its field."""
    try:
        return Settings(
            api_key=connection.password or "",
            url=_url(connection),
            integration="airflow",
            **_extras(connection.extra_dejson),
        )
    except InvalidInput as refusal:
        raise naming_the_field(refusal) from None


def naming_the_field(refusal: InvalidInput) -> InvalidInput:
    """The same refusal, naming the field of the connection instead of the core's option if there is one."""
    field = _FIELD_OF.get(refusal.option or "")
    return InvalidInput(refusal.message, option=f"{field} of the connection") if field else refusal


def _url(connection: Connection) -> str:
    """The URL, from the fields of the form or the parts of a connection URI.

    A host without a scheme gets ``https``, or the content of ``schema`` if that is ``http`` or ``https``. Any
    other ``schema`` is the path of a connection URI.
    """
    host = (connection.host or "").strip() or DEFAULT_URL
    path = (connection.schema or "").strip().strip("/")
    scheme, is_url, rest = host.partition("://")
    if not is_url:
        scheme, rest = "https", host
        if path in ("http", "https"):
            scheme, path = path, ""
    place, *folders = rest.rstrip("/").split("/")
    if place.count(":") > 1 and not place.startswith("["):
        place = f"[{place}]"
    if connection.port and ":" not in place.rpartition("]")[2]:
        place = f"{place}:{connection.port}"
    return f"{scheme}://{'/'.join([place, *folders, path])}".rstrip("/")


def _extras(extra: object) -> dict[str, Any]:
    """The extras that are set: the form stores an untouched field as an explicit null, or as an empty text."""
    if not isinstance(extra, Mapping):
        raise InvalidInput("this is not a JSON object, such as {}.", option="extra of the connection")
    names = [field.name for field in EXTRA_FIELDS]
    for name in extra:
        if name not in names:
            near = hint(str(name), names) or f" There are {', '.join(names)}."
            raise InvalidInput(f"there is no field of this name.{near}", option=f"extra {name} of the connection")
    return {
        field.name: _COERCE[field.kind](extra[field.name], field.name)
        for field in EXTRA_FIELDS
        if extra.get(field.name) not in (None, "")
    }
