# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""No file has two purposes in one run."""

from __future__ import annotations

import os
from itertools import permutations
from pathlib import Path

import pytest
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.runs.files import check_distinct


@pytest.fixture
def spellings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The same file, spelled in many ways."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "people.csv"
    file.write_text("EmailAddress\nmary@example.com\n")
    (tmp_path / "symbolic.csv").symlink_to(file)
    (tmp_path / "folder").symlink_to(tmp_path)
    os.link(file, tmp_path / "hard.csv")
    return [
        str(file),
        f"file://{file}",
        f"file:{file}",
        f"local://{file}",
        "people.csv",
        "./people.csv",
        f"{tmp_path}/../{tmp_path.name}/people.csv",
        "symbolic.csv",
        f"file://{tmp_path}/symbolic.csv",
        "hard.csv",
        "folder/people.csv",
    ]


def test_two_spellings_of_one_file_are_refused(spellings: list[str]) -> None:
    for one, other in permutations(spellings, 2):
        with pytest.raises(InvalidInput, match=r"^report: .* is also the file of src\. Name another file\.$"):
            check_distinct({"src": one, "report": other})


def test_a_file_that_does_not_exist_yet_is_compared_by_its_real_path(tmp_path: Path) -> None:
    (tmp_path / "folder").symlink_to(tmp_path)
    with pytest.raises(InvalidInput, match="differences"):
        check_distinct({"report": f"{tmp_path}/new.jsonl", "differences": f"{tmp_path}/folder/new.jsonl"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("s3://bucket/people.csv", "s3://bucket/people.csv"),
        ("s3://bucket/people.csv", "S3://bucket/reports/../people.csv"),
        ("s3://bucket/people.csv", "s3://aws_default@bucket/people.csv"),
    ],
)
def test_two_spellings_of_one_url_are_refused(one: str, other: str) -> None:
    with pytest.raises(InvalidInput, match="is also the file of source"):
        check_distinct({"source": one, "report": other})


def test_different_files_and_options_without_a_file_are_accepted(spellings: list[str], tmp_path: Path) -> None:
    for spelling in spellings:
        check_distinct({"src": spelling, "report": f"{tmp_path}/report.jsonl", "state_file": None, "progress": None})
    check_distinct({"source": "s3://one/people.csv", "report": "s3://other/people.csv", "differences": "/people.csv"})
