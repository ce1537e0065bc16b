# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What OpenLineage learns of a task: datasets and counts, and about nobody."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from airflow_provider_sentori.operators.sentori import SentoriImportOperator, SentoriSubscribersOperator
from sentori_sandbox import Sandbox

pytest.importorskip("airflow.providers.openlineage", reason="OpenLineage's provider is optional")


@pytest.mark.parametrize("plan_only", [False, True])
def test_an_import_has_read_a_file_and_written_contacts(sentori: Sandbox, tmp_path: Path, plan_only: bool) -> None:
    (tmp_path / "people.csv").write_text("EmailAddress\nmary@example.com\njoe@example.com\nnobody\n")
    task = SentoriImportOperator(
        task_id="people", source=str(tmp_path / "people.csv"), max_rejected=1, plan_only=plan_only
    )
    assert task.get_openlineage_facets_on_complete(None) is None

    task.execute({})
    told = task.get_openlineage_facets_on_complete(None)

    assert told is not None
    ((read,), (written,)) = told.inputs, told.outputs
    assert (read.namespace, read.name) == ("file", str(tmp_path / "people.csv"))
    assert (written.namespace, written.name) == (f"sentori://{urlsplit(sentori.url).netloc}", "contacts")
    assert written.outputFacets["outputStatistics"].rowCount == (0 if plan_only else 2)
    assert "mary" not in str(told)


def test_a_list_is_a_dataset_of_its_own(sentori: Sandbox) -> None:
    sentori.reset(seed={"mailing_lists": [{"ExternalID": "NEWS2024", "Name": "News"}]})
    task = SentoriSubscribersOperator(
        task_id="news", mailing_list="News", emails=["mary@example.com"], create_missing=True
    )
    task.execute({})
    told = task.get_openlineage_facets_on_complete(None)

    assert told is not None and told.inputs == []
    assert told.outputs[0].name == "mailing-lists/NEWS2024"
    assert "mary" not in str(told)
