# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The endpoints as the core calls them: requests, parsed responses and errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api import xml_v1
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.api.json_rows import import_body
from airflow_provider_sentori.core.api.subscribers import read_subscribers
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.core.http.transport import Transport
from sentori_sandbox import Sandbox
from sentori_sandbox.assumptions import TABLE

ADA = "ada.lovelace@example.com"
ASSUMPTIONS = [
    {assumption.name: value}
    for assumption in TABLE
    if assumption.name in {"code-type", "list-system-id", "undocumented-answers", "add-status", "import-status"}
    for value in assumption.values
]


@pytest.fixture(autouse=True)
def demo(sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed="demo")


@pytest.fixture
def transport(sentori_sandbox: Sandbox, passing_time: Any) -> Any:
    settings = Settings(url=sentori_sandbox.url, api_key=sentori_sandbox.api_key)
    with Transport(settings, sleep=passing_time.sleep, clock=passing_time.clock) as transport:
        yield transport


@pytest.mark.parametrize("assumptions", ASSUMPTIONS, ids=str)
def test_every_endpoint_works_with_any_assumption(
    api: SentoriApi, sentori_sandbox: Sandbox, assumptions: dict[str, str]
) -> None:
    sentori_sandbox.assume(assumptions)
    ada = api.get_contact(ADA)
    assert api.get_contact_by_system_id(int(str(ada["SystemID"]))) == ada
    assert api.add_contact("new@example.com", {"FirstName": "New"})["FirstName"] == "New"
    assert api.update_contact("new@example.com", {"FirstName": "Old"})["FirstName"] == "Old"
    assert api.add_or_update_contact("new@example.com", {"Title": "Dr"})[0] is False
    assert api.add_or_update_contact("newer@example.com", {})[0] is True
    assert api.contact_structure_list() == [api.contact_structure()]

    lists = api.mailing_lists()
    first = lists[0]["ExternalID"]
    assert api.mailing_list(first) == lists[0]
    api.subscribe("new@example.com", first)
    assert "new@example.com" in subscribed(api, first)
    api.unsubscribe_from_list("new@example.com", first)
    assert "new@example.com" not in subscribed(api, first)
    assert not api.get_contact("new@example.com")["IsSuppressed"]
    api.suppress("new@example.com")
    assert api.get_contact("new@example.com")["IsSuppressed"]

    counters = imported(api, {"EmailAddress": "imported@example.com"}, name="N", description="D")
    assert counters["TotalRows"] == counters["EmailableRowsCreated"] == 1
    api.attach_upload_group(counters["UploadGroupExternalID"], api.draft_emails()[0]["ExternalID"])
    api.delete_contact("new@example.com")
    with pytest.raises(errors.ContactNotFound):
        api.get_contact("new@example.com")


def subscribed(api: SentoriApi, mailing_list: str) -> set[str]:
    return read_subscribers(api, mailing_list, lambda subscribers: {one["EmailAddress"] for one in subscribers})


REFUSED: list[tuple[type[errors.ApiError], Callable[[SentoriApi], object]]] = [
    (errors.ContactNotFound, lambda api: api.get_contact("nobody@example.com")),
    (errors.ContactNotFound, lambda api: api.get_contact_by_system_id(1)),
    (errors.ContactNotFound, lambda api: api.update_contact("nobody@example.com", {"Title": "Dr"})),
    (errors.EmailAddressInUse, lambda api: api.add_contact(ADA, {})),
    (errors.EmailAddressInUse, lambda api: api.update_contact(ADA, {"EmailAddress": "kim.park@example.com"})),
    (errors.ContactFieldsNotValid, lambda api: api.update_contact(ADA, {"Nickname": "A"})),
    (errors.EmailAddressesDiffer, lambda api: api.add_contact("a@example.com", {"EmailAddress": "b@example.com"})),
    (errors.NoEmailAddressField, lambda api: imported(api, {"FirstName": "Ada"})),
    (errors.MailingListNotFound, lambda api: api.mailing_list("NONE")),
    (errors.MailingListNotFound, lambda api: api.subscribe(ADA, "NONE")),
    (errors.MailingListNotFound, lambda api: subscribed(api, "NONE")),
    (errors.DocumentNotFound, lambda api: api.attach_upload_group(upload_group(api), "NONE")),
]


