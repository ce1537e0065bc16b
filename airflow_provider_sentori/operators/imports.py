# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The operators for imports and upload groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from os import PathLike
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import ObjectStoragePath

from .._internal.bulk.imports import ImportOperator
from .._internal.files import StoredFile
from .._internal.lazy_argument import LazyArgument
from .._internal.operator import SentoriOperator
from .._internal.run import no_failure, run_task
from ..core.errors import InvalidInput

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context, XComArg

    from ..core.contacts.schema import Schema
    from ..core.fields import FieldValue
    from ..core.rows.row import Rows
    from ..hooks.sentori import SentoriHook


class SentoriImportOperator(ImportOperator):
    """Import the contacts of a file, or of another task's rows, by Sentori's bulk import.

    Contacts are read first, and only rows that differ are sent: a run in which all rows are up to date sends nothing,
    and a task that died in the middle sends what is missing when it is retried. Rows stream through: memory does not
    grow with the file. The log shows the progress every ten seconds.

    The task fails after everything is done and the report is complete: with AirflowException if a retry may help
    (no response, rows in doubt), otherwise (a wrong key, a broken file, too many rejected rows) with
    AirflowFailException, and ``retries`` do not apply. A task that fails pushes its result to the XCom key
    ``sentori_result``.

    Returns, in less than 4 KiB, ``changed``, ``complete``, ``summary`` (``total created updated unchanged
    suppressed_updated bad_email_updated unverifiable not_mailable duplicate invalid rejected in_doubt failed``),
    ``counters`` (Sentori's own, added up), ``upload_groups`` (the ExternalIDs of the first ones) and
    ``upload_groups_total``, ``columns`` (``mapped``: column -> field, and ``ignored``, the first ones of each),
    ``warnings``, ``report``, ``rejects`` and ``differences`` (their URLs, or None), ``api``
    and ``plan_only``. Neither this, nor the log, nor a rendered template contains an address or a value.

    :param source: a file, CSV with a header, JSON Lines, a JSON array of objects (``.json``), or an address a line
        (``.txt``), each also compressed by gzip: a path or URL as ObjectStoragePath takes it. Or another task's output:
        such a path, or rows, each a mapping of fields to values. It is resolved when the task runs, and appears in no
        rendered template.
    :param columns: column -> contact field, where the names differ.
    :param ignore_unmapped: leave out columns that are not contact fields, instead of refusing them.
    :param delimiter: the character between the columns of CSV. If not given, a first line such as ``sep=;`` tells it,
        or it is the one of comma, semicolon, tab and ``|`` by which the header has the column with the addresses.
    :param encoding: the encoding of the file, if not UTF-8, and no byte order mark tells it.
    :param source_format: ``csv``, ``jsonl``, ``json`` or ``txt``, if the file's name does not tell.
    :param strip: remove blanks and invisible characters at the ends of the names and cells of CSV, and read
        ``="0012"`` as ``0012``. Addresses are always stripped.
    :param name: the name of the upload group that Sentori makes.
    :param description: its description.
    :param scope: ``changed`` sends the rows that differ; ``all`` sends every row, so that the upload group holds all.
    :param compare: read the contacts first. Without it every valid row is sent that the memory does not know.
    :param on_blank: an empty cell leaves the field unchanged (``keep``), clears it (``clear``), or makes the row
        invalid (``error``).
    :param api_version: ``v2.0``, or ``v1`` (XML, which returns no upload group).
    :param gzip_level: with ``v1``, the compression: 0 (none) to 9; 6 if not given.
    :param chunk_size: the maximum number of rows of a request; each request makes an upload group.
    :param attach_to: the draft email to which the upload groups are attached, by its ExternalID, or by its exact name
        if only one has it.
    :param min_source_rows: the fewest rows that the source may have. With fewer, nothing is sent, and the task fails; a
        retry may help. The rows are counted first: a file is read once more, a query is counted by the database
        (``count(*)``), or read once more where the database cannot.
    :param max_source_drop: with a memory, by how many rows the source may be smaller than in the last successful run of
        this task: a number, or a percentage of its rows then such as ``10%``. With fewer, nothing is sent, and the task
        fails.
    :param state_file: a file on the worker that remembers which rows Sentori already has, so that only the contacts of
        changed rows are read. Workers cannot share it: use it if always the same worker runs the task.
    :param state_conn_id: instead of ``state_file``, a connection to PostgreSQL, MySQL or SQLite: the same memory in a
        table, which any worker has. One run at a time uses it; another one fails, and its ``retries`` apply.
    :param state_table: the name of this table, ``sentori_state`` if not given, with a schema and a dot before it if
        needed. It is made if it does not exist, and so is a second one whose name ends in ``_keys``.
    :param state_key: the name of the memory in the table: ``DAG_ID.TASK_ID`` if not given, of a mapped task
        ``DAG_ID.TASK_ID[MAP_INDEX]``. Tasks that share a memory have the same.
    :param verify: with a memory, read the contacts of ``changed`` rows, or of ``all`` rows.
    :param verify_after_days: with a memory, in how many days the contact of every row is read once, a part of them
        each day; 7 if not given.
    :param report: where the report is written, JSON Lines of the rows that were not simply done: a path or URL as
        ObjectStoragePath takes it. A link of the task leads to it.
    :param report_addresses: write whole addresses to the report instead of redacted ones.
    :param rejects: where the rows that are invalid, rejected, failed or in doubt are written as they are in the source,
        each with its reason in ``_reason``: a path or URL as ObjectStoragePath takes it. The file has the format, the
        columns, the delimiter and the encoding of the source (CSV for a query), and is a source when it is corrected.
    :param max_rejected: how many rows may be invalid or rejected: a number, or a percentage of all rows such as ``1%``.
    :param differences: with ``plan_only``, the file for the rows that would be sent: JSON Lines, and a source for
        another import. So many tasks can compare a big file at once, and one task at a time imports it.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``; its ``concurrency`` and ``requests_per_second`` limit
        the reads.
    """

    template_fields: Sequence[str] = (
        "source",
        "delimiter",
        "encoding",
        "source_format",
        "strip",
        *ImportOperator.template_fields,
    )
    # The source, resolved when the task runs.
    _found: object = None

    def __init__(
        self,
        *,
        source: str | PathLike[str] | ObjectStoragePath | XComArg | Sequence[Mapping[str, FieldValue]],
        delimiter: str | None = None,
        encoding: str | None = None,
        source_format: str | None = None,
        strip: bool | str = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        shown_as = str(source) if isinstance(source, (PathLike, ObjectStoragePath)) else "rows"
        self.source = LazyArgument(source, shown_as)
        self.delimiter = delimiter
        self.encoding = encoding
        self.source_format = source_format
        self.strip = strip

    def execute(self, context: Context) -> dict[str, Any]:
        self._found = self.source.value(self, context)
        return super().execute(context)

    def _source_file(self) -> str | None:
        return str(self._found) if isinstance(self._found, (str, PathLike, ObjectStoragePath)) else None

    def _open_rows(self, context: Context, schema: Schema) -> AbstractContextManager[Rows]:
        return closing(self._rows(self._found, schema))

    def _rows(self, found: object, schema: Schema) -> Rows:
        from ..core.rows import sources

        ignore_unmapped, strip = self._boolean("ignore_unmapped"), self._boolean("strip")
        if isinstance(found, (str, PathLike, ObjectStoragePath)):
            return sources.open_source(
                StoredFile(found),
                columns=self.columns,
                ignore_unmapped=ignore_unmapped,
                delimiter=self.delimiter,
                encoding=self.encoding or sources.DEFAULT_ENCODING,
                schema=schema,
                source_format=self.source_format,
                strip=strip,
            )
        if not isinstance(found, Iterable) or isinstance(found, (bytes, Mapping)):
            message = f"a path or a list of rows is needed, and type {type(found).__name__} was given."
            raise InvalidInput(message, option="source")
        for option in ("delimiter", "encoding", "source_format"):
            if getattr(self, option) is not None:
                raise InvalidInput("can only be used with a file.", option=option)
        if not strip:
            raise InvalidInput("can only be used with a file.", option="strip")
        return sources.given_rows(found, "source", columns=self.columns, ignore_unmapped=ignore_unmapped, schema=schema)


class SentoriUploadGroupOperator(SentoriOperator):
    """Attach an upload group to a draft email.

    Sentori does not show what is attached to a draft, so the request is sent each time, and counts as a change. The
    task fails before sending if ``attach_to`` is not a draft, and otherwise as SentoriContactOperator does.

    Returns ``changed``, ``upload_group``, ``attach_to``, ``api`` and ``plan_only``.

    :param upload_group: the upload group's ExternalID, as an import returns it.
    :param attach_to: the draft email, by its ExternalID, or by its exact name if only one has it.
    :param plan_only: only check whether the draft exists.
    :param sentori_conn_id: the connection, of type ``sentori``.
    """

    template_fields: Sequence[str] = ("upload_group", "attach_to", *SentoriOperator.template_fields)

    def __init__(self, *, upload_group: str, attach_to: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.upload_group = upload_group
        self.attach_to = attach_to

    def execute(self, context: Context) -> dict[str, Any]:
        _, statistics = run_task(self._connected(), self._attach, no_failure)
        line = f"Upload group {self.upload_group}: {self._predicted('attached')} to draft email {self.attach_to}"
        result = {"changed": True, "upload_group": self.upload_group, "attach_to": self.attach_to}
        return self._complete(context, line, statistics, result)

    def _attach(self, hook: SentoriHook) -> None:
        from ..core.imports.upload_groups import attach

        attach(hook.get_conn(), self.upload_group, self.attach_to, dry_run=self.is_dry_run)
