# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What Sentori cannot mean is refused in every response, and says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api import _strict_json
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.api.subscribers import read_addresses, read_subscribers
from hypothesis import given
from hypothesis import strategies as st
from sentori_sandbox import Sandbox

JOE = "joe@example.com"
JSON = {"Content-Type": "application/json"}
REFUSED = [
    ('"LoyaltyPoints": NaN', "a number is not finite"),
    ('"LoyaltyPoints": -Infinity', "a number is not finite"),
    ('"LoyaltyPoints": 1e999', "a number is not finite"),
    ('"LoyaltyPoints": ' + "9" * 5000, "a number is too long"),
    ('"Title": "Dr", "Title": "Mr"', "a key appears twice"),
    (r'"Title": "\ud800"', "a text contains half of a character"),
    (r'"\uDFFF": "Dr"', "a text contains half of a character"),
    ('"Tags": ["a"]', "a field holds several values"),
    ('"Address": {"City": "Bath"}', "a field holds several values"),
    ('"SystemID": 0', "its SystemID is not a positive whole number"),
    ('"SystemID": -5', "its SystemID is not a positive whole number"),
    ('"SystemID": 1.5', "its SystemID is not a positive whole number"),
    ('"SystemID": true', "its SystemID is not a positive whole number"),
    ('"SystemID": null', "its SystemID is not a positive whole number"),
    ('"SystemID": "../7"', "its SystemID is not a positive whole number"),
    ('"SystemID": "²"', "its SystemID is not a positive whole number"),
]
READS: list[tuple[str, Callable[[SentoriApi], object], str]] = [
    ("contact/get", lambda api: api.get_contact(JOE), "{%s}"),
    ("contact/get", lambda api: api.get_contact_by_system_id(7), "{%s}"),
    ("contact/getstructure", lambda api: api.contact_structure(), "{%s}"),
    ("contact/add", lambda api: api.add_contact(JOE, {}), "{%s}"),
    ("mailinglists", lambda api: read_subscribers(api, "NEWS", list), "[{%s}]"),
    ("mailinglists", lambda api: read_addresses(api, "NEWS", list), "[{%s}]"),
]


@pytest.mark.parametrize(("route", "call", "form"), READS)
def test_what_sentori_cannot_mean_is_refused_with_the_reason(
    api: SentoriApi, sentori_sandbox: Sandbox, route: str, call: Any, form: str
) -> None:
    for part, reason in REFUSED:
        body = form % f'"EmailAddress": "{JOE}", {part}'
        tries = 1 if route == "contact/add" else 4
        sentori_sandbox.fault(route, kind="status", status=200, body=body, headers=JSON, times=tries)
        with pytest.raises(errors.UnreadableResponse, match=reason) as caught:
            call(api)
        assert "joe" not in str(caught.value)


def test_a_contact_with_another_system_id_than_asked_for_is_refused(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = f'{{"EmailAddress": "{JOE}", "SystemID": 8}}'
    sentori_sandbox.fault("contact/get", kind="status", status=200, body=body, headers=JSON, times=4)
    with pytest.raises(errors.UnreadableResponse, match="the requested contact was expected, not another one"):
        api.get_contact_by_system_id(7)


def test_a_system_id_is_a_number_however_it_is_written(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = f'{{"EmailAddress": "{JOE}", "SystemID": "07"}}'
    sentori_sandbox.fault("contact/get", kind="status", status=200, body=body, headers=JSON, times=2)
    assert api.get_contact(JOE)["SystemID"] == api.get_contact_by_system_id(7)["SystemID"] == 7


@pytest.mark.parametrize(("code", "is_code"), [("101", True), ('"101"', True), ('{"a": 101}', False), ("null", False)])
def test_a_code_is_a_number_or_a_text(api: SentoriApi, sentori_sandbox: Sandbox, code: str, is_code: bool) -> None:
    sentori_sandbox.fault("contact/get", kind="status", status=404, body=f'{{"Code": {code}}}', headers=JSON)
    with pytest.raises(errors.ContactNotFound if is_code else errors.NotSentori):
        api.get_contact(JOE)


@pytest.mark.parametrize("answer", ['{"Code": 101, "Code": 101}', '{"Code": 101, "Mess', "[1", '{"a": NaN}'])
def test_broken_json_does_not_confirm_a_write(api: SentoriApi, sentori_sandbox: Sandbox, answer: str) -> None:
    sentori_sandbox.put_contact(JOE)
    sentori_sandbox.fault("contact/delete", kind="status", status=200, body=answer, headers=JSON)
    with pytest.raises(errors.UnreadableResponse):
        api.delete_contact(JOE)


def test_two_codes_are_not_an_error_of_sentori(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": 101, "Code": 106, "Message": "Which?"}'
    sentori_sandbox.fault("contact/get", kind="status", status=404, body=body, headers=JSON)
    with pytest.raises(errors.NotSentori):
        api.get_contact(JOE)


def test_the_rest_of_a_list_is_not_read_after_a_refused_entry(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = json.dumps([{"EmailAddress": JOE}])[:-1] + ', {"a": 1, "a": 2}, {"EmailAddress": "'
    sentori_sandbox.fault("mailinglists", kind="status", status=200, body=body, headers=JSON, times=4)
    with pytest.raises(errors.UnreadableResponse, match="a key appears twice"):
        read_subscribers(api, "NEWS", list)


texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)


@given(values, st.booleans())
def test_every_other_document_is_read_as_it_is(value: Any, ascii_only: bool) -> None:
    assert _strict_json.document(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused_with_a_reason(body: bytes) -> None:
    try:
        found = _strict_json.document(body)
    except _strict_json.NotMeant as reason:
        assert str(reason)
    else:
        json.dumps(found, allow_nan=False, ensure_ascii=False).encode()
