# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task over many rows: its diffs, problems and files."""

from __future__ import annotations

import pytest
from ansible_collections.sentori.sentori.plugins.module_utils import _bulk, _shows
from ansible_collections.sentori.sentori.plugins.module_utils._results import problem
from ansible_collections.sentori.sentori.plugins.module_utils.core.errors import EmailAddressNotValid, InvalidInput
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.outcome import OF_CONTACTS, Outcome
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.result import Part


def diff_of(limit, *actions):
    diff = _shows.RowDiff(limit)
    for number, action in enumerate(actions):
        diff.take(Part([Outcome(f"{number}@example.com", action, f"contacts[{number}]", "why")]))
    return diff.diff()


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


def added(shown, *outcomes):
    for outcome in outcomes:
        shown.take(Part([outcome]))
    return shown


def test_the_diff_of_contacts_has_the_fields_of_the_first_changed_ones():
    shown = added(
        _shows.Items(_shows.ContactDiff(2), _shows.contact_entry),
        Outcome("new@example.com", "created", after={"FirstName": "New"}),
        Outcome("same@example.com", "unchanged"),
        Outcome("old@example.com", "deleted", before={"FirstName": "Old"}),
        Outcome("more@example.com", "created", after={"FirstName": "More"}),
    )
    assert shown.diff() == {
        "before": {"old@example.com": {"FirstName": "Old"}},
        "after": {"new@example.com": {"FirstName": "New"}, "...": "and 1 more"},
    }
    assert [entry["fields"] for entry in shown.result()["results"]] == [["FirstName"], [], [], ["FirstName"]]


def test_the_diff_of_a_list_is_truncated_with_a_count():
    outcomes = [Outcome(f"{name}@example.com", "subscribed") for name in ("c", "B", "a")]
    shown = added(_shows.Items(_shows.ListDiff(2), None), *outcomes)
    assert shown.diff() == {"before": "", "after": "c@example.com\nB@example.com\n... and 1 more\n"}
    assert shown.result() == {}


GIVEN = {
    "src": None,
    "diff_limit": 0,
    "max_rejected": "0",
    "report": None,
    "report_addresses": False,
    "rejects": None,
    "progress": None,
    "strip": True,
    **dict.fromkeys(_bulk.OF_FILES),
}


def task(**given):
    return _bulk.BulkTask({**GIVEN, **given}, OF_CONTACTS, _shows.RowDiff(0), dry_run=False)


def test_a_result_has_the_counts_and_the_reasons_with_their_places():
    outcome = Outcome("a@example.com", "created", "contacts[1]").refused(EmailAddressNotValid("No.", code=100))
    with task().recorder() as recorder:
        recorder.take(Part([outcome, Outcome("b@example.com", "unchanged", "contacts[0]")]))
    result = task().result(recorder.result)
    assert result["failed"] and result["summary"]["rejected"] == 1
    assert result["msg"] == "Invalid or rejected rows: 1 of 2; the limit is 0 (max_rejected). contacts[1]: No."
    assert "failed" not in task(max_rejected="50%").result(recorder.result)


def test_progress_file_has_one_line_and_is_removed_at_the_end(tmp_path):
    file = tmp_path / "progress"
    with task(progress=str(file)).progress():
        line = file.read_text(encoding="utf-8")
        assert len(line) == _bulk.WIDTH + 1
        assert line.count("\n") == 1
    assert not file.exists()


def test_progress_file_is_removed_after_a_failure(tmp_path):
    file = tmp_path / "progress"
    with pytest.raises(KeyError), task(progress=str(file)).progress():
        raise KeyError
    assert not file.exists()


@pytest.mark.parametrize("option", ["report", "rejects", "progress"])
def test_a_file_that_cannot_be_written_is_named_with_its_option(tmp_path, option):
    one = task(**{option: str(tmp_path / "nowhere" / "file")})
    message = rf"{option}: .* cannot be written: No such file or directory"
    with pytest.raises(InvalidInput, match=message), one.progress():
        one.recorder()


@pytest.mark.parametrize("option", _bulk.OF_FILES)
def test_options_of_a_file_are_refused_without_src(option):
    with pytest.raises(InvalidInput, match=option):
        task(**{option: "x"})
