# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Waiting, pacing, reused connections, and secrets that no log contains."""

from __future__ import annotations

import email.utils
import logging
import threading
import time
from typing import Any

import pytest
from airflow_provider_sentori.core import errors, redaction
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.api.xml_v1 import xml_template
from airflow_provider_sentori.core.concurrency import fan_out
from airflow_provider_sentori.core.http._pace import Pace
from airflow_provider_sentori.core.http.settings import Settings
from hypothesis import given
from hypothesis import strategies as st
from sentori_sandbox import Sandbox

EMAIL = "joe@example.com"


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_respected_in_both_forms(
    api: SentoriApi, sentori_sandbox: Sandbox, passing_time: Any, form: str
) -> None:
    value = "20" if form == "seconds" else email.utils.formatdate(time.time() + 20, usegmt=True)
    sentori_sandbox.put_contact(EMAIL)
    sentori_sandbox.fault("contact/get", kind="status", status=503, headers={"Retry-After": value})
    api.get_contact(EMAIL)
    assert 18 < sum(passing_time.slept) <= 20
    assert api.statistics.waited_seconds == pytest.approx(sum(passing_time.slept), abs=0.01)
    assert api.statistics.retries == 1


def test_a_pause_longer_than_max_wait_fails_at_once(
    api: SentoriApi, sentori_sandbox: Sandbox, passing_time: Any
) -> None:
    sentori_sandbox.fault("contact/get", kind="status", status=429, headers={"Retry-After": "61"})
    with pytest.raises(
        errors.Overloaded, match=r"a pause of 61 seconds\. A pause of 61\.0 seconds more would exceed max_wait"
    ):
        api.get_contact(EMAIL)
    assert passing_time.slept == []


def test_the_total_wait_stays_below_max_wait(connect: Any, sentori_sandbox: Sandbox, passing_time: Any) -> None:
    api = connect(url=sentori_sandbox.url, api_key=sentori_sandbox.api_key, max_wait=10)
    sentori_sandbox.fault("contact/get", kind="status", status=429, headers={"Retry-After": "4"}, times=3)
    with pytest.raises(errors.Overloaded):
        api.get_contact(EMAIL)
    assert sum(passing_time.slept) <= 10
    assert len(sentori_sandbox.requests()) == 3


def test_one_pause_holds_all_threads_and_counts_once(passing_time: Any) -> None:
    pace = Pace(None, 60, passing_time.sleep, passing_time.clock)
    assert all(pace.pause(5) for _ in range(8))
    assert pace.waited == 5
    pace.wait_turn()
    assert passing_time.slept == [5]


def test_requests_per_second_spaces_the_starts_of_all_threads(passing_time: Any) -> None:
    pace = Pace(4, 60, passing_time.sleep, passing_time.clock)
    started = passing_time.now
    for _ in range(9):
        pace.wait_turn()
    assert passing_time.now - started == pytest.approx(8 / 4)


def test_requests_per_second_holds_across_real_threads(connect: Any, sentori_sandbox: Sandbox) -> None:
    pace = Pace(50, 60)
    started = time.monotonic()
    fan_out(lambda _: pace.wait_turn(), range(20), 8)
    assert time.monotonic() - started >= 18 / 50


def test_results_are_in_input_order_and_threads_are_limited() -> None:
    at_once, most, lock = 0, 0, threading.Lock()

    def work(item: int) -> int:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.001 * (item % 3))
        with lock:
            at_once -= 1
        return item

    assert fan_out(work, range(50), 4) == list(range(50))
    assert 1 < most <= 4


