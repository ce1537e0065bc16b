# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The readers of sources: whatever the bytes are, rows come out or a sentence, and counting agrees with reading."""

from __future__ import annotations

import io
from typing import IO

from airflow_provider_sentori.core.addresses import checked_address
from airflow_provider_sentori.core.errors import InvalidInput, SentoriError
from airflow_provider_sentori.core.fields import ADDRESS
from airflow_provider_sentori.core.rows.row import Rows
from airflow_provider_sentori.core.rows.sources import open_source


class Given:
    """Bytes as a file, which has this name."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name

    def open(self, mode: str) -> IO[bytes]:
        return io.BytesIO(self._data)

    def __str__(self) -> str:
        return self._name


def csv(data: bytes) -> None:
    _read(data, "people.csv")


def csv_with_a_delimiter(data: bytes) -> None:
    _read(data[1:], "people.csv", delimiter=chr(data[0]) if data else ";", strip=False)


def json_array(data: bytes) -> None:
    _read(data, "people.json")


def json_lines(data: bytes) -> None:
    _read(data, "people.jsonl")


def addresses(data: bytes) -> None:
    _read(data, "people.txt")


def _read(data: bytes, name: str, **options: object) -> None:
    def opened() -> Rows:
        return open_source(Given(data, name), ignore_unmapped=True, **options)  # type: ignore[arg-type]

    places: list[str] = []
    try:
        rows = opened()
        for row in rows:
            places.append(row.place)
            assert row.error is None or str(row.error)
            _look_at(row.fields.get(ADDRESS))
        counted = rows.count()
    except SentoriError as error:
        assert str(error)
        return
    assert counted == len(places) == len(set(places))


def _look_at(email: object) -> None:
    """An address is accepted or refused; an accepted one is one line without blanks."""
    try:
        accepted = checked_address(email, "email")
    except InvalidInput:
        return
    assert accepted.count("@") == 1 and accepted.isprintable() and " " not in accepted
