# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A connection of Airflow, stored by the form, as JSON or as a URI, becomes the settings of the core."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.providers.common.compat.sdk import AirflowNotFoundException
from airflow_provider_sentori.core.errors import InvalidInput
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.hooks.sentori import SentoriHook
from versions import AIRFLOW

KEY = "6b8f7c2e-0000-4000-8000-000000000001"


def settings(connection_id: str) -> Settings:
    return SentoriHook(connection_id).settings


def test_a_connection_with_only_a_key_has_the_defaults_of_the_core(connection) -> None:
    assert settings(connection(password=KEY)) == Settings(KEY, integration="airflow")


def test_untouched_fields_of_the_form_mean_the_defaults(connection) -> None:
    untouched = dict.fromkeys(
        ["timeout", "max_wait", "requests_per_second", "concurrency", "validate_certs", "ca_path", "allow_http"]
    )

    for extra in (untouched, dict.fromkeys(untouched, "")):
        stored = connection(host="", login="", schema="", port=None, password=KEY, extra=extra)
        assert settings(stored) == Settings(KEY, integration="airflow")


def test_extras_keep_their_types(connection, tmp_path) -> None:
    extra = {
        "timeout": 2.5,
        "max_wait": 0,
        "requests_per_second": 4,
        "concurrency": 2,
        "validate_certs": False,
        "ca_path": str(tmp_path),
        "allow_http": True,
    }
    stored = connection(host="http://sentori.example.com", password=KEY, extra=extra)

    assert settings(stored) == Settings(KEY, "http://sentori.example.com", integration="airflow", **extra)


def test_extras_of_a_uri_are_converted_from_text(connection) -> None:
    uri = f"sentori://:{KEY}@sentori.example.com/?timeout=30&concurrency=4&validate_certs=false&allow_http=True"

    found = settings(connection(uri))

    assert (found.timeout, found.concurrency, found.validate_certs, found.allow_http) == (30.0, 4, False, True)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("timeout", "soon", "extra timeout of the connection: 'soon' is not a number, such as 30 or 2.5."),
        ("timeout", True, "extra timeout of the connection: True is not a number, such as 30 or 2.5."),
        ("timeout", 0, "extra timeout of the connection: 0.0 is not a number above 0."),
        ("max_wait", "nan", "extra max_wait of the connection: nan is not a number of at least 0."),
        ("max_wait", [60], "extra max_wait of the connection: [60] is not a number, such as 30 or 2.5."),
        ("concurrency", "2.5", "extra concurrency of the connection: '2.5' is not a whole number, such as 8."),
        ("concurrency", 0, "extra concurrency of the connection: 0 is not a number of at least 1."),
        ("concurrency", "inf", "extra concurrency of the connection: 'inf' is not a whole number, such as 8."),
        ("requests_per_second", -1, "extra requests_per_second of the connection: -1.0 is not a number above 0."),
        ("validate_certs", "perhaps", "extra validate_certs of the connection: 'perhaps' is neither true nor false."),
        ("allow_http", 2, "extra allow_http of the connection: 2 is neither true nor false."),
        ("ca_path", 5, "extra ca_path of the connection: 5 is not a text."),
    ],
)
def test_an_invalid_extra_is_refused_by_name(connection, name: str, value: Any, sentence: str) -> None:
    stored = connection(password=KEY, extra={name: value})

    with pytest.raises(InvalidInput) as refusal:
        settings(stored)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("parts", "url"),
    [
        ({"port": 443}, "https://api.sentoriapp.com:443"),
        ({"host": "api.example.com"}, "https://api.example.com"),
        ({"host": " https://api.example.com/ "}, "https://api.example.com"),
        ({"host": "https://proxy.example.com:8443/sentori/"}, "https://proxy.example.com:8443/sentori"),
        ({"host": "api.example.com", "port": 8443}, "https://api.example.com:8443"),
        ({"host": "api.example.com:8443", "port": 9999}, "https://api.example.com:8443"),
        ({"host": "localhost", "port": 8080, "schema": "http"}, "http://localhost:8080"),
        ({"host": "localhost", "schema": "sentori"}, "https://localhost/sentori"),
        ({"host": "http://::1", "port": 8080}, "http://[::1]:8080"),
        ({"host": "[::1]", "port": 8080}, "https://[::1]:8080"),
    ],
)
def test_a_host_becomes_a_url(connection, parts: dict[str, Any], url: str) -> None:
    assert settings(connection(password=KEY, **parts)).url == url


