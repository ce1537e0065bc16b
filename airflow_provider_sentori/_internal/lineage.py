# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A task's result for OpenLineage. Imported only if OpenLineage's provider is installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from airflow.providers.common.compat.openlineage.facet import (
    Dataset,
    OutputDataset,
    OutputStatisticsOutputDatasetFacet,
)
from airflow.providers.openlineage.extractors import OperatorLineage

from ..core.runs.outcome import CHANGES
from ..hooks.sentori import SentoriHook


def lineage(sentori_conn_id: str, source_file: str | None, result: Mapping[str, Any]) -> OperatorLineage[Any, Any]:
    """The file that was read, and the dataset in Sentori that was written, with the number of its rows."""
    if "summary" in result:
        rows = sum(count for action, count in result["summary"].items() if action in CHANGES)
    else:
        rows = int(result["changed"])
    namespace = f"sentori://{SentoriHook(sentori_conn_id).settings.host}"
    name = f"mailing-lists/{result['mailing_list']}" if result.get("mailing_list") else "contacts"
    written = 0 if result["plan_only"] else rows
    statistics: dict[str, Any] = {"outputStatistics": OutputStatisticsOutputDatasetFacet(rowCount=written)}
    return OperatorLineage(
        inputs=[] if source_file is None else [_file(source_file)],
        outputs=[OutputDataset(namespace=namespace, name=name, outputFacets=statistics)],
    )


def exported(sentori_conn_id: str, what: str, mailing_list: str | None, file: str | None) -> OperatorLineage[Any, Any]:
    """What was read from Sentori, and the file that was written, if it is one."""
    name = f"mailing-lists/{mailing_list}" if mailing_list else what.replace("_", "-")
    namespace = f"sentori://{SentoriHook(sentori_conn_id).settings.host}"
    outputs = [] if file is None else [_file(file)]
    return OperatorLineage(inputs=[Dataset(namespace=namespace, name=name)], outputs=outputs)


def _file(address: str) -> Dataset:
    parts = urlsplit(address)
    scheme = parts.scheme or "file"
    # The ID of a connection may stand before the bucket.
    bucket = parts.netloc.rpartition("@")[2]
    return Dataset(namespace=f"{scheme}://{bucket}" if bucket else scheme, name=parts.path)
