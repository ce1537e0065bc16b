# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""OpenLineage gets the datasets and counts of a task, and no personal data."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from airflow_provider_sentori.operators.sentori import SentoriImportOperator, SentoriSubscribersOperator
from sentori_sandbox import Sandbox

pytest.importorskip("airflow.providers.openlineage", reason="OpenLineage's provider is optional")


@pytest.mark.parametrize("plan_only", [False, True])
def test_an_import_reads_the_file_and_writes_the_contacts(sentori: Sandbox, tmp_path: Path, plan_only: bool) -> None:
    (tmp_path / "people.csv").write_text("EmailAddress\nmary@example.com\njoe@example.com\nnobody\n")
    task = SentoriImportOperator(
        task_id="people", source=str(tmp_path / "people.csv"), max_rejected=1, plan_only=plan_only
    )
    assert task.get_openlineage_facets_on_complete(None) is None

    task.execute({})
    lineage = task.get_openlineage_facets_on_complete(None)

    assert lineage is not None
    ((read,), (written,)) = lineage.inputs, lineage.outputs
    assert (read.namespace, read.name) == ("file", str(tmp_path / "people.csv"))
    assert (written.namespace, written.name) == (f"sentori://{urlsplit(sentori.url).netloc}", "contacts")
    assert written.outputFacets["outputStatistics"].rowCount == (0 if plan_only else 2)
    assert "mary" not in str(lineage)


def test_a_mailing_list_is_its_own_dataset(sentori: Sandbox) -> None:
    sentori.reset(seed={"mailing_lists": [{"ExternalID": "NEWS2024", "Name": "News"}]})
    task = SentoriSubscribersOperator(
        task_id="news", mailing_list="News", emails=["mary@example.com"], create_missing=True
    )
    task.execute({})
    lineage = task.get_openlineage_facets_on_complete(None)

    assert lineage is not None and lineage.inputs == []
    assert lineage.outputs[0].name == "mailing-lists/NEWS2024"
    assert "mary" not in str(lineage)
