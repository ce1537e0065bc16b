# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Generate invented people: all of them in a database, some of them already in Sentori."""

from __future__ import annotations

from services import Database

COUNT = 20_000
DATABASE = "crm"
_FIRST_NAMES = ("Ada", "Ben", "Chidi", "Dana", "Emre", "Fatou", "Grace")


def people() -> dict[str, str]:
    """Address -> first name."""
    return {f"person.{number:05}@example.com": _FIRST_NAMES[number % 7] for number in range(1, COUNT + 1)}


def known_before() -> list[dict[str, str]]:
    """Contacts of Sentori at the start: of ten people, one is up to date and one has another name."""
    everybody = list(people().items())
    right = [{"EmailAddress": email, "FirstName": name} for email, name in everybody[::10]]
    wrong = [{"EmailAddress": email, "FirstName": f"Old {name}"} for email, name in everybody[5::10]]
    return [*right, *wrong]


def fill(database: Database) -> None:
    """Create the database with the table ``people``."""
    with database.connect("postgres") as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    with database.connect(DATABASE) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE people (id serial PRIMARY KEY, email text NOT NULL, first_name text NOT NULL)")
        with cursor.copy("COPY people (email, first_name) FROM STDIN") as copy:
            for row in people().items():
                copy.write_row(row)