def test_a_connection_is_reused(api: SentoriApi, sentori_sandbox: Sandbox, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")
    sentori_sandbox.put_contact(EMAIL)
    for _ in range(5):
        api.get_contact(EMAIL)
    assert sum("Starting new HTTP connection" in record.getMessage() for record in caplog.records) == 1


def test_each_request_names_the_project_its_version_and_the_integration(connect: Any, sentori_sandbox: Sandbox) -> None:
    connect(url=sentori_sandbox.url, api_key=sentori_sandbox.api_key, integration="ansible").contact_structure()
    assert sentori_sandbox.requests()[0].headers["user-agent"] == "sentori-automation/0.1.0 (ansible)"


def test_each_request_asks_for_the_format_of_its_api(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    api.contact_structure()
    xml_template(api.transport)
    v2, v1 = sentori_sandbox.requests()
    assert (v2.headers["accept"], v1.headers["accept"]) == ("application/json", "application/xml")
    assert v2.headers["accept-encoding"] == "gzip"


def test_no_log_contains_the_key_or_a_full_address(api: SentoriApi, sentori_sandbox: Sandbox, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    sentori_sandbox.fault("contact/get", kind="drop-before", times=2)
    with pytest.raises(errors.ContactNotFound):
        api.get_contact("joe+tag/slash@example.com")
    logged = caplog.text
    assert "contact/get: HTTP 404" in logged
    assert sentori_sandbox.api_key not in logged
    assert "tag" not in logged and "%40" not in logged


def test_no_repr_contains_the_key() -> None:
    assert "secret" not in repr(Settings(api_key="secret"))


@given(st.emails())
def test_redacted_text_contains_no_full_address(email_address: str) -> None:
    local = email_address.rpartition("@")[0]
    redacted = redaction.text(f"The address {email_address} is taken.", limit=1000)
    assert email_address not in redacted or len(local) == 1


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"api_key": ""}, "api_key: no API key was given"),
    ({"api_key": "a b"}, "api_key: .* no HTTP header can carry"),
    ({"api_key": "key\n"}, "api_key: .* no HTTP header can carry"),
    ({"api_key": "schlüssel"}, "api_key: .* no HTTP header can carry"),
    ({"url": "http://sentori.example"}, "url: http:// would send the API key to sentori.example unencrypted"),
    ({"url": "sentori.example"}, "url: the URL has no https:// or no host"),
    ({"url": "ftp://sentori.example"}, "url: the URL has no https:// or no host"),
    ({"url": "https://user:pass@sentori.example"}, "url: .* a user, a password"),
    ({"url": "https://sentori.example/?a=b"}, "url: .* a query"),
    ({"url": "https://sentori.example:port"}, "url: the URL is malformed"),
    ({"url": "https://sentori .example"}, "url: the URL contains a blank"),
    ({"timeout": 0}, "timeout: .* is not a number above 0"),
    ({"timeout": float("inf")}, "timeout: .* is not a number above 0"),
    ({"max_wait": -1}, "max_wait: -1 is not a number of at least 0"),
    ({"concurrency": 0}, "concurrency: 0 is not a number of at least 1"),
    ({"requests_per_second": 0}, "requests_per_second: 0 is not a number above 0"),
]


@pytest.mark.parametrize(("given_settings", "sentence"), REFUSED, ids=str)
def test_an_invalid_setting_is_refused_by_name(given_settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(errors.InvalidInput, match=sentence):
        Settings(**{"api_key": "key", **given_settings})


@pytest.mark.parametrize("url", ["http://localhost:1", "http://127.8.9.1", "http://[::1]:8080", "https://a.example/x/"])
def test_http_is_accepted_for_this_host_and_https_for_any(url: str) -> None:
    assert Settings(api_key="key", url=url).url == url
    assert Settings(api_key="key", url="http://far.example", allow_http=True).host == "far.example"


def test_a_path_in_the_url_is_kept(connect: Any, sentori_sandbox: Sandbox) -> None:
    api = connect(url=sentori_sandbox.url + "/gateway/", api_key=sentori_sandbox.api_key)
    with pytest.raises(errors.NotSentori):
        api.contact_structure()
    assert sentori_sandbox.requests()[0].path == "/gateway/v2.0/contact/getstructure/single/"


@pytest.mark.parametrize("list_id", ["", " ", ".", "..", "a/b", "a\n", "\x00", "a%2F", None, 5])
def test_no_list_id_can_change_the_path(api: SentoriApi, sentori_sandbox: Sandbox, list_id: Any) -> None:
    with pytest.raises(errors.InvalidInput, match=r"mailing_list: .* is not an ExternalID"):
        api.unsubscribe_from_list(EMAIL, list_id)
    assert sentori_sandbox.requests() == []


@pytest.mark.parametrize("retry_after", ["9" * 400, "1e400", "Fri, 31 Dec 9999 23:59:59 GMT", "-5", "nan"])
def test_absurd_pauses_are_shown_as_finite_numbers(api: SentoriApi, sentori_sandbox: Sandbox, retry_after: str) -> None:
    headers = {"Retry-After": retry_after}
    sentori_sandbox.fault("contact/get", kind="status", status=429, headers=headers, times=50)
    with pytest.raises(errors.Overloaded) as caught:
        api.get_contact(EMAIL)
    assert "inf" not in str(caught.value) and len(str(caught.value)) < 300
    sentori_sandbox.clear_faults()
