# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The connection form in a real browser, on a real Airflow."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from airflow_provider_sentori._internal.connection_form import EXTRA_FIELDS
from playwright.sync_api import Locator, Page, expect
from sentori_sandbox import Sandbox

Screenshot = Callable[[str], None]


@pytest.fixture
def page(open_page: Callable[[str], Page]) -> Page:
    """The page of the connections."""
    return open_page("connections")


def new_connection(page: Page, name: str) -> Locator:
    """The form of a new connection of type Sentori."""
    page.get_by_role("button", name="Add Connection").first.click()
    form = page.get_by_role("dialog")
    form.locator("input[name=connection_id]").fill(name)
    form.get_by_role("combobox").click()
    page.keyboard.type("Sentori")
    page.get_by_role("option", name="Sentori", exact=True).click()
    return form


def saved(page: Page, sentori: Sandbox, name: str, key: str) -> Locator:
    """Fill in and save a connection, and return its row."""
    form = new_connection(page, name)
    form.locator("input[name=host]").fill(sentori.url)
    form.locator("input[name=password]").fill(key)
    form.locator("input[name=port]").fill(str(urlsplit(sentori.url).port))
    form.get_by_role("button", name="Extra Fields", exact=True).click()
    form.locator("input[name=element_timeout]").fill("12")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    return page.get_by_role("row").filter(has_text=name)


def test_the_form_has_the_fields_of_the_provider(page: Page, screenshot: Screenshot) -> None:
    form = new_connection(page, "sentori_default")

    for label in ("Sentori URL", "API key", "Port"):
        expect(form.get_by_text(label, exact=True)).to_be_visible()
    expect(form.locator("input[name=host]")).to_have_attribute("placeholder", "https://api.sentoriapp.com")
    expect(form.locator("input[name=password]")).to_have_attribute("type", "password")
    screenshot("connection-form")
    form.get_by_role("button", name="Extra Fields", exact=True).click()
    for field in EXTRA_FIELDS:
        expect(form.get_by_text(field.label, exact=True)).to_be_visible()
    expect(form.get_by_text("Login")).to_have_count(0)
    screenshot("connection-form-extra")


def test_a_saved_connection_shows_its_values_but_not_the_key(page: Page, sentori_sandbox: Sandbox) -> None:
    row = saved(page, sentori_sandbox, "sentori_saved", sentori_sandbox.api_key)

    row.get_by_role("button", name="Edit Connection").click()
    form = page.get_by_role("dialog")
    expect(form.locator("input[name=host]")).to_have_value(sentori_sandbox.url)
    form.get_by_role("button", name="Extra Fields", exact=True).click()
    expect(form.locator("input[name=element_timeout]")).to_have_value("12")
    expect(form.locator("input[name=password]")).not_to_have_value(sentori_sandbox.api_key)
    assert sentori_sandbox.api_key not in page.content()


@pytest.mark.parametrize(
    ("name", "key", "status", "sentence"),
    [
        ("sentori_right", None, True, "accepts the API key. The account has"),
        ("sentori_wrong", "00000000-0000-4000-8000-000000000000", False, "API key"),
    ],
)
def test_test_connection_accepts_the_right_key_and_refuses_a_wrong_one(
    page: Page,
    sentori_sandbox: Sandbox,
    screenshot: Screenshot,
    name: str,
    key: str | None,
    status: bool,
    sentence: str,
) -> None:
    row = saved(page, sentori_sandbox, name, key or sentori_sandbox.api_key)

    with page.expect_response(lambda response: "/connections/test" in response.url) as answered:
        row.get_by_role("button", name="Test Connection").click()

    answer = answered.value.json()
    assert (answered.value.status, answer["status"]) == (200, status), json.dumps(answer)
    assert sentence in answer["message"]
    expect(page.get_by_text(answer["message"])).to_be_visible()
    screenshot(name)
    assert sentori_sandbox.writes() == []
