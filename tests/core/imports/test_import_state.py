# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The state file: unchanged rows take no request, and a row in doubt is never remembered."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.imports.memory import ImportState, Keys
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.memory.account import AccountMemory
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.rows.row import Row
from airflow_provider_sentori.core.rows.sources import given_rows
from airflow_provider_sentori.core.runs.outcome import Outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run_import import import_from
from run_many import into
from sentori_sandbox import Sandbox

DAY = 86400


@pytest.fixture
def state_file(tmp_path: Path) -> Path:
    return tmp_path / "people.state"


def run(
    api: SentoriApi, state_file: Path, rows: list[dict[str, Any]], *, dry_run: bool = False, **declared: Any
) -> list[str]:
    """The outcomes in the order of the rows."""
    outcomes: list[Outcome] = []
    wanted = ImportOptions(memory=StateFile(str(state_file)), **declared)
    result = import_from(
        api, lambda schema: given_rows(rows, schema=schema), wanted, sink=into(outcomes), dry_run=dry_run
    )
    assert result.stopped_by is None
    by_place = {outcome.place: outcome.action for outcome in outcomes}
    return [by_place[f"contacts[{index}]"] for index in range(len(rows))]


def routes(sandbox: Sandbox) -> Counter[str]:
    found = Counter(entry.route for entry in sandbox.requests())
    sandbox.clear_requests()
    return found


def people(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"EmailAddress": f"p{number}@example.com", **fields} for number in range(count)]


def keys_of(state: ImportState, rows: list[dict[str, Any]]) -> Keys:
    return state.keys([Row("", row) for row in rows])


@pytest.fixture
def known(api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path) -> list[dict[str, Any]]:
    """The rows of five people who are in Sentori and in the state file."""
    rows = people(5, FirstName="P")
    assert run(api, state_file, rows) == ["created"] * 5
    sentori_sandbox.clear_requests()
    return rows


def test_an_unchanged_file_takes_no_request(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path, known: list[dict[str, Any]]
) -> None:
    assert run(api, state_file, [*known, known[0]]) == ["unchanged"] * 5 + ["duplicate"]
    assert sentori_sandbox.requests() == []


def test_only_contacts_with_a_changed_row_are_read(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path, known: list[dict[str, Any]]
) -> None:
    rows = [{**known[0], "FirstName": "Q"}, *known[1:], {"EmailAddress": "new@example.com"}]
    assert run(api, state_file, rows, dry_run=True) == ["updated", *["unchanged"] * 4, "created"]
    assert routes(sentori_sandbox) == {"contact/getstructure": 1, "contact/get": 2}
    assert run(api, state_file, rows) == ["updated", *["unchanged"] * 4, "created"]
    assert routes(sentori_sandbox) == {"contact/getstructure": 1, "contact/get": 2, "contact/import": 1}
    assert run(api, state_file, rows) == ["unchanged"] * 6
    assert routes(sentori_sandbox) == {}


def test_rows_that_were_unchanged_are_remembered_too(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path
) -> None:
    sentori_sandbox.put_contact("p0@example.com", FirstName="P")
    rows = people(1, FirstName="P")
    assert [run(api, state_file, rows), run(api, state_file, rows)] == [["unchanged"]] * 2
    assert routes(sentori_sandbox) == {"contact/getstructure": 1, "contact/get": 1}


def test_a_rejected_row_is_not_sent_again_until_it_is_verified(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path
) -> None:
    rows = [*people(2), {"EmailAddress": "info@example.com"}]
    assert run(api, state_file, rows) == ["created", "created", "rejected"]
    sentori_sandbox.clear_requests()
    assert run(api, state_file, rows) == ["unchanged", "unchanged", "rejected"]
    assert sentori_sandbox.requests() == []
    sentori_sandbox.assume({"import-role-based": "none"})
    assert run(api, state_file, rows, verify="all") == ["unchanged", "unchanged", "created"]


