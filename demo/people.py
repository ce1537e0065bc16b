# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Generate thousands of invented people: in a CSV file of a shop and in a database of a CRM."""

from __future__ import annotations

import csv
import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

FIRST = ("Ada", "Bela", "Chen", "Dana", "Emre", "Fay", "Gül", "Hugo", "Ines", "Juan")
LAST = ("Achterberg", "Bondar", "Costa", "Dubois", "Eriksson", "Fuchs", "García", "Horvat", "Ito", "Jansen")


def people(count: int, domain: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield number, address, first name and last name."""
    for number, (last, first) in enumerate(itertools.islice(itertools.cycle(itertools.product(LAST, FIRST)), count)):
        yield number, f"person{number}@{domain}", first, last


def write_csv(file: Path, count: int) -> None:
    """Write a realistic CSV: custom headings, empty cells, a duplicate, an invalid and a role-based address."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened, delimiter=";")
        rows.writerow(["E-Mail", "First name", "Surname", "Points", "Last order"])
        for number, email, first, last in people(count, "shop.example.com"):
            rows.writerow([email, first if number % 7 else "", last, number % 100, "2026-11-01"])
        rows.writerow(["PERSON5@shop.example.com", "Fay", "Achterberg", 5, "2026-11-02"])
        rows.writerow(["person-at-shop.example.com", "Hugo", "Fuchs", 3, "2026-11-02"])
        rows.writerow(["info@shop.example.com", "", "", "", "2026-11-02"])


def write_database(file: Path, count: int) -> None:
    """Write the table ``people`` to SQLite: ``id, email, first_name, last_name``."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT)")
        database.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", people(count, "crm.example.com"))
