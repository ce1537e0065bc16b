# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Templates of all shipped DAGs in a run without a logical date, as Airflow 3 starts it for an asset or by hand."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from snippets import snippets
from versions import dag_bag

ROOT = Path(__file__).parents[3]
FOLDERS = ("airflow_provider_sentori/example_dags", "demo/dags", "demo/celery/dags", "tests/browser/dags")


@pytest.fixture(scope="module")
def dags(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("dags")
    for number, path in enumerate(path for each in FOLDERS for path in (ROOT / each).glob("[!_]*.py")):
        shutil.copy(path, folder / f"{number}_{path.name}")
    # The DAGs of docs/airflow.md are the examples, and that of docs/getting-started.md is the README's.
    for number, block in enumerate(snippets("README.md", "python")):
        (folder / f"readme_{number}.py").write_text(block)
    bag = dag_bag(folder)
    assert bag.import_errors == {}
    return bag


def templates(value: object) -> Iterator[str]:
    """Each text within a task's argument."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from templates(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from templates(one)


def test_every_template_renders_in_a_run_without_a_logical_date(dags: Any) -> None:
    context = {
        "run_id": "manual__2026-01-01T00:00:00+00:00",
        "var": SimpleNamespace(value=defaultdict(str, exports="/exports"), json=defaultdict(dict)),
        "params": defaultdict(str),
        "ti": SimpleNamespace(map_index=0, try_number=1, task_id="a_task"),
    }
    rendered = 0
    for dag in dags.dags.values():
        environment = dag.get_template_env()
        for task in dag.tasks:
            given = getattr(task, "partial_kwargs", None) or {
                name: getattr(task, name) for name in task.template_fields
            }
            for template in templates(list(given.values())):
                environment.from_string(template).render(context)
                rendered += "{{" in template
    assert rendered >= 5