def test_check_mode_treats_an_empty_state_file_as_new(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path
) -> None:
    state_file.touch()
    assert run(api, state_file, people(1), dry_run=True) == ["created"]
    assert state_file.read_bytes() == b""
    assert run(api, state_file, people(1)) == ["created"]


def test_an_unmapped_column_is_imported_once_the_account_has_its_field(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path
) -> None:
    rows = people(1, Shoe="40")
    for _run in range(2):
        outcomes: list[Outcome] = []
        import_from(
            api,
            lambda schema: given_rows(rows, ignore_unmapped=True, schema=schema),
            ImportOptions(memory=StateFile(str(state_file))),
            sink=into(outcomes),
        )
    assert outcomes[-1].action == "unchanged"
    contacts = sentori_sandbox.contacts()
    sentori_sandbox.reset(seed={"structure": {"Shoe": "string"}, "contacts": contacts})
    import_from(
        api,
        lambda schema: given_rows(rows, ignore_unmapped=True, schema=schema),
        ImportOptions(memory=StateFile(str(state_file))),
        sink=into(outcomes),
    )
    assert outcomes[-1].action == "updated"


def test_without_compare_rows_with_mixed_outcomes_are_remembered(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path
) -> None:
    sentori_sandbox.put_contact("p0@example.com")
    rows = people(3, FirstName="P")
    wanted = ImportOptions(memory=StateFile(str(state_file)), compare=False)
    import_from(api, lambda schema: given_rows(rows, schema=schema), wanted)
    sentori_sandbox.clear_requests()
    assert run(api, state_file, rows, compare=False) == ["unchanged"] * 3
    assert sentori_sandbox.requests() == []


def test_check_mode_creates_no_state_file(api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path) -> None:
    sentori_sandbox.put_contact("p0@example.com")
    assert run(api, state_file, people(1), dry_run=True) == ["unchanged"]
    assert not state_file.exists()


def test_without_compare_only_changed_rows_are_sent_and_none_is_read(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path, known: list[dict[str, Any]]
) -> None:
    rows = [{**known[0], "FirstName": "Q"}, *known[1:]]
    assert run(api, state_file, rows, compare=False) == ["updated", *["unchanged"] * 4]
    assert routes(sentori_sandbox) == {"contact/getstructure": 1, "contact/import": 1}


@pytest.mark.parametrize("verify", [{"verify": "all"}, {"verify_after_days": 0}], ids=str)
def test_verifying_all_rows_finds_changes_made_elsewhere(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path, known: list[dict[str, Any]], verify: dict[str, Any]
) -> None:
    sentori_sandbox.put_contact("p2@example.com", FirstName="Somebody else's")
    assert run(api, state_file, known) == ["unchanged"] * 5
    assert run(api, state_file, known, **verify) == ["unchanged", "unchanged", "updated", "unchanged", "unchanged"]


@pytest.fixture
def later(api: SentoriApi, state_file: Path) -> Callable[..., list[str | None]]:
    """``later(seconds, ...)``: what is known of ten thousand people so long after they were remembered."""
    started = 1_700_000_000

    def known(seconds: float, **options: Any) -> list[str | None]:
        place = StateFile(str(state_file), clock=lambda: started + seconds)
        with AccountMemory(place, api.transport.account) as memory:
            state = ImportState(memory, on_blank="keep", **options)
            return state.known(keys_of(state, people(10_000)))

    with AccountMemory(StateFile(str(state_file), clock=lambda: started), api.transport.account) as memory:
        state = ImportState(memory, on_blank="keep")
        state.remember(keys_of(state, people(10_000)), "unchanged")
    return known


def test_an_equal_part_of_the_rows_is_due_on_each_day(later: Callable[..., list[str | None]]) -> None:
    due: set[int] = set()
    for day in range(1, 8):
        of_day = {index for index, known in enumerate(later(day * DAY)) if known is None}
        assert due <= of_day and abs(len(of_day - due) - 10_000 / 7) < 200
        due = of_day
    assert len(due) == 10_000


