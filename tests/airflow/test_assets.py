# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The outlet events of a task say what changed and contain no address."""

from __future__ import annotations

import json
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import Asset, BaseOperator
from airflow_provider_sentori.operators.sentori import (
    SentoriContactOperator,
    SentoriImportOperator,
    SentoriSubscribersOperator,
    SentoriSubscriptionOperator,
    SentoriUploadGroupOperator,
)
from sentori_sandbox import Sandbox

MARY = "mary.major@example.com"
OPERATORS: list[tuple[type[BaseOperator], dict[str, Any], dict[str, Any]]] = [
    (SentoriContactOperator, {"email": MARY}, {"changed": True, "action": "created"}),
    (
        SentoriSubscriptionOperator,
        {"email": MARY, "mailing_list": "NEWS2024", "create_missing": True},
        {"changed": True, "action": "subscribed", "mailing_list": "NEWS2024"},
    ),
    (
        SentoriSubscribersOperator,
        {"emails": [MARY], "mailing_list": "NEWS2024", "create_missing": True},
        {"changed": True, "mailing_list": "NEWS2024"},
    ),
    (SentoriImportOperator, {"source": [{"EmailAddress": MARY}]}, {"changed": True}),
    (
        SentoriUploadGroupOperator,
        {"upload_group": "G1", "attach_to": "DRAFT001"},
        {"changed": True, "upload_group": "G1", "attach_to": "DRAFT001"},
    ),
]


class OutletEvents(defaultdict[str, SimpleNamespace]):
    """Outlet events by URI: in Airflow 3.0 an asset cannot be a key."""

    def __getitem__(self, asset: Any) -> SimpleNamespace:
        return super().__getitem__(asset.uri)


@pytest.mark.parametrize(
    ("operator", "arguments", "expected"), OPERATORS, ids=lambda given: getattr(given, "__name__", "")
)
def test_an_asset_event_says_what_changed_and_contains_no_address(
    sentori: Sandbox, operator: type[BaseOperator], arguments: dict[str, Any], expected: dict[str, Any]
) -> None:
    draft = {"ExternalID": "DRAFT001", "Name": "Invitation", "kind": "email", "draft": True}
    lists = [{"ExternalID": "NEWS2024", "Name": "News"}]
    sentori.reset(
        seed={"emails": [draft], "mailing_lists": lists, "upload_groups": [{"ExternalID": "G1", "Name": "G"}]}
    )
    asset = Asset("sentori://account/contacts")
    task = operator(task_id="task", outlets=[asset], **arguments)
    events: Any = OutletEvents(SimpleNamespace)

    task.execute({"outlet_events": events})

    extra = events[asset].extra
    assert {name: extra[name] for name in expected} == expected
    assert MARY not in json.dumps(extra)
