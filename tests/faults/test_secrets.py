# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The API key is in nothing that a program can show, whatever fails."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.api.json_rows import import_body
from airflow_provider_sentori.core.contacts.apply import apply_contact
from airflow_provider_sentori.core.contacts.desired import desired_contact
from airflow_provider_sentori.core.errors import SentoriError
from airflow_provider_sentori.core.http.request import Request
from airflow_provider_sentori.core.http.settings import Settings
from run_many import on_list
from sentori_sandbox import Sandbox

KEY = "5eC7e7A0-1234-4bcd-9876-0123456789AB"
JOE = "joe@example.com"
FAULTS: list[dict[str, Any]] = [
    {"kind": "status", "status": 401},
    {"kind": "status", "status": 400},
    {"kind": "status", "status": 429},
    {"kind": "status", "status": 503},
    {"kind": "html"},
    {"kind": "redirect"},
    {"kind": "drop-before"},
    {"kind": "drop-after"},
    {"kind": "half-json"},
    {"kind": "short"},
]
CALLS: dict[str, Callable[[SentoriApi], object]] = {
    "get": lambda api: api.get_contact(JOE),
    "apply": lambda api: apply_contact(api, desired_contact(JOE, given={"FirstName": "Joe"})),
    "list": lambda api: on_list(api, "NEWS", [JOE]),
    "import": lambda api: api.import_contacts(import_body([f'{{"EmailAddress": "{JOE}"}}'])),
    "path": lambda api: api.transport.send(Request("contact/get", "GET", "/a b"), lambda response: None),
}


def spellings(key: str) -> list[str]:
    return [key, key.lower(), key.upper(), key.replace("-", "")]


@pytest.fixture
def printed(caplog: Any, capfd: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """All that the libraries below log and print at their most verbose."""
    monkeypatch.setattr(HTTPConnection, "debuglevel", 1)
    caplog.set_level(logging.DEBUG)
    yield lambda: caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['kind']}-{fault.get('status', '')}".strip("-"))
@pytest.mark.parametrize("call", CALLS)
def test_the_key_is_in_no_error_traceback_log_or_output(
    connect: Any, sentori_sandbox: Sandbox, printed: Callable[[], str], call: str, fault: dict[str, Any]
) -> None:
    sentori_sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    body = f"ApiKey: {KEY} {KEY.lower()} {KEY.replace('-', '')} of {JOE} and {JOE.replace('@', '%40')}"
    location = {"Location": f"https://elsewhere.example/{KEY}?of={JOE}"}
    sentori_sandbox.fault("*", body=body, headers=location, times=1000, **fault)
    api = connect(url=sentori_sandbox.url, api_key=KEY, max_wait=0.1)

    shown = [repr(api), repr(vars(api)), repr(api.transport), str(api.transport)]
    try:
        shown.append(repr(CALLS[call](api)))
    except SentoriError as error:
        assert error.__traceback__ is not None
        ours = error.__traceback__.tb_next  # this frame has the key
        formatted = traceback.TracebackException(type(error), error, ours, capture_locals=True)
        shown += [str(error), repr(error), repr(vars(error)), "".join(formatted.format())]
    sentori_sandbox.clear_faults()

    text = "\n".join([*shown, printed()])
    assert not [spelling for spelling in spellings(KEY) if spelling in text]


def test_what_has_the_key_cannot_be_pickled(connect: Any) -> None:
    api = connect(url="http://127.0.0.1:1", api_key=KEY)
    for holder in (Settings(KEY), api, api.transport):
        with pytest.raises(TypeError):
            pickle.dumps(holder)
        with pytest.raises(TypeError):
            copy.deepcopy(holder)