@pytest.mark.parametrize(
    ("seconds", "days"), [(0, 7), (11 * 3600, 7), (100, 0.01), (11 * 3600, 1)], ids=lambda value: str(value)
)
def test_a_row_is_not_verified_twice_within_twelve_hours(
    later: Callable[..., list[str | None]], seconds: float, days: float
) -> None:
    assert set(later(seconds, verify_after_days=days)) == {"unchanged"}


@pytest.mark.parametrize(("seconds", "days"), [(7 * DAY, 7), (DAY, 1), (0, 0), (DAY, 0.01), (-10, 7)])
def test_every_row_is_verified_within_verify_after_days_and_none_is_known_from_the_future(
    later: Callable[..., list[str | None]], seconds: float, days: float
) -> None:
    assert set(later(seconds, verify_after_days=days)) == {None}


def test_the_names_of_the_fields_are_remembered_for_verify_after_days(api: SentoriApi, state_file: Path) -> None:
    for seconds, names in ((0, []), (DAY - 10, ["FirstName"]), (DAY + 10, []), (-10, [])):
        place = StateFile(str(state_file), clock=lambda seconds=seconds: 1e9 + seconds)  # type: ignore[misc]
        with AccountMemory(place, api.transport.account) as memory:
            state = ImportState(memory, on_blank="keep", verify_after_days=1)
            assert state.names == names
            if not seconds:
                state.names = ["FirstName"]


def test_scope_all_sends_every_row_and_updates_the_state_file(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path, known: list[dict[str, Any]]
) -> None:
    rows = people(5, FirstName="Q")
    assert run(api, state_file, rows, scope="all") == ["updated"] * 5
    sentori_sandbox.clear_requests()
    assert run(api, state_file, rows) == ["unchanged"] * 5
    assert sentori_sandbox.requests() == []


def test_a_changed_on_blank_invalidates_remembered_rows(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path
) -> None:
    sentori_sandbox.put_contact("p0@example.com", FirstName="Kept")
    rows = people(1, FirstName="")
    assert run(api, state_file, rows) == ["unchanged"]
    assert run(api, state_file, rows, on_blank="clear") == ["updated"]


def test_a_row_whose_answer_was_lost_is_forgotten(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path, known: list[dict[str, Any]]
) -> None:
    changed = people(5, FirstName="Q")
    sentori_sandbox.fault("contact/import", kind="drop-after")
    sentori_sandbox.fault("contact/get", kind="status", status=500, times=200)
    outcomes: list[Outcome] = []
    wanted = ImportOptions(memory=StateFile(str(state_file)), compare=False)
    import_from(api, lambda schema: given_rows(changed), wanted, sink=into(outcomes))
    assert {outcome.action for outcome in outcomes} == {"in_doubt"}
    sentori_sandbox.clear_faults()
    assert run(api, state_file, known) == ["updated"] * 5


def test_an_unknown_column_reloads_the_remembered_field_names(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path, known: list[dict[str, Any]]
) -> None:
    assert run(api, state_file, people(5, **{"Shoe size": 40})) == ["invalid"] * 5
    assert routes(sentori_sandbox) == {"contact/getstructure": 1}


def test_the_state_file_contains_no_address_no_value_and_no_key(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path
) -> None:
    run(api, state_file, people(50, LastName="Confidential"))
    written = state_file.read_bytes()
    assert not re.search(rb"example|p1@|Confidential", written)
    assert sentori_sandbox.api_key.encode() not in written
    assert state_file.stat().st_mode & 0o777 == 0o600


def test_the_account_hash_depends_on_key_and_url_but_not_on_the_spelling_of_the_key(connect: Any) -> None:
    a, b = "https://a.example.com", "https://b.example.com"
    one, same, other, elsewhere = (
        connect(api_key=key, url=url).transport.account(b"salt")
        for key, url in (("ab-cd", a), ("ABCD", a), ("x", a), ("abcd", b))
    )
    assert one == same and len({one, other, elsewhere}) == 3


def other_account(file: Path, connect: Any) -> None:
    with AccountMemory(StateFile(str(file)), connect(api_key="another").transport.account) as memory:
        state = ImportState(memory, on_blank="keep")
        state.remember(keys_of(state, people(1)), "unchanged")


