# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The operator for people who are never mailed again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from .._internal.bulk.addresses import OF_SOURCE, AddressesOperator
from .._internal.bulk.suppressions import SuppressionsOperator


class SentoriSuppressionsOperator(AddressesOperator, SuppressionsOperator):
    """Suppress many addresses for good, so that they are never mailed again, or erase people.

    All contacts are read before the first address is sent, because nothing in Sentori's API takes a suppression back.
    An address that is invalid, a duplicate, rejected or failed never stops the others: every opt-out that can be
    registered is registered. The task fails as SentoriImportOperator does, and pushes its result to the XCom key
    ``sentori_result`` then.

    Returns ``changed``, ``complete``, ``summary`` (``total``, and how many are ``suppressed erased unchanged
    unverifiable duplicate invalid rejected in_doubt failed``), ``columns`` (as SentoriImportOperator), ``warnings``,
    ``report`` and ``rejects`` (their URLs, or None), ``api`` and ``plan_only``. ``unverifiable``: an address without a
    contact, of which Sentori shows nothing; it is sent at each run unless a memory knows it.

    :param emails: as in SentoriSubscribersOperator.
    :param source: as in SentoriSubscribersOperator.
    :param columns: as in SentoriSubscribersOperator.
    :param delimiter: as in SentoriImportOperator.
    :param encoding: as in SentoriImportOperator.
    :param source_format: as in SentoriImportOperator.
    :param strip: as in SentoriImportOperator.
    :param max_suppressions: how many addresses may be newly suppressed or erased: a number, or a percentage of the rows
        such as ``1%``. If it would be more, nothing is sent. Required for more than one address.
    :param state: ``suppressed``, for good; or ``erased``: suppressed, then the contact is deleted, and read once more.
    :param min_source_rows: as in SentoriImportOperator.
    :param max_source_drop: as in SentoriImportOperator.
    :param state_file: a file on the worker that remembers, in keyed hashes, which addresses are suppressed or erased,
        so that they are neither read nor sent again. Imports can share it, and do not bring an erased person back.
    :param state_conn_id: as in SentoriImportOperator.
    :param state_table: as in SentoriImportOperator.
    :param state_key: as in SentoriImportOperator.
    :param report: as in SentoriImportOperator. An erased person has no address there, but a keyed hash.
    :param report_addresses: as in SentoriImportOperator.
    :param rejects: as in SentoriImportOperator.
    :param max_rejected: how many addresses may be invalid or rejected: a number, or a percentage such as ``1%``.
    :param plan_only: only read, and return what would be done.
    :param sentori_conn_id: the connection, of type ``sentori``; its ``concurrency`` is the number of requests at once.
    """

    template_fields: Sequence[str] = (
        "emails",
        "source",
        *OF_SOURCE,
        *SuppressionsOperator.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"columns": "json"}