@pytest.mark.parametrize(
    ("rest", "url"),
    [
        ("api.example.com", "https://api.example.com"),
        ("api.example.com:8443/prefix", "https://api.example.com:8443/prefix"),
        ("localhost:8080/http", "http://localhost:8080"),
        ("", "https://api.sentoriapp.com"),
    ],
)
def test_the_host_of_a_connection_uri_becomes_a_url(connection, rest: str, url: str) -> None:
    assert settings(connection(f"sentori://:{KEY}@{rest}")).url == url


def test_a_connection_uri_can_contain_a_whole_url(connection) -> None:
    assert settings(connection(f"sentori://http://:{KEY}@localhost:8080")).url == "http://localhost:8080"


@pytest.mark.parametrize(
    "host", ["http://127.0.0.1:8080", "https://proxy.example.com:8443/a/b", "https://api.example.com", ""]
)
def test_a_form_converted_to_a_uri_keeps_its_settings(connection, host: str) -> None:
    from airflow.models.connection import Connection

    extra = '{"timeout": null, "max_wait": 5.5, "validate_certs": false}'
    filled_in = Connection(conn_id="form", conn_type="sentori", host=host, password=KEY, extra=extra)

    found = settings(connection(filled_in.get_uri()))

    assert found.url == (host or "https://api.sentoriapp.com")
    assert (found.api_key, found.timeout, found.max_wait, found.validate_certs) == (KEY, 30.0, 5.5, False)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({}, "password of the connection: no API key was given. Find it in Sentori under Settings, API."),
        ({"password": "two words"}, "password of the connection: the API key contains a blank"),
        ({"password": KEY, "host": "http://far.example.com"}, "host of the connection: http:// would send the API key"),
        ({"password": KEY, "host": "ftp://far.example.com"}, "host of the connection: the URL has no https://"),
        (
            {"password": KEY, "extra": {"time_out": 1}},
            "extra time_out of the connection: there is no field of this name. Did you mean timeout?",
        ),
        (
            {"password": KEY, "extra": {"owner": "me"}},
            "extra owner of the connection: there is no field of this name. There are timeout, max_wait, ",
        ),
        pytest.param(
            {"password": KEY, "extra": [1]},
            "extra of the connection: this is not a JSON object",
            marks=pytest.mark.skipif(
                (3, 0) <= AIRFLOW < (3, 2),
                reason="In this version Airflow itself reports that the connection does not exist.",
            ),
        ),
    ],
)
def test_an_invalid_connection_is_refused_and_its_field_named(connection, parts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        settings(connection(**parts))

    assert str(refusal.value).startswith(sentence)
    assert KEY not in str(refusal.value)


def test_a_missing_ca_path_is_refused_by_name(connection) -> None:
    hook = SentoriHook(connection(password=KEY, extra={"ca_path": "/nowhere.pem"}))

    with pytest.raises(InvalidInput, match=r"^extra ca_path of the connection: /nowhere.pem does not exist"):
        hook.get_conn()


def test_an_undefined_connection_raises_the_error_of_airflow() -> None:
    with pytest.raises(AirflowNotFoundException):
        SentoriHook("sentori_nowhere").get_conn()


def test_creating_a_hook_does_not_read_the_connection() -> None:
    assert SentoriHook().sentori_conn_id == "sentori_default"


def test_a_hook_returns_the_same_client_until_it_is_closed(sentori) -> None:
    with SentoriHook() as hook:
        hook.get_conn().contact_structure()
        hook.get_conn().contact_structure()
        assert hook.get_conn().statistics.requests == 2

    assert hook.get_conn().statistics.requests == 0
    hook.close()


def test_no_repr_of_the_hook_or_its_settings_contains_the_key(sentori) -> None:
    hook = SentoriHook()

    assert sentori.api_key not in repr(hook) + repr(hook.settings) + repr(vars(hook))
