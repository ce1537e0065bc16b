# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run a bulk verb over rows in memory: rows in, outcomes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.bulk import apply_contacts
from airflow_provider_sentori.core.lists.bulk import apply_subscribers
from airflow_provider_sentori.core.memory.state_file import StateFile
from airflow_provider_sentori.core.rows.sources import given_addresses, given_rows
from airflow_provider_sentori.core.runs.outcome import OF_CONTACTS, OF_SUBSCRIPTIONS, OF_SUPPRESSIONS, Outcome
from airflow_provider_sentori.core.runs.recorder import Recorder
from airflow_provider_sentori.core.runs.result import Part
from airflow_provider_sentori.core.runs.thresholds import Thresholds
from airflow_provider_sentori.core.suppressions.bulk import apply_suppressions


def into(outcomes: list[Outcome]) -> Callable[[Part], object]:
    """A sink that adds the outcome of each row."""
    return lambda part: outcomes.extend(part.listed())


def on_contacts(api: SentoriApi, rows: Sequence[dict[str, Any]], **options: Any) -> list[Outcome]:
    outcomes: list[Outcome] = []
    apply_contacts(api, lambda schema: given_rows(rows), Recorder(OF_CONTACTS, sink=into(outcomes)), **options)
    return outcomes


def on_list(
    api: SentoriApi, mailing_list: Any, emails: Sequence[Any], max_rejected: Any = 0, **options: Any
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    recorder = Recorder(OF_SUBSCRIPTIONS, sink=into(outcomes))
    wanted = with_memory(options)
    apply_subscribers(api, mailing_list, lambda: given_addresses(emails), recorder, Thresholds(max_rejected), **wanted)
    return outcomes


def on_suppressions(api: SentoriApi, emails: Sequence[Any], **options: Any) -> list[Outcome]:
    outcomes: list[Outcome] = []
    recorder = Recorder(OF_SUPPRESSIONS, sink=into(outcomes))
    apply_suppressions(api, lambda: given_addresses(emails), recorder, **with_memory(options))
    return outcomes


def with_memory(options: dict[str, Any]) -> dict[str, Any]:
    """The options, with the memory that ``state_file`` names."""
    path = options.get("state_file")
    others = {name: value for name, value in options.items() if name != "state_file"}
    return others if path is None else {**others, "memory": StateFile(path)}


def summary_of(outcomes: Sequence[Outcome], actions: Sequence[str]) -> dict[str, int]:
    recorder = Recorder(actions)
    recorder.result.add(outcomes)
    return recorder.result.summary
