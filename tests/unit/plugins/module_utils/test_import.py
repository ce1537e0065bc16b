# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import as a task of Ansible: the diff, the problems and the progress file."""

from __future__ import annotations

import pytest
from ansible_collections.sentori.sentori.plugins.module_utils import _import
from ansible_collections.sentori.sentori.plugins.module_utils._results import problem
from ansible_collections.sentori.sentori.plugins.module_utils.core.errors import EmailAddressNotValid, InvalidInput
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.outcome import Outcome


def diff_of(limit, *actions):
    diff = _import.Diff(limit)
    for number, action in enumerate(actions):
        diff.add(Outcome(f"{number}@example.com", action, f"contacts[{number}]", "why"))
    return diff.result()


def test_the_diff_shows_the_first_changes_and_a_count_of_the_others():
    assert diff_of(2, "created", "updated", "rejected", "created", "unchanged") == {
        "before": "",
        "after": "0@example.com: created\n1@example.com: updated\n... and 1 more\n",
    }


def test_a_diff_within_its_limit_is_not_truncated():
    assert diff_of(1, "created")["after"] == "0@example.com: created\n"


def test_a_problem_has_its_place_and_reason():
    outcome = Outcome("mary@example.com", "created", "contacts[1]").refused(EmailAddressNotValid("No.", code=100))
    assert problem(outcome) == {
        "outcome": "rejected",
        "place": "contacts[1]",
        "email": "mary@example.com",
        "code": 100,
        "reason": "No.",
        "certainty": "exact",
    }


def test_progress_file_has_one_line_and_is_removed_at_the_end(tmp_path):
    file = tmp_path / "progress"
    with _import._progress(str(file)):
        line = file.read_text(encoding="utf-8")
        assert len(line) == _import.WIDTH + 1
        assert line.count("\n") == 1
    assert not file.exists()


def test_progress_file_is_removed_after_a_failure(tmp_path):
    file = tmp_path / "progress"
    with pytest.raises(KeyError), _import._progress(str(file)):
        raise KeyError
    assert not file.exists()


def test_a_file_that_cannot_be_written_is_named_with_its_option(tmp_path):
    with pytest.raises(InvalidInput, match=r"report: .* cannot be written: No such file or directory"):
        _import._opened(str(tmp_path / "nowhere" / "report"), "report")


@pytest.mark.parametrize("option", _import.OF_FILES)
def test_options_of_a_file_are_refused_without_src(option):
    given = dict.fromkeys(("src", *_import.OF_FILES), None)
    with pytest.raises(InvalidInput, match=option):
        _import.import_result(None, {**given, option: "x", "diff_limit": 0}, dry_run=False)
