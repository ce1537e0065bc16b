# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""No text of a user adds a header, a path, an element or a line of a log: it is carried whole, or refused."""

from __future__ import annotations

import json

import pytest
from airflow_provider_sentori.core.api import xml_v1
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.apply import apply_contact
from airflow_provider_sentori.core.contacts.desired import desired_contact
from airflow_provider_sentori.core.errors import InvalidInput, SentoriError
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.lists.options import apply_subscription
from sentori_sandbox import Sandbox

EVIL = [
    "\r\nX-Evil: 1",
    "\nX-Evil: 1",
    "\0",
    "\x85",
    "\u2028",
    "/../../v1",
    "?x=1",
    "#x",
    "%2F..%2F",
    "\\..\\",
    "\x1b[2J",
]
evil = pytest.mark.parametrize("text", EVIL, ids=ascii)


@pytest.fixture(autouse=True)
def account(sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    sentori_sandbox.put_contact("joe@example.com")


def routes(sandbox: Sandbox) -> set[str]:
    return {entry.route for entry in sandbox.requests()}


@evil
@pytest.mark.parametrize("option", ["api_key", "url"])
def test_a_connection_has_no_text_that_ends_a_header_or_a_line(option: str, text: str) -> None:
    given = {"api_key": "0123-key", "url": "https://api.example"}
    try:
        settings = Settings(**{**given, option: given[option] + text})  # type: ignore[arg-type]
    except InvalidInput as refusal:
        assert str(refusal).isprintable()
    else:
        assert (settings.api_key + settings.url).isprintable()


@evil
def test_an_address_is_one_segment_of_a_path_or_is_refused(
    api: SentoriApi, sentori_sandbox: Sandbox, text: str
) -> None:
    for email in (f"joe{text}@example.com", f"joe@example.com{text}", f"{text}joe@example.com"):
        try:
            apply_contact(api, desired_contact(email, "absent", {}, None))
        except InvalidInput as refusal:
            assert str(refusal).isprintable() and "joe" not in str(refusal)
    assert routes(sentori_sandbox) <= {"contact/get", "contact/delete"}
    assert all("x-evil" not in entry.headers and not entry.query for entry in sentori_sandbox.requests())


@evil
def test_a_name_is_looked_up_and_never_part_of_a_path(api: SentoriApi, sentori_sandbox: Sandbox, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        apply_subscription(api, "joe@example.com", f"NEWS{text}")
    assert str(refused.value).isprintable()
    assert routes(sentori_sandbox) <= {"mailinglists/all"}


@evil
def test_a_value_arrives_as_it_was_given_or_is_refused(api: SentoriApi, sentori_sandbox: Sandbox, text: str) -> None:
    value = f"Jo{text}"
    outcome = apply_contact(api, desired_contact("joe@example.com", given={"FirstName": value}))
    contact = sentori_sandbox.contact("joe@example.com")
    assert contact is not None
    assert contact["FirstName"] == value if outcome.changed else outcome.error is not None
    assert "x-evil" not in json.dumps([dict(entry.headers) for entry in sentori_sandbox.requests()]).lower()


@evil
def test_xml_and_the_headers_of_v1_carry_a_text_whole_or_refuse_it(
    api: SentoriApi, sentori_sandbox: Sandbox, text: str
) -> None:
    value = f"</FirstName>{text}<IsMember>"
    try:
        rows = xml_v1.contact_elements(["EmailAddress", "FirstName"], [["new@example.com"], [value]])
        xml_v1.import_contacts(api.transport, xml_v1.import_body(rows), name=f"May{text}")
    except SentoriError as refusal:
        assert str(refusal).isprintable()
    assert all("x-evil" not in entry.headers for entry in sentori_sandbox.requests())
    imported = sentori_sandbox.contact("new@example.com")
    assert imported is None or imported["FirstName"] == value