def upload_group(api: SentoriApi) -> str:
    group: str = imported(api, {"EmailAddress": ADA})["UploadGroupExternalID"]
    return group


def imported(api: SentoriApi, row: dict[str, Any], **texts: str) -> dict[str, Any]:
    return api.import_contacts(import_body([json.dumps(row)], **texts))


@pytest.mark.parametrize(("kind", "call"), REFUSED)
@pytest.mark.parametrize("code_type", ["number", "string"])
def test_each_error_code_raises_its_own_error(
    api: SentoriApi, sentori_sandbox: Sandbox, kind: type[errors.ApiError], call: Any, code_type: str
) -> None:
    sentori_sandbox.assume({"code-type": code_type})
    with pytest.raises(kind) as caught:
        call(api)
    assert errors.BY_CODE[caught.value.code or 0] is kind


@pytest.mark.parametrize("gzip_level", [0, 1, 6])
def test_the_v1_import_answers_with_the_counters_of_v2(
    transport: Transport, sentori_sandbox: Sandbox, gzip_level: int
) -> None:
    emails = [ADA, "é@example.com", "frank.obrien@example.com"]
    columns: list[Any] = [emails, ["A & <da>", "Zoë", None], [True, False, False]]
    rows = xml_v1.contact_elements(["EmailAddress", "FirstName", "IsMember"], columns)
    body = xml_v1.import_body(rows, gzip_level)
    counters = xml_v1.import_contacts(transport, body, "Name", "Description", is_compressed=gzip_level > 0)
    assert sum(counters.values()) == 2 * counters["TotalRows"] == 6
    assert (counters["EmailableRowsUpdated"], counters["SuppressedUpdated"]) == (1, 1)
    ada = sentori_sandbox.contact(ADA)
    assert ada is not None and (ada["FirstName"], ada["IsMember"]) == ("A & <da>", True)


def test_the_v1_template_names_the_fields_and_their_types(transport: Transport) -> None:
    template = xml_v1.xml_template(transport)
    assert (template["EmailAddress"], template["IsBadEmailAddress"]) == ("Email Address", "True/False")


@pytest.mark.parametrize("place", ["reason", "body"])
@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        (errors.NoEmailAddressField, {"FirstName": ["Ada"]}),
        (errors.ContactFieldsNotValid, {"EmailAddress": [ADA], "Nickname": ["A"]}),
    ],
)
def test_v1_error_text_is_read_from_the_reason_or_the_body(
    transport: Transport,
    sentori_sandbox: Sandbox,
    kind: type[errors.ApiError],
    columns: dict[str, list[str]],
    place: str,
) -> None:
    sentori_sandbox.assume({"v1-error-text": place})
    body = xml_v1.import_body(xml_v1.contact_elements(list(columns), list(columns.values())))
    with pytest.raises(kind, match=r"^v1/Import: Sentori said: Failed To Match"):
        xml_v1.import_contacts(transport, body)


def test_an_import_waits_while_another_import_runs(transport: Transport, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("v1/import", kind="status", status=409, times=3)
    body = xml_v1.import_body(xml_v1.contact_elements(["EmailAddress"], [[ADA]]))
    assert xml_v1.import_contacts(transport, body)["TotalRows"] == 1
    assert transport.statistics.retries == 3


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": "Zoë"}, "name: API v1 sends this text in a header"),
        ({"description": "a\nb"}, "description: API v1 sends this text in a header"),
    ],
)
def test_text_that_v1_cannot_carry_is_refused_before_it_is_sent(
    transport: Transport, sentori_sandbox: Sandbox, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(errors.InvalidInput, match=sentence):
        xml_v1.import_contacts(transport, xml_v1.import_body([]), **options)
    assert sentori_sandbox.requests() == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("FirstName", "a\x00", r"line 7\.FirstName: XML cannot carry a character"),
        ("First Name", "Ada", r"line 7\.First Name: XML cannot carry the name"),
    ],
)
def test_a_field_that_xml_cannot_carry_is_refused(name: str, value: str, sentence: str) -> None:
    with pytest.raises(errors.InvalidInput, match=sentence):
        xml_v1.check(name, value, "line 7")
