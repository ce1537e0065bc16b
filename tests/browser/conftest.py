# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An Airflow for all tests of this folder, and a real browser.

``SCREENSHOTS=folder`` saves screenshots.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from web_interface import Airflow, serving

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    with serving(tmp_path_factory.mktemp("airflow"), dags=Path(__file__).with_name("dags")) as running:
        yield running


@pytest.fixture
def open_page(airflow: Airflow) -> Iterator[Callable[[str], Page]]:
    """``open_page("connections")`` opens this page of the web interface of Airflow."""
    with sync_playwright() as playwright:
        unconfined = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *unconfined])

        def opened(path: str) -> Page:
            page = browser.new_page(viewport={"width": 1100, "height": 1000})
            page.goto(f"{airflow.url}/{path}")
            return page

        yield opened
        browser.close()


@pytest.fixture
def screenshot(page: Page) -> Callable[[str], None]:
    """``screenshot("name")`` saves a screenshot of the page if SCREENSHOTS is set."""

    def save(name: str) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder, f"{name}.png"))

    return save
