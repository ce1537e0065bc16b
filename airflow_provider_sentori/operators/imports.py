# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Many Contacts by Sentori's bulk import, and its Upload Groups for a Draft Email."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from os import PathLike
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import ObjectStoragePath

from .. import coercion
from ..core import sources
from ..core.errors import InvalidInput
from ..core.upload_groups import attach
from ..hooks.sentori import SentoriHook
from ..importing import ImportingOperator
from ..operator import SentoriOperator
from ..run import no_failure, run
from ..stored_file import StoredFile
from ..unrendered import Unrendered

if TYPE_CHECKING:
    from collections.abc import Collection

    from airflow.providers.common.compat.sdk import Context, XComArg

    from ..core.fields import FieldValue


class SentoriImportOperator(ImportingOperator):
    """The Contacts of a file, or of another task's rows, are in Sentori, by its bulk import.

    Contacts are read first, and only rows that differ are sent: a run in which all rows hold sends nothing, and a
    task that died in the middle sends what is missing when it is tried again. Rows stream through: memory does not
    grow with the file. The log says every ten seconds how far it is.

    It fails after everything is done and the report is complete: with AirflowException where trying again may help
    (no answer, rows in doubt), otherwise (a wrong key, a broken file, too many rejected rows) with
    AirflowFailException, and ``retries`` do not apply.

    Returns, in less than 4 KiB, ``changed``, ``summary`` (``total created updated unchanged suppressed_updated
    bad_email_updated duplicate invalid rejected in_doubt failed``), ``upload_groups`` (the ExternalIDs of the first
    ones) and ``upload_groups_total``, ``warnings``, ``report`` and ``differences`` (their addresses, or None),
    ``api`` and ``plan_only``. Neither this, nor the log, nor a rendered template holds an address or a value.

    :param source: a file, CSV with a header or JSON Lines, each also as ``.gz``: a path or URL as ObjectStoragePath
        takes it. Or another task's output: such a path, or rows, each a mapping of fields to values. It is looked up
        when the task runs, and is in no rendered template.
    :param columns: column -> Contact Field, where the names differ.
    :param ignore_unmapped: leave out columns that are no Contact Fields, instead of refusing them.
    :param delimiter: what separates the columns of CSV, if not a comma.
    :param encoding: the encoding of the file, if not UTF-8.
    :param source_format: ``csv`` or ``jsonl``, if the file's name does not tell.
    :param name: the name of the Upload Group that Sentori makes.
    :param description: its description.
    :param scope: ``changed`` sends the rows that differ; ``all`` everybody, so that the Upload Group holds everybody.
    :param compare: read the Contacts first. Without it every valid row is sent that is not known by ``state_file``.
    :param on_blank: an empty cell leaves the field alone (``keep``), clears it (``clear``), or is refused (``error``).
    :param api_version: ``v2.0``, or ``v1`` (XML, which tells no Upload Group).
    :param gzip_level: with ``v1``, how much it is compressed: 0 (not) to 9; 6 if not given.
    :param chunk_size: rows of a request, at the most; each request makes an Upload Group.
    :param attach_to: the ExternalID of a Draft Email to which the Upload Groups are attached.
    :param state_file: a file on the worker that keeps which rows are known to be in Sentori, so that only the
        Contacts of changed rows are read. It is no place to share: use it where one worker runs the task.
    :param verify: with ``state_file``, read Contacts whose row has ``changed``, or ``all``.
    :param verify_after_days: with ``state_file``, read a Contact again after so many days.
    :param report: where the report goes, JSON Lines of what was not simply done: a path or URL as ObjectStoragePath
        takes it. A link of the task leads there.
    :param report_addresses: write whole addresses into the report, not redacted ones.
    :param max_rejected: how many rows Sentori may reject, and apart from them how many may be invalid.
    :param max_rejected_percent: the same as a percentage of all rows.
    :param min_rows: how many rows there must be for ``max_rejected_percent`` to apply.
    :param differences: with ``plan_only``, where the rows go that would be sent: JSON Lines, and a source for another
        import. So a big file is compared by many tasks at once, and imported by one at a time.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``; its ``concurrency`` and ``requests_per_second`` bound
        the reads.
    """

    template_fields: Sequence[str] = (
        "source",
        "delimiter",
        "encoding",
        "source_format",
        *ImportingOperator.template_fields,
    )
    _source: str | None = None

    def __init__(
        self,
        *,
        source: str | PathLike[str] | ObjectStoragePath | XComArg | Sequence[Mapping[str, FieldValue]],
        delimiter: str | None = None,
        encoding: str | None = None,
        source_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source = Unrendered(source, str(source) if isinstance(source, (PathLike, ObjectStoragePath)) else "rows")
        self.delimiter = delimiter
        self.encoding = encoding
        self.source_format = source_format

    def _source_file(self) -> str | None:
        return self._source

    def execute(self, context: Context) -> dict[str, Any]:
        found = self.source.look_up(self, context)
        if isinstance(found, (str, PathLike, ObjectStoragePath)):
            self._source = str(found)
        return self._imported(context, lambda known: closing(self._rows(found, known)))

    def _rows(self, found: object, known_fields: Collection[str]) -> sources.Rows:
        ignore = coercion.boolean(self.ignore_unmapped, "ignore_unmapped")
        if isinstance(found, (str, PathLike, ObjectStoragePath)):
            return sources.open_source(
                StoredFile(found),
                columns=self.columns,
                ignore_unmapped=ignore,
                delimiter=self.delimiter,
                encoding=self.encoding or sources.DEFAULT_ENCODING,
                known_fields=known_fields,
                source_format=self.source_format,
            )
        if not isinstance(found, Iterable) or isinstance(found, (str, bytes, Mapping)):
            kind = type(found).__name__
            raise InvalidInput(f"a path or a list of rows is needed, and this is of type {kind}.", option="source")
        for option in ("delimiter", "encoding", "source_format"):
            if getattr(self, option) is not None:
                raise InvalidInput("goes with a file only.", option=option)
        return sources.given_rows(
            found, "source", columns=self.columns, ignore_unmapped=ignore, known_fields=known_fields
        )


class SentoriUploadGroupOperator(SentoriOperator):
    """An Upload Group is attached to a Draft Email.

    Sentori does not show what is attached to a draft, so the call is sent each time, and counts as a change. A draft
    that is none is said before the call. It fails as SentoriContactOperator does.

    Returns ``changed``, ``upload_group``, ``attach_to``, ``api`` and ``plan_only``.

    :param upload_group: the Upload Group's ExternalID, as an import returns it.
    :param attach_to: the Draft Email's ExternalID.
    :param plan_only: only look whether there is such a draft.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = ("upload_group", "attach_to", "plan_only", "sentori_conn_id")

    def __init__(
        self,
        *,
        upload_group: str,
        attach_to: str,
        plan_only: bool | str = False,
        sentori_conn_id: str = SentoriHook.default_conn_name,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.upload_group = upload_group
        self.attach_to = attach_to
        self.plan_only = plan_only
        self.sentori_conn_id = sentori_conn_id

    def execute(self, context: Context) -> dict[str, Any]:
        _, statistics = run(self.sentori_conn_id, self._attach, no_failure)
        plan_only = coercion.boolean(self.plan_only, "plan_only")
        self.log.info(
            "Upload Group %s: %sattached to Draft Email %s; requests: %d, retries: %d, seconds waited: %g",
            self.upload_group,
            "would be " if plan_only else "",
            self.attach_to,
            *asdict(statistics).values(),
        )
        result = {
            "changed": True,
            "upload_group": self.upload_group,
            "attach_to": self.attach_to,
            "api": asdict(statistics),
            "plan_only": plan_only,
        }
        self._tell(context, result)
        return result

    def _attach(self, hook: SentoriHook) -> None:
        plan_only = coercion.boolean(self.plan_only, "plan_only")
        attach(hook.get_conn(), self.upload_group, self.attach_to, dry_run=plan_only)
