# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows that are checked by the column become what each of them becomes when it is checked alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.schema import Schema
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from airflow_provider_sentori.core.imports.candidate import candidate
from airflow_provider_sentori.core.imports.memory import no_keys
from airflow_provider_sentori.core.imports.options import ImportOptions
from airflow_provider_sentori.core.imports.run import import_rows
from airflow_provider_sentori.core.imports.wire import wire_of
from airflow_provider_sentori.core.rows.row import Row, Rows
from airflow_provider_sentori.core.rows.sources import given_rows, table_rows
from airflow_provider_sentori.core.runs.outcome import OF_IMPORTS, Outcome
from airflow_provider_sentori.core.runs.recorder import Recorder
from hypothesis import example, given
from hypothesis import strategies as st
from run_many import into
from sentori_sandbox import Sandbox

FIELDS = ("FirstName", "LastName", "IsMember", "Points", "IsBadEmailAddress", "SystemID")
ODD_EMAILS = ["", None, "nobody", "a b@example.com", "a\u200bb@example.com", 7, "x@example.com\u0000", "é@example.com"]
VALUES: list[Any] = [
    *("", " ", None, "Ann", " Ann ", "Zoë", "a\r\nb", "\x00", "\ud800", "\ufffe", '"', "%s", "<&>", "=1+1"),
    *("true", "no", "12", "1.5", "1e3", "x", True, False, 0, 1, -1, 1.5, float("nan"), float("inf")),
]
emails = st.one_of(st.integers(0, 10**6).map("p{}@example.com".format), st.sampled_from(ODD_EMAILS))
names = st.lists(st.sampled_from(FIELDS), unique=True)


@pytest.fixture(scope="module")
def api() -> Iterator[SentoriApi]:
    with (
        Sandbox(seed={"structure": {"IsMember": False, "Points": 0}}) as sandbox,
        Transport(Settings(sandbox.api_key, sandbox.url)) as transport,
    ):
        yield SentoriApi(transport)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[Any]]]:
    """The names of the columns, and the records; a column often has one kind of value, as columns have."""
    columns = ["EmailAddress", *draw(names)]
    count = draw(st.integers(1, 5))
    kinds = [st.sampled_from(draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=2))) for _ in columns[1:]]
    return columns, [[draw(emails), *(draw(kind) for kind in kinds)] for _ in range(count)]


def alone(api: SentoriApi, row: Row, options: ImportOptions) -> dict[str, Any] | str:
    """The fields of a row as they are sent, or why it is invalid."""
    try:
        one = candidate(row, no_keys(1), Schema(api), options, wire_of(api, options))
    except InvalidInput as refusal:
        return str(refusal)
    return {"EmailAddress": one.email, **one.fields}


def together(api: SentoriApi, rows: Rows, options: ImportOptions) -> dict[str, Any]:
    """The same for all rows of an import: what would be sent, by address, and why rows are invalid, by place."""
    sent: list[dict[str, Any]] = []
    outcomes: list[Outcome] = []
    recorder = Recorder(OF_IMPORTS, sink=into(outcomes))
    import_rows(api, lambda schema: rows, options, recorder, dry_run=True, differing=sent.append)
    return {
        **{one["EmailAddress"]: one for one in sent},
        **{one.place: one.reason for one in outcomes if one.action == "invalid"},
    }


@pytest.mark.parametrize("kind", ["table", "list"])
@pytest.mark.parametrize("api_version", ["v2.0", "v1"])
@pytest.mark.parametrize("on_blank", ["keep", "clear", "error"])
@example((["EmailAddress", "FirstName"], [["p1@example.com", "Ann"], ["p2@example.com", None]]))
@example((["EmailAddress", "IsBadEmailAddress"], [["p1@example.com", ""], ["p2@example.com", True]]))
@given(tables())
def test_a_row_among_others_becomes_what_it_becomes_alone(
    api: SentoriApi, kind: str, api_version: str, on_blank: str, table: tuple[list[str], list[list[Any]]]
) -> None:
    columns, records = table
    options = ImportOptions(compare=False, on_blank=on_blank, api_version=api_version)

    def opened() -> Rows:
        if kind == "table":
            return table_rows(columns, records, "sql", schema=Schema(api))
        return given_rows([dict(zip(columns, record, strict=True)) for record in records], schema=Schema(api))

    expected: dict[str, Any] = {}
    seen: set[str] = set()
    for row in opened():
        one = alone(api, row, options)
        if isinstance(one, str):
            expected[row.place] = one
        elif one["EmailAddress"].lower() not in seen:
            expected[one["EmailAddress"]] = one
            seen.add(one["EmailAddress"].lower())

    found = together(api, opened(), options)

    assert {key: repr(one) for key, one in found.items()} == {key: repr(one) for key, one in expected.items()}
