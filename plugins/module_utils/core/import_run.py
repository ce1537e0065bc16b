# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An import as a face's options declare it: which API, which Draft Email, and what goes together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Callable

from . import errors, upload_groups, xml_import
from .api import SentoriApi
from .fields import READ_ONLY, Contact
from .import_plan import Check, RowOutcome
from .imports import Import, ImportResult, Options, PlacedRow

CHOICES = {
    "scope": ("changed", "all"),
    "on_blank": ("keep", "clear", "error"),
    "api_version": ("v2.0", "v1"),
}


def import_rows(
    api: SentoriApi,
    open_rows: Callable[[Collection[str]], Iterable[PlacedRow]],
    sink: Callable[[RowOutcome], None],
    options: Options,
    *,
    api_version: str = "v2.0",
    name: str | None = None,
    description: str | None = None,
    attach_to: str | None = None,
    dry_run: bool = False,
) -> ImportResult:
    """Import rows, and attach the Upload Groups that this makes to a Draft Email if one is given.

    ``open_rows`` gets the names of the fields that the account has, and gives the rows.
    Raises InvalidInput, naming the option, before any row is read; also as ``Import.run``.
    """
    _check(options, api_version, attach_to)
    send, check = _wire(api, api_version, name, description)
    if attach_to is not None:
        upload_groups.check_draft(api, attach_to)
    structure = api.contact_structure()
    rows = open_rows({*structure, *READ_ONLY})
    result = Import(api, send, structure, options, check).run(rows, sink, dry_run=dry_run)
    if attach_to is not None:
        _attach(api, result, attach_to)
    return result


def _attach(api: SentoriApi, result: ImportResult, draft_email: str) -> None:
    """Attach what was made; what goes wrong here ends the run, and takes nothing back of what was imported."""
    for group in result.upload_groups:
        try:
            upload_groups.attach(api, group, draft_email)
        except errors.SentoriError as error:
            result.stopped_by = error.followed_by(f"The rows are imported; Upload Group {group} is not attached.")
            return


def _check(options: Options, api_version: str, attach_to: str | None) -> None:
    for option, given in (("scope", options.scope), ("on_blank", options.on_blank), ("api_version", api_version)):
        if given not in CHOICES[option]:
            raise errors.InvalidInput(f"one of {', '.join(CHOICES[option])} is needed.", option=option)
    if options.chunk_size < 1:
        raise errors.InvalidInput("a number of at least 1 is needed.", option="chunk_size")
    if attach_to is not None and api_version == "v1":
        raise errors.InvalidInput("API v1 does not tell the Upload Group that it makes. Use v2.0.", option="attach_to")


def _wire(
    api: SentoriApi, api_version: str, name: str | None, description: str | None
) -> tuple[Callable[[Sequence[Contact]], Mapping[str, Any]], Check | None]:
    """How rows are sent, and what refuses a field that cannot be."""
    if api_version == "v2.0":
        return lambda rows: api.import_contacts(rows, name, description), None
    for option, text in (("name", name), ("description", description)):
        xml_import.header_text(text or "", option)
    return lambda rows: xml_import.import_contacts(api.transport, rows, name, description), xml_import.element
