# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An import as a face's options declare it: which API, which Draft Email, which state file, and what goes together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Callable

from . import errors, import_state, upload_groups, xml_import
from .account_fields import AccountFields
from .api import SentoriApi
from .fields import Contact
from .import_plan import Check, RowOutcome
from .import_state import ImportState
from .imports import Import, ImportResult, Options, PlacedRow
from .progress import Progress
from .report import Report
from .sending import OnGroup

API_VERSIONS = ("v2.0", "v1")
CHOICES = {
    "scope": ("changed", "all"),
    "on_blank": ("keep", "clear", "error"),
    "api_version": API_VERSIONS,
    "verify": import_state.VERIFY,
}


@dataclass(frozen=True)
class Declared(Options):
    """What a user declares of an import, by the names that both faces give the options.

    ``gzip_level``: 0 (not compressed) to 9, with API v1. ``attach_to``: the ExternalID of a Draft Email.
    ``state_file``: a path; ``verify`` and ``verify_after_days``: as in ImportState.
    Raises InvalidInput on construction, naming the option.
    """

    api_version: str = "v2.0"
    name: str | None = None
    description: str | None = None
    gzip_level: int | None = None
    attach_to: str | None = None
    state_file: str | None = None
    verify: str = "changed"
    verify_after_days: float | None = None

    def __post_init__(self) -> None:
        for option, choices in CHOICES.items():
            if getattr(self, option) not in choices:
                raise errors.InvalidInput(f"one of {', '.join(choices)} is needed.", option=option)
        if self.chunk_size < 1:
            raise errors.InvalidInput("a number of at least 1 is needed.", option="chunk_size")
        if self.verify_after_days is not None and self.verify_after_days < 0:
            raise errors.InvalidInput("a number of at least 0 is needed.", option="verify_after_days")
        for option, is_given in (
            ("verify", self.verify != "changed"),
            ("verify_after_days", self.verify_after_days is not None),
        ):
            if is_given and self.state_file is None:
                raise errors.InvalidInput("goes with state_file only.", option=option)
        self._check_wire()

    def _check_wire(self) -> None:
        if self.api_version == "v1":
            if self.attach_to is not None:
                sentence = "API v1 does not tell the Upload Group that it makes. Use v2.0."
                raise errors.InvalidInput(sentence, option="attach_to")
            for option, text in (("name", self.name), ("description", self.description)):
                xml_import.header_text(text or "", option)
        elif self.gzip_level is not None:
            raise errors.InvalidInput("goes with api_version v1 only.", option="gzip_level")
        if self.gzip_level is not None and self.gzip_level not in xml_import.GZIP_LEVELS:
            raise errors.InvalidInput("a number from 0 to 9 is needed.", option="gzip_level")


def import_rows(
    api: SentoriApi,
    open_rows: Callable[[Collection[str]], Iterable[PlacedRow]],
    sink: Callable[[RowOutcome], object],
    declared: Declared,
    *,
    report: Report | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
    differing: Callable[[Contact], object] = lambda row: None,
) -> ImportResult:
    """Import rows, and attach the Upload Groups that this makes to a Draft Email if one is declared.

    ``open_rows`` gets what holds the names of the account's fields, and gives the rows. ``sink`` and ``differing``: as
    in ``Import.run``. ``report`` is complete and closed when this returns or raises.
    Raises InvalidInput, naming the option, before any row is read; also as ``Import.run``.
    """

    def take(outcome: RowOutcome) -> None:
        if report is not None:
            report.add(outcome)
        sink(outcome)

    result = ImportResult()
    error: BaseException | None = None
    try:
        _run(api, open_rows, take, declared, result, progress, dry_run, differing)
    except BaseException as raised:
        error = raised
        raise
    finally:
        if report is not None:
            report.close(result.summary, result.upload_groups, error or result.stopped_by)
    if report is not None and report.trouble is not None:
        result.warnings.append(report.trouble)
    return result


def _run(
    api: SentoriApi,
    open_rows: Callable[[Collection[str]], Iterable[PlacedRow]],
    sink: Callable[[RowOutcome], object],
    declared: Declared,
    result: ImportResult,
    progress: Progress | None,
    dry_run: bool,
    differing: Callable[[Contact], object],
) -> None:
    if declared.attach_to is not None:
        upload_groups.check_draft(api, declared.attach_to)
    send, check = _wire(api, declared)
    on_group = None if declared.api_version == "v1" else _on_group(api, declared.attach_to)
    with _state(api, declared, dry_run) as state:
        fields = AccountFields(api.contact_structure, state.names if state else ())
        engine = Import(
            api,
            send,
            fields.structure,
            declared,
            check=check,
            memory=state,
            progress=progress,
            on_group=on_group,
        )
        engine.run(open_rows(fields), sink, result=result, dry_run=dry_run, differing=differing)
        if state is not None and fields.names is not None:
            _keep_names(state, fields.names, result)


def _on_group(api: SentoriApi, draft_email: str | None) -> OnGroup:
    """Attaches each Upload Group as soon as it is made, so that a run that dies later leaves none behind."""

    def take(group: str | None) -> str | None:
        if group is None:
            lost = "The answer to a request was lost, and with it which Upload Group was made: look in Sentori."
            if draft_email is not None:
                raise errors.NotTaken(f"{lost} It is not attached to the Draft Email; use sentori_upload_group.")
            return lost
        if draft_email is not None:
            try:
                upload_groups.attach_checked(api, group, draft_email)
            except errors.SentoriError as error:
                raise error.followed_by(f"Its rows are imported; Upload Group {group} is not attached.") from None
        return None

    return take


def _keep_names(state: ImportState, names: Sequence[str], result: ImportResult) -> None:
    """Spare the next run a request; where that fails, what was imported is told all the same."""
    try:
        state.names = names
    except errors.InvalidInput as error:
        result.warnings.append(str(error))


@contextmanager
def _state(api: SentoriApi, declared: Declared, dry_run: bool) -> Iterator[ImportState | None]:
    if declared.state_file is None:
        yield None
        return
    with ImportState(
        declared.state_file,
        api.transport.account,
        on_blank=declared.on_blank,
        verify=declared.verify,
        verify_after_days=import_state.DAYS if declared.verify_after_days is None else declared.verify_after_days,
        dry_run=dry_run,
    ) as state:
        yield state


def _wire(api: SentoriApi, declared: Declared) -> tuple[Callable[[Sequence[Contact]], Mapping[str, Any]], Check | None]:
    """How rows are sent, and what refuses a field that cannot be."""
    name, description = declared.name, declared.description
    if declared.api_version == "v2.0":
        return lambda rows: api.import_contacts(rows, name, description), None
    level = xml_import.DEFAULT_GZIP if declared.gzip_level is None else declared.gzip_level
    return lambda rows: xml_import.import_contacts(api.transport, rows, name, description, level), xml_import.element
