# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A finished task in the web interface."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sentori_sandbox import Sandbox
from web_interface import Airflow


@pytest.fixture
def reports(airflow: Airflow, tmp_path: Path, sentori_sandbox: Sandbox) -> Path:
    airflow.run("dags", "reserialize")
    airflow.run("dags", "test", "people", **sentori_sandbox.env(), AIRFLOW_VAR_REPORTS=str(tmp_path))
    return tmp_path


@pytest.fixture
def page(open_page: Callable[[str], Page], reports: Path) -> Page:
    """The page of the finished task."""
    page = open_page("dags/people/runs")
    run = page.locator("td a[href*='/dags/people/runs/']").first.get_attribute("href")
    page.goto(f"{page.url.partition('/dags/')[0]}{str(run).rstrip('/')}/tasks/import")
    return page


def test_a_task_shows_its_report_and_no_address(page: Page, reports: Path, screenshot: Callable[[str], None]) -> None:
    shown = {}
    for tab, holds in (
        ("Logs", "Log message source"),
        ("Rendered Templates", "ignore_unmapped"),
        ("Details", "Run ID"),
    ):
        page.get_by_role("link", name=tab, exact=True).click()
        expect(page.get_by_text(holds).first).to_be_visible()
        shown[tab] = page.inner_text("body")
        screenshot(f"task-{tab.split()[0].lower()}")
    task = page.url.partition("/dags/")[2].partition("/tasks/")[0].replace("/runs/", "/dagRuns/")
    links = page.request.get(f"{page.url.partition('/dags/')[0]}/api/v2/dags/{task}/taskInstances/import/links").json()

    assert "rows" in shown["Rendered Templates"].split()
    assert not [tab for tab, text in shown.items() if "@example" in text]
    report = reports / "people.jsonl"
    assert links["extra_links"] == {"Sentori report": f"file://{report}"}
    assert [json.loads(line).get("outcome") for line in report.read_text().splitlines()] == ["invalid", None]