def other_database(file: Path, connect: Any) -> None:
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE invoice (number)")


def other_file(file: Path, connect: Any) -> None:
    file.write_text("EmailAddress\nmary@example.com\n" * 100)


def other_version(file: Path, connect: Any) -> None:
    other_account(file, connect)
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 99")


def folder(file: Path, connect: Any) -> None:
    file.mkdir()


REFUSALS = {
    other_account: "belongs to another account, or to this one with another API key or URL",
    other_database: "is a database of another program",
    other_file: "is a file of another program",
    other_version: "was made by another version",
    folder: "cannot be (opened|used)",
}


@pytest.mark.parametrize("dry_run", [False, True], ids=["run", "check"])
@pytest.mark.parametrize("make", REFUSALS, ids=lambda make: make.__name__)
def test_a_state_file_of_another_account_is_refused_and_not_changed(
    api: SentoriApi, connect: Any, sentori_sandbox: Sandbox, state_file: Path, make: Any, dry_run: bool
) -> None:
    make(state_file, connect)
    before = state_file.read_bytes() if state_file.is_file() else None
    with pytest.raises(errors.InvalidInput, match=REFUSALS[make]) as refusal:
        run(api, state_file, people(1), dry_run=dry_run)
    assert refusal.value.option == "state_file"
    assert (state_file.read_bytes() if state_file.is_file() else None) == before
    assert sentori_sandbox.writes() == []


@pytest.mark.parametrize("at", [0.6, 0.75, 0.95])
def test_a_damaged_state_file_is_refused(
    api: SentoriApi, sentori_sandbox: Sandbox, state_file: Path, at: float
) -> None:
    run(api, state_file, people(2000), compare=False)
    content = bytearray(state_file.read_bytes())
    # The first half of the pages is free: entries have waited there.
    begin = int(at * len(content)) // 4096 * 4096
    content[begin : begin + 2048] = b"\xa5" * 2048
    state_file.write_bytes(content)
    with pytest.raises(errors.InvalidInput, match="is damaged"):
        run(api, state_file, people(2000))


def test_a_state_file_in_use_is_refused(api: SentoriApi, state_file: Path) -> None:
    with (
        AccountMemory(StateFile(str(state_file)), api.transport.account),
        pytest.raises(errors.MemoryUnavailable, match="is in use by another run"),
    ):
        run(api, state_file, people(1))


ADDRESSES = [*(f"p{number}@example.com" for number in range(5)), "info@example.com", "none", "P1@EXAMPLE.com"]
rows_of_a_day = st.lists(
    st.fixed_dictionaries(
        {"EmailAddress": st.sampled_from(ADDRESSES)},
        optional={"FirstName": st.sampled_from(["A", "B", ""]), "IsMember": st.sampled_from(["yes", "no", "perhaps"])},
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.tuples(rows_of_a_day, st.sampled_from(["", "drop-after", "drop-before"])), max_size=4))
def test_runs_with_a_state_file_end_as_a_run_without_one(
    api: SentoriApi, sentori_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory, days: Any
) -> None:
    sentori_sandbox.reset(seed={"structure": {"IsMember": False}})
    state_file = tmp_path_factory.mktemp("days") / "state"
    rows: list[dict[str, Any]] = []
    for rows, fault in days:
        if fault:
            sentori_sandbox.fault("contact/import", kind=fault)
        wanted = ImportOptions(memory=StateFile(str(state_file)), chunk_size=2)
        import_from(api, lambda schema, rows=rows: given_rows(rows), wanted)  # type: ignore[misc]
        sentori_sandbox.clear_faults()
    run(api, state_file, rows)
    outcomes: list[Outcome] = []
    import_from(api, lambda schema: given_rows(rows), ImportOptions(), sink=into(outcomes), dry_run=True)
    left = {outcome.email for outcome in outcomes if outcome.action not in ("unchanged", "duplicate", "invalid")}
    assert left <= {"info@example.com"}
