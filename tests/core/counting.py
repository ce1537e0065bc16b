# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What a run costs: its requests by route, and its statements of SQL by verb."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.memory.storage import Execute, Storage
from sentori_sandbox import Sandbox


class Counting(Storage):
    """A storage of SQLite that counts what is executed."""

    def __init__(self, inner: Any, statements: Counter[str]) -> None:
        self._inner = inner
        self._statements = statements
        self.now, self.memory, self.table, self.accounts = inner.now, inner.memory, inner.table, inner.accounts

    @contextmanager
    def _counted(self, execution: Any) -> Iterator[Execute]:
        with execution as inner:

            def execute(statement: str, parameters: Mapping[str, object] | None = None) -> Sequence[Sequence[Any]]:
                verb = statement.split()[0]
                if f" {self.table} " in f"{statement} ":
                    self._statements[verb] += 1
                found: Sequence[Sequence[Any]] = inner(statement, parameters)
                return found

            yield execute

    def reading(self) -> Any:
        return self._counted(self._inner.reading())

    def writing(self) -> Any:
        return self._counted(self._inner.writing())

    def unusable(self, reason: str) -> Any:
        return self._inner.unusable(reason)

    def close(self) -> None:
        self._inner.close()


class CountingPlace:
    """A state file that counts the statements about what is remembered."""

    option = "state_file"

    def __init__(self, path: Path) -> None:
        self._place = StateFile(str(path))
        self.statements: Counter[str] = Counter()

    def open(self, *, dry_run: bool) -> Storage | None:
        found = self._place.open(dry_run=dry_run)
        return None if found is None else Counting(found, self.statements)


def routes(sandbox: Sandbox) -> Counter[str]:
    """The requests since the last call, by route."""
    found = Counter(entry.route for entry in sandbox.requests())
    sandbox.clear_requests()
    return found
